from django import forms
from django.conf import settings
from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from editorial.admin import DeskAdmin, PublishableAdmin, ReadOnlyAdmin
from newsletter.addresses import fingerprint
from newsletter.forms import AddressField
from newsletter.models import (
    Consent,
    Delivery,
    Issue,
    SignUp,
    Subscriber,
    Subscription,
    Suppression,
    Wording,
)


@admin.register(Wording)
class WordingAdmin(DeskAdmin):
    """The one place for "Subscribe to … Email Updates" and its sentence, in each language."""

    list_display = ["__str__", "heading", "sentence", "version", "modified_at"]

    def changelist_view(self, request, extra_context=None):
        """Until somebody has changed the section, its place is the form with its first words."""
        if not Wording.objects.exists() and self.has_add_permission(request):
            return redirect("admin:newsletter_wording_add")
        return super().changelist_view(request, extra_context)

    def get_changeform_initial_data(self, request):
        """A new row starts from what the section says now, in the first language without a row."""
        taken = set(Wording.objects.values_list("language", flat=True))
        free = [code for code, _name in settings.LANGUAGES if code not in taken]
        wording = Wording.by_default((free or [settings.LANGUAGE_CODE])[0])
        names = ["language", "heading", "sentence", "consent"]
        said = {name: getattr(wording, name) for name in names}
        return said | super().get_changeform_initial_data(request)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.save()
        elif form.has_changed():
            obj.revise()


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class SubscriptionInline(ReadOnlyInline):
    model = Subscription


class ConsentInline(ReadOnlyInline):
    model = Consent
    fields = ["at", "action", "topics", "page", "wording_version"]


@admin.register(Subscriber)
class SubscriberAdmin(DeskAdmin):
    """
    Who subscribes. Readers subscribe and choose by themselves: nobody does it for them here.

    To delete somebody here is to erase them, as the button on their own page does.
    """

    list_display = ["address", "language", "confirmed_at", "left_at"]
    list_filter = ["language", "confirmed_at", "left_at"]
    search_fields = ["address"]
    readonly_fields = ["address", "confirmed_at", "welcomed_at", "left_at"]
    inlines = [SubscriptionInline, ConsentInline]

    def has_add_permission(self, request):
        return False

    def get_deleted_objects(self, objs, request):
        """What may not be deleted alone (a consent) goes with its subscriber."""
        names, counts, _missing, protected = super().get_deleted_objects(objs, request)
        return names, counts, set(), protected

    def delete_model(self, request, obj):
        obj.erase()


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "subscriber", "frequency"]
    list_filter = ["product", "frequency"]
    list_select_related = ["subscriber", "region", "situation"]


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "subscriber", "topics", "page", "wording_version"]
    list_filter = ["action"]
    list_select_related = ["subscriber"]
    date_hierarchy = "at"


class SuppressionForm(forms.ModelForm):
    address = AddressField(label=_("address"), help_text=_("Only its fingerprint is kept."))

    class Meta:
        model = Suppression
        fields = ["reason"]

    def clean_address(self):
        address = self.cleaned_data["address"]
        if Suppression.objects.covers(address):
            raise forms.ValidationError(_("This address is suppressed already."))
        self.instance.fingerprint = fingerprint(address)
        return address


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    """Addresses that never get a mail again."""

    list_display = ["__str__", "reason", "created_at"]
    list_filter = ["reason"]

    def has_add_permission(self, request):
        return request.user.has_perm("newsletter.add_suppression")

    def get_form(self, request, obj=None, **kwargs):
        return SuppressionForm if obj is None else super().get_form(request, obj, **kwargs)


@admin.register(SignUp)
class SignUpAdmin(ReadOnlyAdmin):
    list_display = ["requested_at", "answered_at", "language", "region", "page"]
    list_select_related = ["region"]


@admin.register(Issue)
class IssueAdmin(PublishableAdmin):
    view_on_site = False
    list_display = ["subject", "state", "publish_at", "policy"]
    search_fields = ["subject"]
    fieldsets = [
        (None, {"fields": ["subject", "body", "policy"]}),
        PublishableAdmin.publication_fieldset,
    ]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["issue", "subscriber", "state", "leased_until"]
    list_filter = ["state"]
    list_select_related = ["issue", "subscriber"]
