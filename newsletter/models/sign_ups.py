from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from editorial.languages import interface_languages
from newsletter.addresses import LONGEST, fingerprints
from regions.models import Region

LINK_LIVES = timedelta(days=7)
MAILS_A_DAY = 5
REQUESTS_AN_HOUR = 20
RETRY_AFTER = timedelta(minutes=5)


class SuppressionQuerySet(models.QuerySet):
    def covers(self, address) -> bool:
        return self.filter(fingerprint__in=fingerprints(address)).exists()


class Suppression(models.Model):
    """
    An address that never gets a mail again. It outlives erasure, so it names nobody.

    When ``SECRET_KEY`` changes, the old key must stay in ``SECRET_KEY_FALLBACKS``, or the
    suppressions made under it no longer hold.
    """

    class Reason(models.TextChoices):
        BOUNCED = "bounced", _("bounced")
        COMPLAINED = "complained", _("complained")
        ASKED = "asked", _("asked")

    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")

    def __str__(self):
        return f"{self.fingerprint[:8]}… ({self.get_reason_display()})"


class SignUpQuerySet(models.QuerySet):
    def is_busy(self, network) -> bool:
        """Whether a network has sent as many requests within an hour as we take."""
        since = timezone.now() - timedelta(hours=1)
        return self.filter(network=network, requested_at__gt=since).count() >= REQUESTS_AN_HOUR

    def left_over(self):
        """Those of today whose job was lost, or whose mail could not be sent."""
        now = timezone.now()
        return self.filter(
            answered_at=None,
            requested_at__gt=now - timedelta(days=1),
            requested_at__lt=now - RETRY_AFTER,
        )

    def old(self):
        return self.filter(requested_at__lt=timezone.now() - LINK_LIVES)


class SignUp(models.Model):
    """A request on its way. Once it is answered it no longer holds the address."""

    address = models.CharField(_("address"), max_length=LONGEST, blank=True)
    fingerprint = models.CharField(_("fingerprint of the address"), max_length=64)
    network = models.CharField(_("fingerprint of the network"), max_length=64)
    language = models.CharField(_("language"), max_length=10, choices=interface_languages)
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    page = models.CharField(_("page"), max_length=250, blank=True)
    wording = models.TextField(_("wording"))
    wording_version = models.PositiveIntegerField(_("version of the wording"))
    requested_at = models.DateTimeField(_("requested at"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        indexes = [
            models.Index("fingerprint", "requested_at", name="signup_of_address"),
            models.Index("network", "requested_at", name="signup_of_network"),
        ]
        constraints = [
            models.CheckConstraint(
                name="newsletter_signup_once_answered_holds_no_address",
                condition=Q(answered_at__isnull=True) | Q(address=""),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    def is_one_too_many(self) -> bool:
        """Whether its address was entered often enough within the day before it."""
        since = self.requested_at - timedelta(days=1)
        others = SignUp.objects.filter(fingerprint=self.fingerprint, requested_at__gt=since)
        earlier = others.filter(requested_at__lte=self.requested_at).exclude(pk=self.pk)
        return earlier.count() >= MAILS_A_DAY
