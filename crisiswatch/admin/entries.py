from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crisiswatch.models import Development, Entry
from editorial.admin import OrderedRows, PartAdmin
from editorial.dates import format_month


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
