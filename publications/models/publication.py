from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from editorial import clock
from editorial.correcting import tie_corrections
from editorial.images import ALT_HELP, PictureField, found_by_name
from editorial.languages import content_languages, default_language
from editorial.models import Publishable, Status
from editorial.richtext import RichTextField
from people.models import Outlet
from publications.checking import check_publication
from publications.models.gathering import PublicationQuerySet
from publications.models.series import Series
from publications.pdf import make_pdf
from publications.placing import misplaced, slug_is_taken
from regions.desks import on_desk
from regions.models import Region


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

    class Licence(models.TextChoices):
        RESERVED = "reserved", _("All rights reserved")
        BY = "cc-by-4.0", _("CC BY 4.0")
        BY_NC_ND = "cc-by-nc-nd-4.0", _("CC BY-NC-ND 4.0")

    # Kinds whose authors sign, that are shown rather than read, and that may be about everywhere.
    SIGNED = {Kind.COMMENTARY, Kind.OP_ED, Kind.QUESTIONS}
    SHOWN = {Kind.PODCAST, Kind.VIDEO, Kind.VISUAL_EXPLAINER}
    OF_THE_WORLD = {Kind.STATEMENT, Kind.SPEECH, *SHOWN}

    # The files in which a piece is cited; publications/citing.py writes them.
    CITED_AS = ("bib", "ris", "json")

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
        _("number"), null=True, blank=True, help_text=_("“294” for Asia Report 294.")
    )
    numbered_in = models.ForeignKey(
        Region,
        verbose_name=_("numbered in"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("“Asia” for Asia Report 294; nothing for one count of the whole house."),
    )
    title = models.CharField(_("title"), max_length=200)
    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    standfirst = models.TextField(
        _("standfirst"), blank=True, help_text=_("Two or three sentences; they stand in lists too.")
    )
    summary = RichTextField(_("executive summary"), default="", db_default="")
    body = RichTextField(_("body"))
    media_url = models.URLField(
        _("address of the film or sound"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=_("Where it can be watched or heard, if it is not an attachment."),
    )
    updated_on = models.DateField(
        _("updated on"),
        null=True,
        blank=True,
        help_text=_("The day of the last change that readers should know of."),
    )
    licence = models.CharField(
        _("licence"),
        max_length=20,
        choices=Licence,
        default=Licence.RESERVED,
        db_default=Licence.RESERVED,
        help_text=_("What others may do with the text. An open one offers it for republishing."),
    )
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
    in_line_with = models.PositiveIntegerField(
        _("in line with revision"),
        null=True,
        blank=True,
        help_text=_("The revision of its original that a translation says the same as."),
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
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text=_("The piece that gathers this one and its like, such as the list of a year."),
    )
    part = models.PositiveSmallIntegerField(
        _("part"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    regions = models.ManyToManyField(
        Region, verbose_name=_("regions"), blank=True, related_name="publications"
    )
    tags = TaggableManager(_("topics"), blank=True)
    related = models.ManyToManyField(
        "self",
        verbose_name=_("related pieces"),
        symmetrical=False,
        blank=True,
        related_name="+",
        help_text=_("They come first; others of the same regions and topics follow."),
    )

    objects = PublicationQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["-publish_at", "-pk"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        indexes = [
            *Publishable.Meta.indexes,
            *found_by_name("image"),
            models.Index(fields=["-publish_at", "-id"], name="publications_newest_first"),
        ]
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
            models.UniqueConstraint(
                "parent", "part", "language", name="publications_one_piece_per_part_of_a_parent"
            ),
            models.CheckConstraint(
                name="publications_part_and_whole_go_together",
                condition=Q(series__isnull=True, parent__isnull=True, part__isnull=True)
                | Q(series__isnull=False, parent__isnull=True, part__isnull=False)
                | Q(series__isnull=True, parent__isnull=False, part__isnull=False),
                violation_error_message=_(
                    "Part: what belongs to a series or to another piece has a part number and "
                    "belongs to one of them."
                ),
            ),
            models.CheckConstraint(
                name="publications_piece_is_not_part_of_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
            ),
            models.UniqueConstraint(
                "kind",
                "numbered_in",
                "number",
                condition=Q(translation_of__isnull=True, numbered_in__isnull=False),
                name="publications_one_piece_per_number_of_a_region",
            ),
            models.UniqueConstraint(
                "kind",
                "number",
                condition=Q(translation_of__isnull=True, numbered_in__isnull=True),
                name="publications_one_piece_per_number",
            ),
            models.CheckConstraint(
                name="publications_only_what_is_numbered_is_numbered_in_a_region",
                condition=Q(numbered_in__isnull=True) | Q(number__isnull=False),
                violation_error_message=_("Number: say which one in the count of its region."),
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

    def addresses(self):
        names = ["pdf", "markdown", "republish", *(f"cite_{form}" for form in self.CITED_AS)]
        others = [reverse(f"publications:{name}", args=[self.slug]) for name in names]
        return [self.get_absolute_url(), *others]

    def pages(self):
        return [self.get_absolute_url()]

    @property
    def counted_in(self):
        """The region in whose count it has its number, if readers know that region."""
        is_known = self.numbered_in and self.numbered_in.is_public
        return self.numbered_in if is_known else None

    @property
    def label(self):
        """The kind and, where there is one, its number: “Asia Report 294”, “Report 300”."""
        words = [self.counted_in, self.get_kind_display(), self.number]
        return " ".join(str(word) for word in words if word)

    @property
    def may_be_republished(self):
        """Whether others may take the text: it is ours to give, and its licence is open."""
        return self.licence != self.Licence.RESERVED and not self.original_outlet_id

    def shown(self):
        """
        What stands for this work in a list: its version in the language of the page, if there is
        one, with the ``others``. Reads what ``as_works`` has loaded.
        """
        versions = [self, *getattr(self, "public_translations", ())]
        shown = next((each for each in versions if each.language == get_language()), self)
        shown.others = [each for each in versions if each is not shown]
        return shown

    def other_languages(self):
        """The public versions of this piece in other languages, the original among them."""
        original = self.translation_of_id or self.pk
        versions = Publication.objects.public().exclude(pk=self.pk)
        return versions.filter(Q(pk=original) | Q(translation_of=original)).order_by("language")

    def versions(self):
        """This piece in every language, itself among them, whatever their state."""
        original = self.translation_of_id or self.pk
        same = Q(pk=original) | Q(translation_of=original)
        return Publication.objects.filter(same).order_by(
            F("translation_of").asc(nulls_first=True), "language"
        )

    def released_with(self):
        return self.versions().exclude(pk=self.pk)

    def clean(self):
        """Raise ``ValidationError`` where it stands in the place of another piece."""
        if wrong := dict(misplaced(self)):
            raise ValidationError(wrong)

    def unique_error_message(self, model_class, unique_check):
        if unique_check == ("slug",):
            return slug_is_taken(self)
        return super().unique_error_message(model_class, unique_check)

    def checks(self):
        yield from super().checks()
        yield from check_publication(self)

    def is_on_desk_of(self, user):
        return self.pk is None or on_desk(user, self.regions.values_list("pk", flat=True))

    @property
    def attached_pdf(self):
        """The attachment that is the piece itself to print, if there is one."""
        attached = (a for a in self.attachments.all() if a.language == self.language)
        return next((a for a in attached if a.file.name.endswith(".pdf")), None)

    def settle(self):
        if self.is_approved:
            transaction.on_commit(partial(make_pdf.enqueue, self.pk))
            self.keep_titles()
            tie_corrections(self)

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


class PartQuerySet(models.QuerySet):
    def public(self):
        """Asked of each row: who looks for one must not have all publications gathered."""
        return self.filter(Exists(Publication.objects.public().filter(pk=OuterRef("publication"))))


class Part(models.Model):
    """A row that a publication owns; it has a place among its like."""

    needed_by_readers = ()

    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
