from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from editorial.models.append_only import AppendOnlyModel


class Consent(AppendOnlyModel):
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

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self):
        return f"{self.get_action_display()}, {self.at:%Y-%m-%d %H:%M} UTC"
