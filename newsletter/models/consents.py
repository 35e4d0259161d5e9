from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AppendOnly(Exception):
    """A consent is proof: it is neither changed nor deleted, save with its subscriber."""


class ConsentQuerySet(models.QuerySet):
    def update(self, **changes):
        raise AppendOnly

    def delete(self):
        raise AppendOnly


class Consent(models.Model):
    """What somebody was shown, where and when, and what they did about it."""

    class Action(models.TextChoices):
        REQUESTED = "requested", _("requested")
        CONFIRMED = "confirmed", _("confirmed")
        CHANGED = "changed", _("changed")
        LEFT = "left", _("left")

    subscriber = models.ForeignKey(
        "newsletter.Subscriber",
        verbose_name=_("subscriber"),
        on_delete=models.CASCADE,
        related_name="consents",
    )
    action = models.CharField(_("action"), max_length=10, choices=Action)
    at = models.DateTimeField(_("at"), default=timezone.now)
    topics = models.TextField(_("topics"), blank=True)
    wording = models.TextField(_("wording"), blank=True)
    wording_version = models.PositiveIntegerField(_("version of the wording"), default=0)
    page = models.CharField(_("page"), max_length=250, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self):
        return f"{self.get_action_display()}, {self.at:%Y-%m-%d %H:%M} UTC"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly
