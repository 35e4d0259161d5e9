from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.forms import ModelForm
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from editorial.addresses import keep_old_addresses
from editorial.dates import format_moment
from editorial.models import Revision, ScheduledChange, Status


class DeskAdmin(admin.ModelAdmin):
    """What every admin page of ours does."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def render_change_form(self, request, context, *args, **kwargs):
        """The import map of the rich-text editor is inline and needs the nonce."""
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)
        return super().render_change_form(request, context, *args, **kwargs)

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

    def view_on_site(self, obj):
        return obj.get_absolute_url() if getattr(obj, "is_public", False) else None


class KeepsAddresses:
    """For an admin of objects with ``addresses()``: a changed one leaves a redirect."""

    def addresses_before(self, obj):
        return self.model.objects.get(pk=obj.pk).addresses()

    def save_model(self, request, obj, form, change):
        before = self.addresses_before(obj) if change else []
        super().save_model(request, obj, form, change)
        keep_old_addresses(before, obj.addresses() if before else [])


class PublishableForm(ModelForm):
    """What is approved stays complete, and what readers have stays public."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.was_public = self.instance.is_public

    def clean(self):
        cleaned = super().clean()
        if self.was_public and (moment := cleaned.get("publish_at")) and moment > timezone.now():
            self.add_error(
                "publish_at",
                _("Readers have it already: withdraw it, or leave the moment as it is."),
            )
        if self.instance.status == Status.APPROVED:
            for name in (*self._meta.model.needed_by_readers, "publish_at"):
                if name in self.fields and not cleaned.get(name) and name not in self.errors:
                    self.add_error(
                        name, _("Readers need this: an approved piece cannot be without.")
                    )
        return cleaned


def in_words(piece) -> str:
    """What readers see of it: the state that people set, or what follows from it and the clock."""
    if piece.is_public:
        return _("public since %s") % format_moment(piece.publish_at)
    if piece.is_scheduled:
        return _("scheduled for %s") % format_moment(piece.publish_at)
    return piece.get_status_display()


class PublishableAdmin(KeepsAddresses, DeskAdmin):
    """An admin whose buttons say what happens: save, submit, approve, withdraw, back to draft."""

    form = PublishableForm
    readonly_fields = ["state"]
    list_filter = ["status"]
    publication_fieldset = (
        _("Publication"),
        {
            "fields": ["state", "publish_at"],
            "description": format_lazy(_("Hours are typed in the zone {}."), settings.TIME_ZONE),
        },
    )
    # Button, what it says, and the states in which it is offered.
    verbs = {
        "_submit": (_("Save and submit for review"), {Status.DRAFT}),
        "_approve": (_("Save and approve"), {Status.DRAFT, Status.IN_REVIEW, Status.WITHDRAWN}),
        "_rework": (_("Back to draft"), {Status.IN_REVIEW}),
        "_withdraw": (_("Withdraw"), {Status.APPROVED}),
    }

    @admin.display(description=_("state"), ordering="status")
    def state(self, obj):
        return format_html("<b>{}</b>" if obj.is_public else "{}", in_words(obj))

    def addresses_before(self, obj):
        before = self.model.objects.get(pk=obj.pk)
        return before.addresses() if before.is_known else []

    def save_model(self, request, obj, form, change):
        if change:
            obj.version = F("version") + 1
        super().save_model(request, obj, form, change)
        obj.refresh_from_db(fields=["version"])

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        status = obj.status if obj else Status.DRAFT
        context["verbs"] = [
            (name, says) for name, (says, when) in self.verbs.items() if status in when
        ]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def response_add(self, request, obj, post_url_continue=None):
        return self.act(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self.act(request, obj) or super().response_change(request, obj)

    def act(self, request, obj):
        """Do what the pressed button says, after the form has been saved."""
        offered = [name for name, (_says, when) in self.verbs.items() if obj.status in when]
        pressed = next((name for name in offered if name in request.POST), None)
        if pressed is None:
            return None
        try:
            getattr(self, pressed.removeprefix("_"))(request, obj)
            messages.success(
                request,
                _("“%(piece)s” is now: %(state)s.") % {"piece": obj, "state": in_words(obj)},
            )
        except ValidationError as error:
            messages.warning(request, _("Saved, but not ready for readers yet."))
            for sentence in error.messages:
                messages.error(request, sentence)
        return HttpResponseRedirect(reverse(admin_urlname(self.opts, "change"), args=[obj.pk]))

    def submit(self, request, obj):
        obj.submit()

    def approve(self, request, obj):
        obj.approve(by=request.user)

    def rework(self, request, obj):
        obj.rework()

    def withdraw(self, request, obj):
        obj.withdraw()

    def has_delete_permission(self, request, obj=None):
        """What readers may have seen is withdrawn, not deleted: its address must answer 410."""
        if obj is not None and obj.approved_at:
            return False
        return super().has_delete_permission(request, obj)


class ReadOnlyAdmin(DeskAdmin):
    """A record: it can be read here, and nothing else."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ["piece", "number", "author", "created_at", "published_at", "note"]
    list_select_related = ["content_type", "author"]


@admin.register(ScheduledChange)
class ScheduledChangeAdmin(ReadOnlyAdmin):
    list_display = ["revision", "change_at", "scheduled_by", "applied_at", "cancelled_at"]
    list_select_related = ["revision__content_type", "scheduled_by"]
