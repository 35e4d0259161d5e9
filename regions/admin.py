from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from editorial.admin import DeskAdmin, LogsRights, PublishableAdmin
from regions.models import Country, Desk, Region


@admin.register(Country)
class CountryAdmin(DeskAdmin):
    list_display = ["name", "alpha2", "alpha3"]
    search_fields = ["name", "alpha2", "alpha3"]


@admin.register(Region)
class RegionAdmin(PublishableAdmin):
    list_display = ["name", "parent", "position", "state"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    autocomplete_fields = ["parent", "countries"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["state", "elsewhere"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "parent", "position", "introduction", "countries"]}),
        (_("Picture"), {"fields": ["image", "image_ppoi", "image_alt", "image_credit"]}),
        (_("Other sections of the page"), {"fields": ["elsewhere"]}),
        PublishableAdmin.publication_fieldset,
    ]

    # A section of the page, the list in which it is edited, and the filter for this region.
    sections = [
        (_("CrisisWatch"), "crisiswatch_entry", "situation__region__id__exact"),
        (_("In The News"), "people_quote", "regions__id__exact"),
        (_("Latest Updates"), "publications_publication", "regions__id__exact"),
        (_("Our People"), "people_person", "appointments__region__id__exact"),
        (_("Email Updates"), "newsletter_wording", ""),
    ]

    @admin.display(description=_("edited in"))
    def elsewhere(self, region):
        if not region.pk:
            return _("Save the region first; links to the other sections appear here.")
        links = [
            (reverse(f"admin:{name}_changelist"), f"?{lookup}={region.pk}" if lookup else "", says)
            for says, name, lookup in self.sections
        ]
        return format_html_join(" · ", '<a href="{}{}">{}</a>', links)


@admin.register(Desk)
class DeskOfEditorsAdmin(LogsRights):
    rights = ("regions", "members")
    list_display = ["name"]
    search_fields = ["name"]
    autocomplete_fields = ["regions", "members"]
