from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from editorial.admin.acting import ActingMixin
from editorial.admin.base import KeepsAddresses
from editorial.admin.comparing import ComparingMixin
from editorial.admin.finding import FindingMixin
from editorial.admin.merging import MergingMixin
from editorial.admin.presence import PresenceMixin
from editorial.admin.previewing import PreviewingMixin
from editorial.admin.staged import StagedAdmin
from editorial.admin.state import in_words
from editorial.auditing import log
from editorial.models import Event, Revision
from editorial.permissions import may, may_not_because
from editorial.presence import others


class PublishableAdmin(
    FindingMixin,
    ActingMixin,
    ComparingMixin,
    MergingMixin,
    PreviewingMixin,
    PresenceMixin,
    KeepsAddresses,
    StagedAdmin,
):
    """The pages of something that readers see, or will."""

    change_form_template = "admin/publishable/change_form.html"
    readonly_fields = ["state"]
    list_filter = ["status"]
    publication_fieldset = (_("Publication"), {"fields": ["state", "publish_at"]})

    @admin.display(description=_("state"), ordering="status")
    def state(self, obj):
        said = format_html("<b>{}</b>" if obj.is_public else "{}", in_words(obj))
        if getattr(obj, "has_draft", False):
            return format_html("{} · {}", said, _("draft"))
        return said

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name.endswith("_changelist"):
            drafts = Revision.objects.drafts_of(self.model)
            queryset = queryset.annotate(has_draft=Exists(drafts.filter(object_id=OuterRef("pk"))))
        return queryset

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return super().has_change_permission(request) or self.has_add_permission(request)
        return may(request.user, "edit", self.outside(request, obj))

    def has_delete_permission(self, request, obj=None):
        """What readers may have seen is withdrawn, not deleted: its address must answer 410."""
        if obj is None:
            return super().has_delete_permission(request)
        return may(request.user, "delete", self.outside(request, obj))

    def delete_view(self, request, object_id, extra_context=None):
        """Django refuses without a word."""
        obj = self.get_object(request, object_id)
        if obj is not None and (reason := may_not_because(request.user, "delete", obj)):
            raise PermissionDenied(reason)
        return super().delete_view(request, object_id, extra_context)

    def outside(self, request, obj):
        """The object as it is outside the rehearsal in which its form is shown."""
        stage = getattr(request, "stage", None)
        return stage.piece if stage and stage.piece and stage.piece.pk == obj.pk else obj

    def get_fieldsets(self, request, obj=None):
        """When readers got it, or will get it, is for the buttons to say once it is approved."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.outside(request, obj).is_approved:
            return fieldsets
        return [each for each in fieldsets if each is not self.publication_fieldset]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def delete_model(self, request, obj):
        """Its revisions stay: what was written is not lost, and the operator can bring it back."""
        log(Event.Action.DELETED, by=request.user, piece=obj)
        super().delete_model(request, obj)

    def addresses_before(self, obj):
        before = self.model.objects.get(pk=obj.pk)
        return before.addresses() if before.is_known else []

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.settle()

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        piece = request.stage.piece
        context |= {
            "stage": request.stage,
            "piece": piece,
            "token": self.token(request.stage),
            "checks": self.checklist(obj) if piece else [],
            "others": others(piece, request.user) if piece else [],
            **self.controls(request, piece),
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def checklist(self, obj):
        """Pairs of a check and the address where it is mended."""
        return [(check, self.mended_at(obj, check)) for check in obj.checks()]

    def mended_at(self, obj, check):
        """The part of the form."""
        return f"#{check.field}-group" if check.field in obj.owns else f"#id_{check.field}"
