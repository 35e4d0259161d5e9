from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from editorial.models.append_only import AppendOnlyModel


class Event(AppendOnlyModel):
    """Something that somebody did, for the record: who, what, when, from what to what."""

    class Action(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        REWORKED = "reworked", _("back to draft")
        SCHEDULED = "scheduled", _("scheduled")
        UNSCHEDULED = "unscheduled", _("schedule cancelled")
        APPLIED = "applied", _("schedule applied")
        FAILED = "failed", _("schedule failed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CORRECTED = "corrected", _("corrected")
        DISCARDED = "discarded", _("draft discarded")
        RESTORED = "restored", _("restored")
        RESOLVED = "resolved", _("two texts joined")
        DELETED = "deleted", _("deleted")
        LINK_MADE = "link_made", _("preview link made")
        LINK_OPENED = "link_opened", _("preview link opened")
        LINK_REVOKED = "link_revoked", _("preview link revoked")
        SIGNED_IN = "signed_in", _("signed in")
        REFUSED = "refused", _("sign-in refused")
        ROLES_CHANGED = "roles_changed", _("roles changed")

    at = models.DateTimeField(_("at"), default=timezone.now)
    action = models.CharField(_("action"), max_length=20, choices=Action)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True)
    object_id = models.PositiveBigIntegerField(null=True)
    piece = GenericForeignKey()
    what = models.CharField(_("what"), max_length=250, blank=True)
    from_revision = models.PositiveIntegerField(_("from revision"), null=True)
    to_revision = models.PositiveIntegerField(_("to revision"), null=True)
    details = models.TextField(_("details"), blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        verbose_name = _("event")
        verbose_name_plural = _("log")
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="editorial_event_piece"),
            models.Index(fields=["-at"], name="editorial_event_newest"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} UTC, {self.get_action_display()}: {self.what}"


class Presence(models.Model):
    """Somebody has the form of an object open; the page tells so again and again."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                "content_type", "object_id", "user", name="editorial_presence_once"
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.since:%H:%M} UTC"


def is_time_zone(name):
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone: write one such as Asia/Seoul."), params={"name": name}
        )


class Preferences(models.Model):
    """What an editor has chosen for their own desk."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences"
    )
    time_zone = models.CharField(
        _("time zone"), max_length=60, blank=True, validators=[is_time_zone]
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("preferences")
        verbose_name_plural = _("preferences")

    def __str__(self):
        return str(self.user)
