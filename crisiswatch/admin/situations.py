from django.contrib import admin

from crisiswatch.models import Coverage, Situation
from editorial.admin import DeskAdmin, KeepsAddresses


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
