from contextlib import suppress

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseInlineFormSet
from django.http import HttpResponseRedirect
from django.utils.safestring import mark_safe
from js_asset import ImportMap, Media, Script

from editorial.addresses import keep_old_addresses
from editorial.admin.referring import ReferringMixin
from editorial.auditing import log, rights_in_words
from editorial.keeping import mark_saved
from editorial.models import Event
from editorial.moments import MomentField, MomentWidget
from editorial.permissions import is_on_desk_of
from editorial.richtext import RichTextField, clean_html

EDITOR_MEDIA = Media(
    importmap=ImportMap(
        {
            f"desk/editor/{name}": f"js/desk/editor/{name}.js"
            for name in ("words", "pictures", "choosing", "lists", "notes")
        }
    )
)
FORM_MEDIA = EDITOR_MEDIA + Media(
    importmap=ImportMap({"desk/fields": "js/desk/fields.js", "desk/kept": "js/desk/kept.js"}),
    js=[
        Script("js/desk/keep.js", type="module"),
        Script("js/desk/presence.js", type="module"),
    ],
)


class OrderedRows(BaseInlineFormSet):
    """New rows whose position was left alone come last, in the order in which they were typed."""

    def save_new_objects(self, commit=True):
        kept = [form for form in self.forms if form not in self.deleted_forms]
        new = [form for form in self.extra_forms if form in kept and form.has_changed()]
        left_alone = [form for form in new if "position" not in form.changed_data]
        placed = [form for form in kept if form in self.initial_forms or form in new]
        positions = [form.instance.position for form in placed if form not in left_alone]
        first = max(positions, default=-1) + 1
        for position, form in enumerate(left_alone, first):
            form.instance.position = position
        return super().save_new_objects(commit)


def show_formatted(context):
    """Let who may only read a form read its rich texts, not their source."""
    forms = [context["adminform"].form]
    forms += [form for rows in context["inline_admin_formsets"] for form in rows.formset.forms]
    for form in forms:
        for field in form.instance._meta.fields:
            if isinstance(field, RichTextField):
                # What is too long to be cleaned was refused, and stands in the form as it was sent.
                with suppress(ValidationError):
                    # The admin breaks a line wherever there is one in the source.
                    html = clean_html(field.value_from_object(form.instance)).replace("\n", " ")
                    setattr(form.instance, field.name, mark_safe(html))  # noqa: S308 (it is clean)


class DeskAdmin(ReferringMixin, admin.ModelAdmin):
    """What every admin page of ours does."""

    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        models.DateTimeField: {"form_class": MomentField, "widget": MomentWidget},
    }

    def render_change_form(self, request, context, *args, **kwargs):
        """The import map of the modules is inline and needs the nonce."""
        show_formatted(context)
        media = context["media"] + FORM_MEDIA
        context["media"] = Media.from_media(media, nonce=request.csp_nonce)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request, *args, **kwargs):
        mark_saved(request)
        return super().response_add(request, *args, **kwargs)

    def response_change(self, request, *args, **kwargs):
        mark_saved(request)
        return super().response_change(request, *args, **kwargs)

    def changelist_view(self, request, extra_context=None):
        """A list asked for in an absurd way, say a year that no calendar has, drops its filters."""
        try:
            return super().changelist_view(request, extra_context)
        except (ValueError, OverflowError):
            return HttpResponseRedirect(f"{request.path}?e=1")

    def get_actions(self, request):
        """Nothing is deleted from a list: an object's own page shows what would go with it."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_change_permission(self, request, obj=None):
        """What lies on another desk is read, not changed."""
        here = obj is None or is_on_desk_of(request.user, obj)
        return here and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        here = obj is None or is_on_desk_of(request.user, obj)
        return here and super().has_delete_permission(request, obj)

    def view_on_site(self, obj):
        return obj.get_absolute_url() if getattr(obj, "is_public", False) else None


class LogsRights(DeskAdmin):
    """For an admin of what says who may do what: a change of the fields ``rights`` is logged."""

    rights = ()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        details = rights_in_words(form, self.rights)
        if details:
            log(Event.Action.ROLES_CHANGED, by=request.user, piece=form.instance, details=details)

    def delete_model(self, request, obj):
        log(Event.Action.DELETED, by=request.user, piece=obj)
        super().delete_model(request, obj)


class KeepsAddresses:
    """For an admin of objects with ``addresses()``: a changed one leaves a redirect."""

    def addresses_before(self, obj):
        return self.model.objects.get(pk=obj.pk).addresses()

    def save_model(self, request, obj, form, change):
        before = self.addresses_before(obj) if change else []
        super().save_model(request, obj, form, change)
        keep_old_addresses(before, obj.addresses() if before else [])


class ReadOnlyAdmin(DeskAdmin):
    """A record: it can be read here, and nothing else."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
