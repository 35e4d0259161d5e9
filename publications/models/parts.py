from pathlib import PurePosixPath
from string import ascii_lowercase, digits

from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

import editorial.models
from editorial import attaching
from editorial.files import SmallerThan, sha256
from editorial.images import ALT_HELP, PictureField, found_by_name
from editorial.languages import content_languages, default_language
from editorial.richtext import RichTextField
from people.models import Person
from publications.models.publication import Part, PartQuerySet, Publication


class BylineQuerySet(PartQuerySet):
    def pieces(self):
        """The public publications that carry these bylines, as cards."""
        pieces = Publication.objects.public().filter(pk__in=self.values("publication"))
        return pieces.as_works()


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


class Finding(Part):
    """One of the answers that open a report: “What’s new?”, “Why does it matter?” …"""

    needed_by_readers = ("label", "text")

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="findings")
    label = models.CharField(_("label"), max_length=80, blank=True)
    text = RichTextField(_("text"))

    class Meta(Part.Meta):
        verbose_name = _("finding")
        verbose_name_plural = _("findings")

    def __str__(self):
        return self.label


class Question(Part):
    """A question of a Q&A and its answer."""

    needed_by_readers = ("question", "answer")

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="questions")
    question = models.CharField(_("question"), max_length=300, blank=True)
    answer = RichTextField(_("answer"))

    class Meta(Part.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self):
        return self.question


class Recommendation(Part):
    """What somebody should do."""

    needed_by_readers = ("addressee", "text")

    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, related_name="recommendations"
    )
    addressee = models.CharField(_("addressee"), max_length=200, blank=True)
    text = RichTextField(_("text"))

    class Meta(Part.Meta):
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")

    def __str__(self):
        return self.addressee


def new_mark():
    return get_random_string(8, ascii_lowercase + digits)


class Figure(Part):
    """
    A picture in a piece. It stands where the text has ``<figure data-mark="…">`` with its mark,
    or else below the text.
    """

    needed_by_readers = ("alt",)

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="figures")
    image = PictureField(_("picture"), upload_to="publications/figure/image")
    alt = models.CharField(_("alternative text"), max_length=250, blank=True, help_text=ALT_HELP)
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=120, blank=True)
    mark = models.SlugField(_("mark"), max_length=20, default=new_mark, db_default="", blank=True)

    class Meta(Part.Meta):
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        indexes = found_by_name("image")
        constraints = [
            models.UniqueConstraint(
                "publication",
                "mark",
                condition=~Q(mark=""),
                name="publications_one_figure_per_mark_of_a_piece",
            ),
        ]

    def __str__(self):
        return self.alt or self.caption


class Attachment(Part):
    """A file that readers can download."""

    needed_by_readers = ("label",)

    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, related_name="attachments"
    )
    file = models.FileField(
        _("file"),
        upload_to="publications/attachment/file",
        validators=[
            FileExtensionValidator(["pdf", "docx", "epub", "csv", "xlsx", "mp3"]),
            SmallerThan(attaching.MEGABYTES),
            attaching.check_attachment,
        ],
        help_text=_("A PDF, DOCX, EPUB, CSV, XLSX or MP3 file, up to 50 MB."),
    )
    language = models.CharField(
        _("language"), max_length=10, choices=content_languages, default=default_language
    )
    label = models.CharField(_("label"), max_length=100, blank=True, help_text=_("“Full report”"))
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("bytes"), default=0, db_default=0, editable=False)
    pages = models.PositiveIntegerField(_("pages"), null=True, editable=False)

    class Meta(Part.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = found_by_name("file")

    def __str__(self):
        return self.label

    def save(self, *args, **kwargs):
        if not self.file:  # A draft may name one that is lost.
            self.sha256, self.size, self.pages = "", 0, None
        elif not self.is_known():
            is_stored = self.file.closed  # What comes with a form is open already.
            self.sha256, self.size = sha256(self.file), self.file.size
            self.pages = attaching.count_pages(self.file.file)
            if is_stored:
                self.file.close()
                del self.file.file  # The next reader opens it again.
        super().save(*args, **kwargs)

    def is_known(self):
        """Whether the file is a stored one, which is named after its content, and of this hash."""
        named = PurePosixPath(self.file.name).stem
        is_hashed = self.file._committed and bool(named) and self.sha256.startswith(named)
        return is_hashed and self.size > 0


class CorrectionQuerySet(editorial.models.CorrectionQuerySet, PartQuerySet):
    def as_list(self):
        """With the pieces that they correct."""
        return self.select_related("publication").defer("publication__body")


class Correction(editorial.models.Correction):
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="corrections"
    )

    objects = CorrectionQuerySet.as_manager()

    @property
    def title(self):
        return self.publication.title

    @property
    def language(self):
        return self.publication.language

    @property
    def address(self):
        return f"{self.publication.get_absolute_url()}#correction-{self.pk}"
