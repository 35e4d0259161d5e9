from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.contrib.flatpages.admin import FlatPageAdmin
from django.contrib.flatpages.forms import FlatpageForm
from django.contrib.flatpages.models import FlatPage
from django.contrib.redirects.models import Redirect
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField
from taggit.models import Tag

from crisishub.accounts import WATCHED, AccountForm, GroupForm
from crisishub.promoting import PromotionAdmin
from crisishub.roles import ROLES
from editorial.addresses import keep_old_addresses, leave_gone
from editorial.admin import DeskAdmin, LogsRights
from editorial.auditing import log
from editorial.models import Event, Promotion
from editorial.richtext import EXTENSIONS, clean_html
from editorial.topics import rename_in_drafts
from publications.topics import addresses_of


class PageForm(FlatpageForm):
    content = ProseEditorFormField(extensions=EXTENSIONS, sanitize=clean_html, required=False)

    def clean_url(self):
        url = super().clean_url()
        try:
            answers = resolve(url).url_name == "page"
        except Resolver404:
            answers = False
        if not answers or translation.get_language_from_path(url):
            raise ValidationError(
                _("This address belongs to another page, or has other signs than letters and “-”.")
            )
        return url


class PageAdmin(DeskAdmin, FlatPageAdmin):
    """About, privacy policy and the like. Always public; the same text in every language."""

    form = PageForm
    fieldsets = [(None, {"fields": ["title", "url", "content"]})]
    list_display = ["title", "url"]
    list_filter = []

    def view_on_site(self, page):
        return page.url

    def save_model(self, request, obj, form, change):
        before = FlatPage.objects.get(pk=obj.pk).url if change else obj.url
        super().save_model(request, obj, form, change)
        keep_old_addresses([before], [obj.url])

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        leave_gone(obj.url)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.sites.set([settings.SITE_ID])


class RedirectForm(ModelForm):
    def clean_old_path(self):
        """Only the path counts: what follows a question mark is carried over."""
        old_path = self.cleaned_data["old_path"]
        if not old_path.startswith("/") or "?" in old_path:
            raise ValidationError(_("Write the path alone, from its first slash on."))
        return old_path

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("new_path") and cleaned.get("new_path") == cleaned.get("old_path"):
            self.add_error("new_path", _("This would lead in a circle."))
        return cleaned


class OldAddressAdmin(DeskAdmin):
    """Where an old address leads; without a target it answers 410. There is one site only."""

    form = RedirectForm
    fields = ["old_path", "new_path"]
    list_display = ["old_path", "new_path"]
    search_fields = ["old_path", "new_path"]

    def save_model(self, request, obj, form, change):
        obj.site_id = settings.SITE_ID
        super().save_model(request, obj, form, change)


class TopicAdmin(DeskAdmin):
    """
    The words by which publications are tagged. Which ones a publication has is part of its text:
    that is changed in its own form, as a draft, and not from here.
    """

    list_display = ["name", "slug"]
    ordering = ["name"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request, obj, form, change):
        before = addresses_of(Tag.objects.get(pk=obj.pk)) if change else []
        super().save_model(request, obj, form, change)
        keep_old_addresses(before, addresses_of(obj))
        if change and "name" in form.changed_data:
            rename_in_drafts(form.initial["name"], obj.name)


class GivesRights(LogsRights):
    """For an admin of accounts or groups: its form knows who gives what."""

    rights = WATCHED

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)  # A class made for this request.
        form.giver = request.user
        return form


class AccountAdmin(GivesRights, UserAdmin):
    """Whoever has left a trace stays: such an account is deactivated, not deleted."""

    form = AccountForm
    list_display = ["username", "first_name", "last_name", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]
    filter_horizontal = ["user_permissions"]
    autocomplete_fields = ["groups"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all())

    def get_readonly_fields(self, request, obj=None):
        """Only superusers hand out single permissions, or everything."""
        kept = ["last_login", "date_joined"]
        if not request.user.is_superuser:
            kept += ["is_superuser", "user_permissions"]
        return kept

    def has_change_permission(self, request, obj=None):
        return self.is_in_reach(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.is_in_reach(request, obj) and super().has_delete_permission(request, obj)

    def is_in_reach(self, request, obj):
        """Whoever could set the password of a superuser would be one."""
        return obj is None or request.user.is_superuser or not obj.is_superuser

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):  # noqa: A002 (Django's name)
        before = self.get_object(request, id)
        response = super().user_change_password(request, id, form_url)
        after = self.get_object(request, id)
        if before.password != after.password:
            log(Event.Action.ROLES_CHANGED, by=request.user, piece=after, details="new password")
        return response

    def delete_view(self, request, object_id, extra_context=None):
        user = self.get_object(request, object_id)
        if user and self.has_delete_permission(request, user):
            *_others, protected = self.get_deleted_objects([user], request)
            if protected:
                messages.error(
                    request,
                    _("“%s” stands in the records and stays. Take away “active” instead.") % user,
                )
                return HttpResponseRedirect(reverse("admin:auth_user_change", args=[user.pk]))
        return super().delete_view(request, object_id, extra_context)


class RoleAdmin(GivesRights, GroupAdmin):
    """The roles are kept by ``sync_roles``; other groups are the site's own."""

    form = GroupForm

    def has_change_permission(self, request, obj=None):
        return not self.is_role(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return not self.is_role(obj) and super().has_delete_permission(request, obj)

    def is_role(self, obj):
        return obj is not None and obj.name in ROLES


# There is one site; its address is SITE_URL.
admin.site.unregister(Site)
admin.site.unregister(Redirect)
admin.site.register(Redirect, OldAddressAdmin)
admin.site.unregister(FlatPage)
admin.site.register(FlatPage, PageAdmin)
admin.site.unregister(Tag)
admin.site.register(Tag, TopicAdmin)
admin.site.unregister(User)
admin.site.register(User, AccountAdmin)
admin.site.unregister(Group)
admin.site.register(Group, RoleAdmin)
admin.site.register(Promotion, PromotionAdmin)
