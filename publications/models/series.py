from django.db import models
from django.utils.translation import gettext_lazy as _


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
