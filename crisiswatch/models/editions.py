from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import editorial.models
from crisiswatch import history
from crisiswatch.checking import check_edition
from crisiswatch.models.situations import Situation
from crisiswatch.months import MonthField, last_months
from crisiswatch.releasing import release
from editorial.checking import check_links, check_notes
from editorial.correcting import tie_corrections
from editorial.dates import format_month
from editorial.languages import default_language
from editorial.models import Check, Publishable, PublishableQuerySet
from editorial.rehearsing import is_rehearsing
from editorial.richtext import RichTextField
from regions.desks import on_desk

MONTHS_IN_STRIP = 24


class Edition(Publishable):
    """One month of CrisisWatch: the unit of publication. Its entries are public when it is."""

    owns = ("entries", "corrections")

    month = MonthField(_("month"), unique=True)
    overview = RichTextField(_("global overview"))

    objects = PublishableQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["-month"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="crisiswatch_edition_month_stands_on_its_first_day",
                condition=Q(month__day=1),
            ),
        ]

    def __str__(self):
        return f"CrisisWatch {format_month(self.month, default_language())}"

    def get_absolute_url(self):
        return reverse("crisiswatch:edition", args=[self.month])

    def addresses(self):
        """New ones come last; one that readers have had does not go."""
        entries = self.entries.select_related("edition", "situation").order_by("pk")
        return [self.get_absolute_url(), *(entry.get_absolute_url() for entry in entries)]

    def entries_in_order(self, tree, whole=False):
        """Its entries along the region tree, as a list; with their developments if ``whole``."""
        entries = self.entries.as_page() if whole else self.entries.as_list()
        return tree.in_order(entries, lambda entry: entry.situation.region_id)

    def neighbours(self):
        """The public editions just before and just after this one, or None."""
        others = Edition.objects.public().only("month")
        return {
            "earlier": others.filter(month__lt=self.month).first(),
            "later": others.filter(month__gt=self.month).last(),
        }

    def settle(self):
        """The data follow what readers have, and are going to have; in a rehearsal nobody asks."""
        if self.is_approved:
            tie_corrections(self)
        if self.approved_at and not is_rehearsing():
            release(Edition.objects.filter(pk=self.pk))

    def checks(self):
        yield from super().checks()
        yield from check_links(self, "overview")
        yield from check_notes(self, "overview", self.overview)
        if not self.overview:
            yield Check("overview", _("There is no global overview."), blocking=False)
        yield from check_edition(self)


class EntryQuerySet(models.QuerySet):
    def public(self):
        return self.filter(edition__in=Edition.objects.public())

    def in_regions(self, regions):
        return self.filter(situation__region__in=regions)

    def latest(self):
        """Those of the newest edition that has any of them."""
        newest = self.order_by("-edition__month").values("edition")[:1]
        return self.filter(edition=models.Subquery(newest))

    def as_list(self):
        """Short, for a list that says what stands on each entry's own page."""
        entries = self.select_related("edition", "situation__region")
        unseen = entries.defer(
            "edition__overview",
            "situation__globe",
            "situation__region__globe",
            "situation__region__introduction",
        )
        return unseen.order_by("position", "situation__name")

    def as_line(self):
        """A trend and its alerts each, for those whose situation is at hand; the oldest first."""
        facts = ("trend", "risk_alert", "resolution_opportunity", "situation", "edition")
        entries = self.select_related("edition").only(*facts, "edition__month")
        return entries.order_by("edition__month")

    def with_coverage(self):
        """Each once for every time of coverage of its situation: one query where two are many."""
        names = ("level", "first_month", "last_month")
        return self.annotate(**{name: F(f"situation__coverage__{name}") for name in names})

    def as_page(self):
        return self.as_list().prefetch_related("developments")


class Entry(models.Model):
    """One situation in one month."""

    owns = ("developments",)
    needed_by_readers = ("trend",)

    # In a snapshot: under its edition, this column makes its address, which does not die any more
    # once the edition has been approved.
    stays_at = "situation"

    class Trend(models.TextChoices):
        DETERIORATED = "deteriorated", _("Deteriorated Situation")
        UNCHANGED = "unchanged", _("Unchanged Situation")
        IMPROVED = "improved", _("Improved Situation")

    class State(models.TextChoices):
        """How far the work has come, for the desk only: nothing hangs on it."""

        WRITING = "writing", _("being written")
        IN_REVIEW = "in_review", _("in review")
        READY = "ready", _("ready")

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name="entries"
    )
    situation = models.ForeignKey(
        Situation, verbose_name=_("situation"), on_delete=models.PROTECT, related_name="entries"
    )
    trend = models.CharField(_("trend"), max_length=12, choices=Trend, blank=True)
    risk_alert = models.BooleanField(_("conflict risk alert"), default=False)
    resolution_opportunity = models.BooleanField(_("resolution opportunity"), default=False)
    lead = models.TextField(
        _("lead"), blank=True, help_text=_("The sentence in bold: the month in one breath.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who writes it. Readers do not see the name."),
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State,
        default=State.WRITING,
        db_default=State.WRITING,
        help_text=_("For the desk. Readers get the whole month at once."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=0,
        db_default=0,
        help_text=_("Smaller numbers come first in the region."),
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["situation__name"]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(
                "edition", "situation", name="crisiswatch_entry_once_per_edition_and_situation"
            ),
        ]

    def __str__(self):
        return f"{self.situation}, {format_month(self.edition.month, default_language())}"

    def is_on_desk_of(self, user):
        return self.pk is None or on_desk(user, [self.situation.region_id])

    def strip(self):
        """The two years up to this month as ``history.Month``s, from the first entry on."""
        last = self.edition.month
        months = last_months(last, MONTHS_IN_STRIP)
        entries = self.situation.entries.public().as_line().with_coverage()
        found = list(entries.filter(edition__month__range=(months[0], last)))
        return history.line(months, found, coverage=found)

    def neighbours(self):
        """The public entries of this situation just before and just after this one, or None."""
        others, month = self.situation.entries.public().as_line(), self.edition.month
        before = others.filter(edition__month__lt=month).prefetch_related("developments")
        return {
            "earlier": before.last(),
            "later": others.filter(edition__month__gt=month).first(),
        }

    def get_trend_display(self):
        """As Django's own, which gathers the choices anew: a page has hundreds of trends."""
        return str(self.Trend(self.trend).label) if self.trend else ""

    def alerts(self):
        """The names of the alerts that are set, as ``_shape.html`` knows them, and their words."""
        names = ["risk_alert", "resolution_opportunity"]
        return [
            (name, self._meta.get_field(name).verbose_name) for name in names if getattr(self, name)
        ]

    def get_absolute_url(self):
        return reverse("crisiswatch:entry", args=[self.edition.month, self.situation.slug])


class Development(models.Model):
    """One themed paragraph of an entry; it opens with a lead sentence of its own, if it has one."""

    needed_by_readers = ("body",)

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="developments")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    lead_sentence = models.TextField(_("lead sentence"), blank=True)
    body = models.TextField(_("body"), blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("development")
        verbose_name_plural = _("developments")

    def __str__(self):
        return self.lead_sentence or self.body[:60]


class CorrectionQuerySet(editorial.models.CorrectionQuerySet):
    def public(self):
        return self.filter(edition__in=Edition.objects.public())

    def as_list(self):
        """With the months and situations that they correct."""
        corrections = self.select_related("edition", "situation")
        return corrections.defer("edition__overview", "situation__globe")


class Correction(editorial.models.Correction):
    """A mistake in an edition that was put right; of one situation, or of the whole month."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="corrections")
    situation = models.ForeignKey(
        Situation,
        verbose_name=_("situation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        help_text=_("Leave it empty where the whole month is meant."),
    )

    objects = CorrectionQuerySet.as_manager()

    @property
    def title(self):
        month = format_month(self.edition.month, self.language)
        return f"CrisisWatch, {month}" + (f": {self.situation}" if self.situation else "")

    @property
    def language(self):
        return default_language()

    @property
    def address(self):
        return f"{self.edition.get_absolute_url()}#correction-{self.pk}"
