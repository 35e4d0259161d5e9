from django.conf import settings
from django.contrib import admin
from django.contrib.flatpages.admin import FlatPageAdmin
from django.contrib.flatpages.forms import FlatpageForm
from django.contrib.flatpages.models import FlatPage
from django.contrib.redirects.models import Redirect
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField

from editorial.addresses import keep_old_addresses, leave_gone
from editorial.admin import DeskAdmin
from editorial.richtext import EXTENSIONS, clean_html


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


# There is one site; its address is SITE_URL.
admin.site.unregister(Site)
admin.site.unregister(Redirect)
admin.site.register(Redirect, OldAddressAdmin)
admin.site.unregister(FlatPage)
admin.site.register(FlatPage, PageAdmin)
