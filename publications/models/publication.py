from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from editorial import clock
from editorial.auditing import log
from editorial.images import ALT_HELP, PictureField
from editorial.languages import content_languages, default_language
from editorial.models import Event, Publishable, PublishableQuerySet, Revision, Status
from editorial.richtext import RichTextField
from people.models import Outlet, Person
from publications.checking import check_publication
from regions.desks import on_desk
from regions.models import Region


class Series(models.Model):
    """Pieces that belong together, part by part."""

    title = models.CharField(_("title"), max_length=150)
    slug = models.SlugField(_("slug"), max_length=100, unique=True)

    class Meta:
        ordering = ["title"]
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self):
        return self.title


class PublicationQuerySet(PublishableQuerySet):
    def in_regions(self, regions):
        filed = Publication.regions.through.objects.filter(region__in=regions)
        return self.filter(pk__in=filed.values("publication"))

    def as_cards(self):
        """With all that a card in a list shows; two queries however many there are."""
        return (
            self.select_related("series", "original_outlet")
            .prefetch_related(models.Prefetch("bylines", Byline.objects.select_related("person")))
            .defer("body")
        )

    def as_page(self):
        """With all that its own page shows."""
        parts = ["findings", "questions", "recommendations", "figures", "attachments"]
        return (
            self.select_related("series", "original_outlet")
            .prefetch_related("tags", "corrections", *parts)
            .prefetch_related(models.Prefetch("bylines", Byline.objects.select_related("person")))
        )


class Publication(Publishable):
    """A piece of ours, whatever its kind."""

    class Kind(models.TextChoices):
        REPORT = "report", _("Report")
        BRIEFING = "briefing", _("Briefing")
        QUESTIONS = "questions", _("Q&A")
        COMMENTARY = "commentary", _("Commentary")
        OP_ED = "op_ed", _("Op-Ed")
        STATEMENT = "statement", _("Statement")
        PODCAST = "podcast", _("Podcast")
        VIDEO = "video", _("Video")
        VISUAL_EXPLAINER = "visual_explainer", _("Visual Explainer")
        WATCH_LIST = "watch_list", _("Watch List")
        SPEECH = "speech", _("Speech")

    # Kinds whose authors sign, that are shown rather than read, and that may be about everywhere.
    SIGNED = {Kind.COMMENTARY, Kind.OP_ED, Kind.QUESTIONS}
    SHOWN = {Kind.PODCAST, Kind.VIDEO, Kind.VISUAL_EXPLAINER}
    OF_THE_WORLD = {Kind.STATEMENT, Kind.SPEECH, *SHOWN}

    needed_by_readers = ("standfirst",)
    owns = (
        "bylines",
        "findings",
        "questions",
        "recommendations",
        "figures",
        "attachments",
        "corrections",
    )

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    number = models.PositiveIntegerField(
        _("number"), null=True, blank=True, help_text=_("“300” for Report 300.")
    )
    title = models.CharField(_("title"), max_length=200)
    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    standfirst = models.TextField(
        _("standfirst"), blank=True, help_text=_("Two or three sentences; they stand in lists too.")
    )
    body = RichTextField(_("body"))
    language = models.CharField(
        _("language"), max_length=10, choices=content_languages, default=default_language
    )
    translation_of = models.ForeignKey(
        "self",
        verbose_name=_("translation of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="translations",
    )
    image = PictureField(_("picture"), upload_to="publications/publication/image", blank=True)
    image_alt = models.CharField(
        _("alternative text"), max_length=250, blank=True, help_text=ALT_HELP
    )
    image_caption = models.CharField(_("caption"), max_length=300, blank=True)
    image_credit = models.CharField(_("credit"), max_length=120, blank=True)
    original_outlet = models.ForeignKey(
        Outlet,
        verbose_name=_("originally published in"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
    )
    original_url = models.URLField(_("address there"), max_length=500, blank=True)
    series = models.ForeignKey(
        Series,
        verbose_name=_("series"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
    )
    part = models.PositiveSmallIntegerField(_("part"), null=True, blank=True)
    regions = models.ManyToManyField(
        Region, verbose_name=_("regions"), blank=True, related_name="publications"
    )
    tags = TaggableManager(_("topics"), blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["-publish_at", "-pk"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                "translation_of", "language", name="publications_one_translation_per_language"
            ),
            models.UniqueConstraint(
                "series", "part", "language", name="publications_one_piece_per_part_of_a_series"
            ),
            models.CheckConstraint(
                name="publications_piece_is_not_its_own_translation",
                condition=Q(translation_of__isnull=True) | ~Q(translation_of=F("pk")),
            ),
            models.CheckConstraint(
                name="publications_part_and_series_go_together",
                condition=Q(series__isnull=True, part__isnull=True)
                | Q(series__isnull=False, part__isnull=False),
                violation_error_message=_(
                    "Part: a series needs a part number, and a part a series."
                ),
            ),
            models.CheckConstraint(
                name="publications_picture_has_alternative_text",
                condition=~Q(status=Status.APPROVED) | Q(image="") | ~Q(image_alt=""),
                violation_error_message=_("Alternative text: say what the picture shows."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("publications:publication", args=[self.slug])

    @property
    def label(self):
        """The kind and, where there is one, its number: “Report 300”."""
        kind = self.get_kind_display()
        return f"{kind} {self.number}" if self.number else kind

    def other_languages(self):
        """The public versions of this piece in other languages, the original among them."""
        original = self.translation_of_id or self.pk
        versions = Publication.objects.public().exclude(pk=self.pk)
        return versions.filter(Q(pk=original) | Q(translation_of=original)).order_by("language")

    def other_parts(self):
        """The public parts of its series in its language, itself among them, in their order."""
        if not self.series_id:
            return Publication.objects.none()
        parts = self.series.publications.public().filter(language=self.language)
        return parts.order_by("part")

    def clean(self):
        if not self.translation_of:
            return
        wrong = ""
        if self.translation_of.translation_of_id:
            wrong = _("Choose the original: that piece is a translation itself.")
        if self.translation_of == self or (self.pk and self.translations.exists()):
            wrong = _("This is an original: it has translations, or would be its own.")
        if wrong:
            raise ValidationError({"translation_of": wrong})

    def checks(self):
        yield from super().checks()
        yield from check_publication(self)

    def is_on_desk_of(self, user):
        return self.pk is None or on_desk(user, self.regions.values_list("pk", flat=True))

    def settle(self):
        if self.is_approved:
            self.keep_titles()
            self.tie_corrections()

    def day_of_titles(self):
        """The day whose titles stand beside the names: that of publication."""
        moment = self.publish_at or clock.now()
        return timezone.localdate(moment, timezone.get_default_timezone())

    def keep_titles(self):
        """Write down the titles that the authors hold on the day of publication."""
        day = self.day_of_titles()
        for byline in self.bylines.filter(title="", person__isnull=False):
            byline.title = byline.person.title_on(day)
            byline.save(update_fields=["title"])

    def tie_corrections(self):
        """Say of each new correction, and in the log, what it corrects: what readers had before."""
        untied = list(self.corrections.filter(corrects__isnull=True))
        published = Revision.objects.of(self).filter(published_at__isnull=False)
        before = published.order_by("-published_at", "-number").first() if untied else None
        if before is None:
            return
        known = {row["pk"] for row in before.snapshot.get("corrections", [])}
        new = [correction for correction in untied if correction.pk not in known]
        for correction in new:
            log(
                Event.Action.CORRECTED,
                by=self.writer_of(correction),
                piece=self,
                from_revision=before.number,
                details=correction.text,
            )
        rows = self.corrections.model._base_manager.filter(pk__in=[each.pk for each in new])
        rows.update(corrects=before)

    def writer_of(self, correction):
        """
        Who wrote a correction that is going live: the author of the first draft that has it. The
        clock may publish it; who publishes it stands in the log beside it.
        """
        said = (correction.corrected_on.isoformat(), correction.text)
        drafts = Revision.objects.of(self).filter(published_at__isnull=True)
        for draft in drafts.select_related("author").order_by("number"):
            rows = draft.snapshot.get("corrections", [])
            if said in [(row["corrected_on"], row["text"]) for row in rows]:
                return draft.author
        return None


class PartQuerySet(models.QuerySet):
    def public(self):
        return self.filter(publication__in=Publication.objects.public())


class Part(models.Model):
    """A row that a publication owns; it has a place among its like."""

    needed_by_readers = ()

    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class BylineQuerySet(PartQuerySet):
    def pieces(self):
        """The public publications that carry these bylines, as cards."""
        pieces = Publication.objects.public().filter(pk__in=self.values("publication"))
        return pieces.as_cards()


class Byline(Part):
    """Somebody who made a piece, under the title held then."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("author")
        INTERVIEWEE = "interviewee", _("interviewee")
        INTERVIEWER = "interviewer", _("interviewer")
        EDITOR = "editor", _("editor")
        HOST = "host", _("host")
        PHOTOGRAPHER = "photographer", _("photographer")

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="bylines")
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bylines",
    )
    outside_name = models.CharField(_("or a name from outside"), max_length=100, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.AUTHOR)
    title = models.CharField(
        _("title held then"),
        max_length=200,
        blank=True,
        help_text=_("Left blank, it is taken from the appointments on the day of publication."),
    )

    objects = BylineQuerySet.as_manager()

    class Meta(Part.Meta):
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        constraints = [
            models.CheckConstraint(
                name="publications_byline_names_a_person_or_somebody_from_outside",
                condition=Q(person__isnull=False, outside_name="")
                | (Q(person__isnull=True) & ~Q(outside_name="")),
                violation_error_message=_("Byline: choose a person or write a name, one of them."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return self.person.name if self.person else self.outside_name
