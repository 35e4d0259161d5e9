from django.contrib import admin
from django.forms import ModelForm, Select
from django.utils.translation import gettext_lazy as _

from crisiswatch.models import Edition, Entry
from editorial.admin import PublishableAdmin
from editorial.dates import format_month


class EntryForm(ModelForm):
    """The situation of an entry is part of its address, so it stays what it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            field, situation = self.fields["situation"], self.instance.situation
            field.disabled = True
            field.widget.widget = Select()  # There is nothing to search for.
            field.widget.choices = [(situation.pk, str(situation))]


class EntryInline(admin.TabularInline):
    model = Entry
    form = EntryForm
    extra = 0
    fields = ["situation", "trend", "risk_alert", "resolution_opportunity"]
    autocomplete_fields = ["situation"]
    show_change_link = True
    view_on_site = False
    verbose_name_plural = _("entries: save, then follow “Change” to write one")

    def get_queryset(self, request):
        entries = super().get_queryset(request).select_related("edition", "situation")
        return entries.defer("edition__overview", "situation__globe")

    def has_delete_permission(self, request, obj=None):
        """An entry that readers may have seen keeps its address."""
        return not (obj and obj.approved_at) and super().has_delete_permission(request, obj)


@admin.register(Edition)
class EditionAdmin(PublishableAdmin):
    list_display = ["month_name", "state"]
    search_fields = ["month"]
    inlines = [EntryInline]
    fieldsets = [
        (None, {"fields": ["month", "overview"]}),
        PublishableAdmin.publication_fieldset,
    ]

    @admin.display(description=_("month"), ordering="month")
    def month_name(self, edition):
        return format_month(edition.month)
