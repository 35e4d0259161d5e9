from django.contrib import admin
from django.forms import ModelForm, Select
from django.utils.translation import gettext_lazy as _

from crisiswatch.models import Coverage, Development, Edition, Entry, Situation
from editorial.admin import DeskAdmin, KeepsAddresses, OrderedRows, PartAdmin, PublishableAdmin
from editorial.dates import format_month


class CoverageInline(admin.TabularInline):
    model = Coverage
    extra = 0


@admin.register(Situation)
class SituationAdmin(KeepsAddresses, DeskAdmin):
    list_display = ["name", "region"]
    list_select_related = ["region"]
    search_fields = ["name"]
    autocomplete_fields = ["region", "countries"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [CoverageInline]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.draw_globe()


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


class DevelopmentInline(admin.StackedInline):
    model = Development
    formset = OrderedRows
    extra = 0


@admin.register(Entry)
class EntryAdmin(PartAdmin):
    """An entry has no state of its own: it is public when its edition is."""

    owner = "edition"

    list_display = ["situation", "month", "trend", "risk_alert", "resolution_opportunity"]
    list_select_related = ["edition", "situation"]
    list_filter = ["trend", "risk_alert", "resolution_opportunity", "situation__region"]
    search_fields = ["situation__name", "lead"]
    ordering = ["-edition__month", "situation__name"]
    autocomplete_fields = ["edition", "situation"]
    inlines = [DevelopmentInline]

    def get_readonly_fields(self, request, obj=None):
        """Month and situation are an entry's address."""
        return ["edition", "situation"] if obj else []

    @admin.display(description=_("month"), ordering="edition__month")
    def month(self, entry):
        return format_month(entry.edition.month)

    def view_on_site(self, entry):
        return entry.get_absolute_url() if entry.edition.is_public else None
