from dataclasses import dataclass

from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crisiswatch.admin.publishing import DryRunMixin, StartingMixin
from crisiswatch.admin.sheet import SheetMixin
from crisiswatch.models import Correction, Edition
from crisiswatch.pages import by_heading, pages_of
from crisiswatch.starting import not_begun
from editorial.admin import PublishableAdmin
from editorial.dates import format_month
from publications.admin.parts import CorrectionForm, CorrectionInline


@dataclass(frozen=True)
class Step:
    """One of the pages that lead from the sheet to the readers."""

    says: str
    address: str
    is_here: bool = False


def written_in(edition) -> dict[str, int]:
    """How many entries there are to be in all, and how many have a trend and a lead."""
    written = Count("pk", filter=~Q(trend="") & ~Q(lead=""))
    found = edition.entries.aggregate(in_all=Count("pk"), written=written)
    return found | {"in_all": found["in_all"] + not_begun(edition)}


class EditionCorrectionForm(CorrectionForm):
    def clean_situation(self):
        situation, edition = self.cleaned_data["situation"], self.instance.edition
        if situation and not edition.entries.filter(situation=situation).exists():
            message = _("%(situation)s has no entry in this month.")
            raise ValidationError(message, params={"situation": situation})
        return situation


class EditionCorrectionInline(CorrectionInline):
    model = Correction
    form = EditionCorrectionForm
    fields = ["corrected_on", "situation", "text"]
    autocomplete_fields = ["situation"]
    release = "crisiswatch.publish_edition"


@admin.register(Edition)
class EditionAdmin(SheetMixin, StartingMixin, DryRunMixin, PublishableAdmin):
    """The overview of a month and its publication; its entries stand on the sheet."""

    change_form_template = "admin/crisiswatch/edition/change_form.html"
    list_display = ["month_name", "entries", "state"]
    search_fields = ["month"]
    inlines = [EditionCorrectionInline]
    fieldsets = [
        (None, {"fields": ["month", "overview"]}),
        PublishableAdmin.publication_fieldset,
    ]
    readonly_fields = [*PublishableAdmin.readonly_fields, "month_name"]

    @admin.display(description=_("month"), ordering="month")
    def month_name(self, edition):
        return format_month(edition.month)

    @admin.display(description=_("entries"))
    def entries(self, edition):
        return format_html('<a href="{}">{}</a>', self.sheet_address(edition), _("Sheet"))

    def get_fieldsets(self, request, obj=None):
        """Its month is its address, and that of all its entries: it stays, once approved."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.outside(request, obj).approved_at is None:
            return fieldsets
        return [(None, {"fields": ["month_name", "overview"]}), *fieldsets[1:]]

    def joins_by_itself(self):
        """Thirty people save rows while somebody writes the overview."""
        return True

    def mended_at(self, obj, check):
        """Its row on the sheet."""
        if check.place:
            return f"{self.sheet_address(obj)}#{check.place}"
        return (
            self.sheet_address(obj) if check.field == "entries" else super().mended_at(obj, check)
        )

    def sheet_address(self, edition):
        return reverse(admin_urlname(self.opts, "sheet"), args=[edition.pk])

    def preview_pages(self, obj):
        found = by_heading(pages_of(obj))
        return [(heading, [(page.path, page.name) for page in its]) for heading, its in found]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj and obj.pk:
            context |= {"steps": self.steps(obj, "change"), **written_in(obj)}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def steps(self, edition, here) -> list[Step]:
        """From the sheet to the readers; ``here`` is the page on which they are shown."""
        pages = [
            ("sheet", _("Sheet"), "sheet", ""),
            ("change", _("Overview and checks"), "change", ""),
            ("dry_run", _("Dry run"), "dry_run", ""),
            ("publish", _("Publish"), "dry_run", "#publish"),
        ]
        return [
            Step(says, self.address(page, edition) + part, name == here)
            for name, says, page, part in pages
        ]
