from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from js_asset import Media

from editorial import drafting
from editorial.admin.base import EDITOR_MEDIA
from editorial.admin.questions import Joining
from editorial.auditing import log
from editorial.drafting import Stale
from editorial.models import Event, Revision


class MergingMixin:
    """The page for the second of two savers: both texts and a choice of each."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        view = self.admin_site.admin_view(self.merge_view)
        return [path("<int:pk>/merge/<int:number>/", view, name=name), *super().get_urls()]

    def merge_view(self, request, pk, number):
        piece = self.piece_or_404(request, pk)
        revision = Revision.objects.of(piece).select_related("author").filter(number=number).first()
        draft = drafting.draft_of(piece)
        may_save = self.has_change_permission(request, piece)
        if revision is None or not (revision.is_aside or revision == draft):
            raise Http404(_("There is no text set aside with this number."))
        if not may_save and revision.author != request.user:
            raise PermissionDenied
        if revision.discarded_at or (revision == draft and not drafting.has_moved_on(piece, draft)):
            messages.info(request, _("There is nothing to join: this has been settled already."))
            return HttpResponseRedirect(self.page_of("change", piece))
        if request.method == "POST":
            if not may_save:
                raise PermissionDenied
            if self.settled(request, Joining(request, piece, revision)):
                return HttpResponseRedirect(self.page_of("change", piece))
            piece = self.get_object(request, str(pk))
        joining = Joining(request, piece, revision)
        media = self.media + joining.form.media + EDITOR_MEDIA
        media = Media.from_media(media, nonce=request.csp_nonce)
        return self.page(
            request,
            piece,
            "merge",
            title=_("Two texts of %s") % piece,
            joining=joining,
            media=media,
            may_save=may_save,
        )

    def settled(self, request, joining) -> bool:
        """Do what the pressed button says; where that cannot be done, tell why."""
        try:
            return self.settle(request, joining)
        except Stale:
            said = _(
                "Somebody has saved again meanwhile. Here is the newest text; your choices stand."
            )
            messages.error(request, said)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
        return False

    def settle(self, request, joining) -> bool:
        """Raises ``Stale``, and ``ValidationError`` where the joined text cannot be saved."""
        piece, revision = joining.piece, joining.revision
        if request.POST.get("version") != str(piece.version):
            raise Stale
        if "_give_up" in request.POST and revision.is_aside:
            self.close(request, joining, None, Event.Action.DISCARDED)
            messages.success(request, _("The text was not taken. It stays in the history."))
            return True
        merged = joining.merged()
        if merged is None:
            messages.error(request, _("Choose what is to stand wherever both have changed it."))
            return False
        with transaction.atomic():
            made = None
            if merged != joining.theirs:
                drafting.check_on_desk(piece, merged, by=request.user)
                made = drafting.save_snapshot(
                    piece,
                    merged,
                    by=request.user,
                    version=piece.version,
                    note=_("Joined with revision %d") % revision.number,
                    joined=not revision.is_aside,
                )
            elif not revision.is_aside:
                drafting.discard(piece, by=request.user, version=piece.version)
            self.close(request, joining, made, Event.Action.RESOLVED)
        messages.success(request, _("Both texts are joined and saved."))
        return True

    def close(self, request, joining, made, action):
        if joining.revision.is_aside:
            joining.revision.discarded_at = timezone.now()
            joining.revision.save(update_fields=["discarded_at"])
        log(
            action,
            by=request.user,
            piece=joining.piece,
            from_revision=joining.revision.number,
            to_revision=made and made.number,
        )
