import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from editorial import clock
from editorial.checking import check_links, check_notes, check_picture, check_rows
from editorial.images import PictureField, found_by_name
from editorial.languages import content_languages, default_language
from editorial.models import Check, Publishable, PublishableQuerySet, Status
from editorial.richtext import RichTextField
from regions.desks import on_desk
from regions.models import Region


class PersonQuerySet(PublishableQuerySet):
    def with_appointments(self):
        return self.prefetch_related(
            models.Prefetch(
                "appointments", Appointment.objects.begun().with_regions().order_by("-started_on")
            )
        )


class Person(Publishable):
    """Somebody who works or worked here, or is quoted by us."""

    needed_by_readers = ("sort_name",)
    owns = ("appointments",)

    name = models.CharField(_("name"), max_length=100)
    sort_name = models.CharField(
        _("name for sorting"),
        max_length=100,
        blank=True,
        help_text=_("Family name first: “Doe, Jane”."),
    )
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    biography = RichTextField(_("biography"))
    portrait = PictureField(_("portrait"), upload_to="people/person/portrait", blank=True)
    portrait_alt = models.CharField(
        _("alternative text"),
        max_length=250,
        blank=True,
        help_text=_("What the portrait shows, for those who do not see it."),
    )
    portrait_credit = models.CharField(_("credit"), max_length=120, blank=True)
    contact = models.TextField(
        _("contact"), blank=True, help_text=_("One line for each way: an address, a number.")
    )

    objects = PersonQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["sort_name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [*Publishable.Meta.indexes, *found_by_name("portrait")]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="people_person_portrait_has_alternative_text",
                condition=~Q(status=Status.APPROVED) | Q(portrait="") | ~Q(portrait_alt=""),
                violation_error_message=_("Alternative text: say what the portrait shows."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("people:person", args=[self.slug])

    def addresses(self):
        feed = reverse("publications:person_feed", args=[self.slug])
        return [self.get_absolute_url(), feed]

    def checks(self):
        yield from super().checks()
        portrait = _("Alternative text: say what the portrait shows.")
        yield from check_picture(self, "portrait", portrait)
        yield from check_links(self, "biography")
        yield from check_notes(self, "biography", self.biography)
        yield from check_rows(self, "appointments")
        if not self.biography:
            yield Check("biography", _("There is no biography."), blocking=False)
        if not self.appointments.current().exists():
            untitled = _("No title is held today.")
            yield Check("appointments", untitled, blocking=False)

    def is_on_desk_of(self, user):
        if self.pk is None:
            return True
        held = Appointment.objects.filter(person=self.pk, region__isnull=False)
        return on_desk(user, held.values_list("region", flat=True))

    @property
    def current_title(self):
        """The title held today, a primary one if there is; reads loaded appointments."""
        today = clock.today()
        held = [a for a in self.appointments.all() if a.covers(today)]
        held.sort(key=lambda a: not a.is_primary)
        return held[0].full_title if held else ""

    def title_on(self, day) -> str:
        """The title of the primary appointment held on a date, or an empty string."""
        appointment = self.appointments.current(day).filter(is_primary=True).first()
        return appointment.full_title if appointment else ""


class AppointmentQuerySet(models.QuerySet):
    def current(self, day=None):
        """Held on ``day`` (a date; today by default). The last day counts."""
        day = day or clock.today()
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), started_on__lte=day)

    def begun(self):
        """Not those of the future, which nobody outside needs to know of yet."""
        return self.filter(started_on__lte=clock.today())

    def in_regions(self, regions):
        return self.filter(region__in=regions)

    def with_regions(self):
        return self.select_related("region").defer("region__introduction", "region__globe")

    def as_cards(self):
        """The people whom the public meets under these titles, each once: a list."""
        held = self.current().filter(person__in=Person.objects.public())
        held = held.with_regions().select_related("person")
        first = {}
        for appointment in sorted(held, key=lambda each: not each.is_primary):
            first.setdefault(appointment.person_id, appointment)
        return [appointment for appointment in held if appointment in first.values()]


class Appointment(models.Model):
    """A title that somebody holds from a day to a day."""

    needed_by_readers = ("title",)

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="appointments"
    )
    title = models.CharField(_("title"), max_length=100, blank=True)
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
    )
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    is_primary = models.BooleanField(
        _("primary"), default=True, help_text=_("The title printed beside the name.")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Smaller numbers come first in “Our People”.")
    )

    # A form that saves all appointments of a person compares them with each other itself.
    checked_together = False

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "-started_on"]
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.CheckConstraint(
                name="people_appointment_ends_after_it_starts",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("Last day: it lies before the first one."),
            ),
        ]

    def __str__(self):
        return self.full_title

    @property
    def full_title(self):
        """The title with its region, unless the region is not public (yet)."""
        named = self.region and self.region.is_public
        return f"{self.title}, {self.region.name}" if named else self.title

    def covers(self, day):
        return self.started_on <= day and (self.ended_on is None or day <= self.ended_on)

    def clean(self):
        if self.person_id and not self.checked_together:
            self.check_overlap(self.person.appointments.exclude(pk=self.pk))

    def check_overlap(self, others):
        """Raise ``ValidationError`` if one of ``others`` is primary too and shares a day."""
        if self.started_on and any(self.overlaps(other) for other in others):
            raise ValidationError(
                {"started_on": _("Another primary title is held on some of these days.")}
            )

    def overlaps(self, other):
        return (
            self.is_primary
            and other.is_primary
            and self.started_on <= (other.ended_on or datetime.date.max)
            and other.started_on <= (self.ended_on or datetime.date.max)
        )


class Outlet(models.Model):
    """A newspaper, broadcaster or site that quotes us or ran a piece first."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    url = models.URLField(_("address"), blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")

    def __str__(self):
        return self.name


class QuoteQuerySet(PublishableQuerySet):
    def in_regions(self, regions):
        filed = Quote.regions.through.objects.filter(region__in=regions)
        return self.filter(pk__in=filed.values("quote"))

    def as_cards(self):
        return self.select_related("speaker", "outlet")


class Quote(Publishable):
    """Something that one of us said in the news, exactly as printed there."""

    needed_by_readers = ("text",)

    text = models.TextField(
        _("text"),
        blank=True,
        help_text=_("As printed, with its [brackets] and […]. No quotation marks."),
    )
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    language = models.CharField(
        _("language"), max_length=10, choices=content_languages, default=default_language
    )
    said_on = models.DateField(_("date"))
    speaker = models.ForeignKey(
        Person, verbose_name=_("speaker"), on_delete=models.PROTECT, related_name="quotes"
    )
    speaker_title = models.CharField(
        _("title held then"),
        max_length=200,
        blank=True,
        help_text=_("Left blank, it is taken from the appointments on that date."),
    )
    outlet = models.ForeignKey(
        Outlet, verbose_name=_("outlet"), on_delete=models.PROTECT, related_name="quotes"
    )
    source_url = models.URLField(_("address of the article"), max_length=500, blank=True)
    regions = models.ManyToManyField(
        Region, verbose_name=_("regions"), blank=True, related_name="quotes"
    )

    objects = QuoteQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["-said_on", "-pk"]
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")

    def __str__(self):
        return f"{self.speaker}, {self.outlet}, {self.said_on}"

    def get_absolute_url(self):
        return reverse("people:quote", args=[self.slug])

    def checks(self):
        yield from super().checks()
        if not self.regions.exists():
            nowhere = _("No region is chosen: it would stand on no region’s page.")
            yield Check("regions", nowhere, blocking=False)
        if not self.source_url:
            yield Check("source_url", _("The address of the article is missing."), blocking=False)
        if not (self.speaker_title or self.speaker.title_on(self.said_on)):
            untitled = _("%(person)s held no title on that day.") % {"person": self.speaker}
            yield Check("speaker_title", untitled, blocking=False)

    def is_on_desk_of(self, user):
        return self.pk is None or on_desk(user, self.regions.values_list("pk", flat=True))

    def settle(self):
        if self.is_approved:
            self.keep_title()

    def keep_title(self):
        """Write down the title held on the day, unless an editor wrote one."""
        if not self.speaker_title:
            self.speaker_title = self.speaker.title_on(self.said_on)
            self.save(update_fields=["speaker_title"])
