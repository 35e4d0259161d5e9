from copy import copy

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext as _

from editorial.admin.previewing import PreviewingMixin
from editorial.admin.staged import StagedAdmin
from editorial.admin.state import readers_see
from editorial.models import Revision
from editorial.permissions import may
from editorial.snapshots import is_draft_key, take_all

SIGNER = Signer(salt="editorial.opened")


def as_opened(revision, relation, row):
    """
    The revision that a form was opened from, with the part as the form showed it.

    It may have been amended since (see ``editorial.amending``). Then what is typed now goes back to
    the one before it: both texts come from there.
    """
    rows = {each["pk"]: each for each in revision.snapshot[relation]}
    if rows.get(row["pk"]) == row:
        return revision
    found = copy(revision)
    found.snapshot = revision.snapshot | {relation: [*(rows | {row["pk"]: row}).values()]}
    earlier = Revision.objects.of(revision.piece).standing().filter(number__lt=revision.number)
    if revision.published_at is None and (before := earlier.defer("snapshot").newest()):
        found.number = before.number
    return found


class PartAdmin(PreviewingMixin, StagedAdmin):
    """
    The form of a part that is edited on a page of its own, and published with its piece.

    ``owner`` is the column that leads to the piece. A part that only the draft of a live piece has
    is found in that draft.
    """

    owner = ""
    change_form_template = "admin/publishable/part_form.html"

    @property
    def link(self):
        return self.opts.get_field(self.owner)

    def piece_of(self, obj):
        return self.link.related_model._base_manager.get(pk=getattr(obj, self.link.attname))

    previewed_piece = piece_of

    def piece_for_form(self, request, object_id):
        """
        The piece that is chosen in the form of a new part, or that a part belongs to.

        Keys are read as Django reads them. Raises ``Http404`` for a part that there is not.
        """
        pieces, relation = self.link.related_model._base_manager, self.link.remote_field.name
        try:
            if object_id is None:
                return pieces.filter(pk=request.POST.get(self.owner) or None).first()
            key = int(unquote(object_id))
            found = pieces.filter(**{f"{relation}__pk": key}).first()
        except (ValueError, OverflowError):
            found = key = None
        found = found or (is_draft_key(key) and self.piece_drafted_with(key, relation))
        if not (found or object_id is None):
            raise Http404
        return found

    def piece_drafted_with(self, key, relation):
        for revision in Revision.objects.drafts_of(self.link.related_model):
            if any(row["pk"] == key for row in revision.snapshot.get(relation, [])):
                return revision.piece
        return None

    def stage_of_post(self, piece, request, object_id):
        stage = super().stage_of_post(piece, request, object_id)
        if stage.opened and stage.base:
            try:
                row = SIGNER.unsign_object(stage.opened)
            except BadSignature:
                return stage
            stage.base = as_opened(stage.base, self.link.remote_field.name, row)
        return stage

    def token_of_part(self, stage, obj):
        """The form brings back how it found the part, too."""
        if not (stage.piece and obj and obj.pk):
            return self.token(stage)
        row = {"pk": obj.pk, **take_all(self.model, [obj], self.link)[0]}
        return f"{self.token(stage)}.{stage.opened or SIGNER.sign_object(row, compress=True)}"

    def joins_by_itself(self):
        """Two writers of two parts are in nobody's way."""
        return True

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return super().has_change_permission(request)
        return may(request.user, "edit", obj)

    def has_delete_permission(self, request, obj=None):
        """It is taken out in the form of its piece, where that is kept as a revision."""
        return False

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        piece = request.stage.piece
        context |= {
            "stage": request.stage,
            "piece": piece,
            "token": self.token_of_part(request.stage, obj),
            "readers_see": readers_see(piece, request.stage.base),
            "piece_address": piece and self.address("change", piece),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def act(self, request, piece):
        said = _("“%s” is saved.") % request.stage.typed
        if piece.is_approved:
            said += (
                " " + _("It is a draft: readers see none of it until “%s” is published.") % piece
            )
        messages.success(request, said)
        added = request.path.endswith("/add/")
        return HttpResponseRedirect(self.address("change", piece) if added else request.path)
