from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ContentChange(models.Model):
    """
    The content clock: one row for each object that changed, written in the same transaction.

    Its key only grows, but a transaction that began earlier may commit later: whoever reads the
    rows remembers the keys that were missing (see ``editorial.searching.keeping``).
    """

    model = models.CharField(max_length=80)
    key = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self):
        return f"{self.model}:{self.key}"


class Promotion(models.Model):
    """An object that stands on top when readers ask for certain words."""

    words = models.CharField(
        _("words"),
        max_length=100,
        help_text=_("What readers type. It comes first when they ask for exactly these words."),
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    piece = GenericForeignKey()
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["words", "position", "pk"]
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")
        constraints = [
            models.UniqueConstraint(
                "words",
                "content_type",
                "object_id",
                name="editorial_promotion_once_per_words_and_object",
            )
        ]

    def __str__(self):
        return f"{self.words}: {self.piece}"

    def save(self, *args, **kwargs):
        self.words = as_asked(self.words)
        super().save(*args, **kwargs)


def as_asked(words: str) -> str:
    """Words as they are compared: without regard to case and spaces."""
    return " ".join(words.split()).casefold()[:100]
