import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crisiswatch.months import MonthField
from editorial.dates import format_month
from regions.desks import on_desk
from regions.globe import globe
from regions.models import Country, Region


class SituationQuerySet(models.QuerySet):
    def in_regions(self, regions):
        return self.filter(region__in=regions)

    def latest_entries(self):
        """Their entries in the newest public edition that has any of them, as a list."""
        entries = self.model._meta.get_field("entries").related_model.objects
        return list(entries.public().filter(situation__in=self).latest().as_page())

    def followed(self, month, level):
        """Those that are followed at this level in a month."""
        return self.filter(Exists(Coverage.objects.in_month(month, level).of(OuterRef("pk"))))

    def public(self):
        """Those of which readers have an entry; others may be in the making."""
        entries = self.model._meta.get_field("entries").related_model.objects
        return self.filter(Exists(entries.public().filter(situation=OuterRef("pk"))))


class Situation(models.Model):
    """What CrisisWatch follows. Not a country: the Korean Peninsula is two."""

    owns = ("coverage",)

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    code = models.SlugField(
        _("code"),
        max_length=100,
        editable=False,
        default="",
        db_default="",
        help_text=_("Its name in the data files: the first slug, and never another."),
    )
    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="situations"
    )
    countries = models.ManyToManyField(
        Country, verbose_name=_("countries"), blank=True, related_name="situations"
    )
    continues = models.ManyToManyField(
        "self",
        verbose_name=_("continues"),
        symmetrical=False,
        blank=True,
        related_name="continued_by",
        help_text=_("What was followed before it became this: one was split, or several joined."),
    )
    globe = models.TextField(_("globe"), blank=True, editable=False)

    objects = SituationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("situation")
        verbose_name_plural = _("situations")
        constraints = [
            models.UniqueConstraint("code", name="crisiswatch_situation_code_once"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.code = self.code or self.slug
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("crisiswatch:situation", args=[self.slug])

    def addresses(self):
        """Its own path, those of its feeds and those of all its public entries."""
        entries = self.entries.public().select_related("edition", "situation")
        names = ["situation", "situation_feed", "situation_changes_feed"]
        own = [reverse(f"crisiswatch:{name}", args=[self.slug]) for name in names]
        return [*own, *(entry.get_absolute_url() for entry in entries)]

    def is_on_desk_of(self, user):
        return self.pk is None or on_desk(user, [self.region_id])

    def draw_globe(self):
        """Draw the locator again. Call it when the countries have changed."""
        self.globe = globe([country.alpha2 for country in self.countries.all()])
        Situation.objects.filter(pk=self.pk).update(globe=self.globe)


class CoverageQuerySet(models.QuerySet):
    def in_month(self, month, *levels):
        """What is followed in a month, the first day of which is given."""
        until = Q(last_month__isnull=True) | Q(last_month__gte=month)
        found = self.filter(until, first_month__lte=month)
        return found.filter(level__in=levels) if levels else found

    def of(self, situation):
        return self.filter(situation=situation)


class Coverage(models.Model):
    """From which month to which a situation is followed: not covered is not unchanged."""

    class Level(models.TextChoices):
        MONITORED = "monitored", _("monitored")
        STANDBY = "standby", _("standby")

    situation = models.ForeignKey(Situation, on_delete=models.CASCADE, related_name="coverage")
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.MONITORED)
    first_month = MonthField(_("first month"))
    last_month = MonthField(_("last month"), null=True, blank=True)

    # A form that saves all coverage of a situation compares the rows with each other itself.
    checked_together = False

    objects = CoverageQuerySet.as_manager()

    class Meta:
        ordering = ["first_month"]
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        constraints = [
            models.CheckConstraint(
                name="crisiswatch_coverage_ends_after_it_starts",
                condition=Q(last_month__isnull=True) | Q(last_month__gte=F("first_month")),
                violation_error_message=_("Last month: it lies before the first one."),
            ),
            models.CheckConstraint(
                name="crisiswatch_coverage_months_stand_on_their_first_day",
                condition=Q(first_month__day=1)
                & (Q(last_month__isnull=True) | Q(last_month__day=1)),
            ),
        ]

    def __str__(self):
        until = format_month(self.last_month) if self.last_month else "…"
        return f"{self.get_level_display()}, {format_month(self.first_month)} – {until}"

    def clean(self):
        if self.situation_id and not self.checked_together:
            self.check_overlap(self.situation.coverage.exclude(pk=self.pk))

    def check_overlap(self, others):
        """Raise ``ValidationError`` where a month would be covered twice."""
        for other in others:
            if self.first_month and other.first_month and self.overlaps(other):
                taken = _("First month: this time is covered already (%(other)s).")
                raise ValidationError(taken % {"other": other})

    def overlaps(self, other):
        late = datetime.date.max
        return self.first_month <= (other.last_month or late) and other.first_month <= (
            self.last_month or late
        )
