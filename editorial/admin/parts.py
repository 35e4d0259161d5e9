from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext as _

from editorial.admin.previewing import PreviewingMixin
from editorial.admin.staged import StagedAdmin
from editorial.admin.state import readers_see
from editorial.models import Revision
from editorial.permissions import may
from editorial.snapshots import is_draft_key


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
            "token": self.token(request.stage),
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
