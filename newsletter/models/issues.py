from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from editorial.models import Publishable, PublishableQuerySet
from newsletter.models.subscribers import Subscriber


class Issue(Publishable):
    """One mailing. ``policy`` says what happens to a mail of which nobody knows if it left."""

    needed_by_readers = ("subject", "body")

    class Policy(models.TextChoices):
        RESEND = "resend", _("resend: a second mail is better than none")
        HOLD = "hold", _("hold: no mail is better than a second one")

    subject = models.CharField(_("subject"), max_length=150, blank=True)
    body = models.TextField(_("body"), blank=True)
    policy = models.CharField(_("policy"), max_length=10, choices=Policy, default=Policy.HOLD)

    objects = PublishableQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["-publish_at", "-pk"]
        verbose_name = _("issue")
        verbose_name_plural = _("issues")

    def __str__(self):
        return self.subject or gettext("without a subject")

    def addresses(self):
        """It has no page of its own: it is read in the inbox."""
        return []


class Delivery(models.Model):
    """One issue to one subscriber: the ledger that says who has got what."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        LEASED = "leased", _("leased")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("uncertain")
        FAILED = "failed", _("failed")

    issue = models.ForeignKey(
        Issue, verbose_name=_("issue"), on_delete=models.CASCADE, related_name="deliveries"
    )
    subscriber = models.ForeignKey(
        Subscriber,
        verbose_name=_("subscriber"),
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)

    class Meta:
        ordering = ["issue", "pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                "issue", "subscriber", name="newsletter_delivery_once_per_issue_and_subscriber"
            ),
            models.CheckConstraint(
                name="newsletter_delivery_under_way_says_until_when",
                condition=Q(state__in=["leased", "sending"], leased_until__isnull=False)
                | (~Q(state__in=["leased", "sending"]) & Q(leased_until__isnull=True)),
            ),
        ]

    def __str__(self):
        return f"{self.issue} → {self.subscriber}"
