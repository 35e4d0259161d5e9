from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from editorial import clock


class Status(models.TextChoices):
    """What people set. Public, scheduled and embargoed follow from it and from the clock."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PublishableQuerySet(models.QuerySet):
    def public(self, at=None):
        """What everybody may read at the moment ``at`` (an aware datetime; now by default)."""
        return self.filter(status=Status.APPROVED, publish_at__lte=at or clock.now())

    def gone(self):
        """What was public once, was withdrawn, and is not public again: 410, not 404."""
        public = Q(status=Status.APPROVED, publish_at__lte=clock.now())
        return self.filter(~public, withdrawn_at__isnull=False)


@dataclass(frozen=True)
class Check:
    """
    Something that a piece lacks before readers may have it, and the field where it is mended.

    ``field`` is a field of the piece or the name of a relation to rows that it owns; ``place`` the
    row among these, by a name that its page knows. What is not ``blocking`` is advice.
    """

    field: str
    sentence: str
    blocking: bool = True
    place: str = ""


class Publishable(models.Model):
    """
    Something that editors prepare and the public reads from ``publish_at`` on.

    A draft may be incomplete: fields that only readers need may be blank in the row. They are
    named in ``needed_by_readers``; ``checks()`` looks at them and at all else that readers need.
    ``owns`` names the relations to the rows that belong to the object and to nobody else; with
    its fields, many-to-many relations and tags they make up its snapshots.
    """

    needed_by_readers = ()
    owns = ()

    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    publish_at = models.DateTimeField(
        _("publish at"),
        null=True,
        blank=True,
        help_text=_("The day and hour on its page. Once approved, it is public from then on."),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    withdrawn_because = models.CharField(
        _("reason of the withdrawal"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("One sentence. Readers see it at the old address."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    modified_at = models.DateTimeField(_("modified at"), auto_now=True)

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "approve", "publish")
        indexes = [
            # Serves "the newest public ones" on SQLite too, which a full index does not.
            models.Index(
                "publish_at", name="%(class)s_public", condition=Q(status=Status.APPROVED)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_approved_says_who_and_when",
                condition=~Q(status=Status.APPROVED)
                | Q(
                    publish_at__isnull=False,
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                ),
            ),
        ]

    @property
    def is_approved(self):
        """Whether its row says what readers see or are going to see: changes to it are drafts."""
        return self.status == Status.APPROVED

    @property
    def is_public(self):
        return self.status == Status.APPROVED and self.publish_at <= clock.now()

    @property
    def is_scheduled(self):
        return self.status == Status.APPROVED and self.publish_at > clock.now()

    @property
    def published_on(self):
        """The day of publication in the zone of the site."""
        return timezone.localdate(self.publish_at, timezone.get_default_timezone())

    @property
    def is_known(self):
        """Whether readers have, or had, its address."""
        return self.is_public or self.withdrawn_at is not None

    def addresses(self):
        """Every public path that dies when this object's slug changes."""
        return [self.get_absolute_url()]

    def pages(self):
        """Those of its addresses that a preview shows."""
        return self.addresses()

    def checks(self):
        """Yield a ``Check`` for everything that readers would miss."""
        for name in self.needed_by_readers:
            if not getattr(self, name):
                field = capfirst(str(self._meta.get_field(name).verbose_name))
                yield Check(name, _("%(field)s is still empty.") % {"field": field})

    def check_complete(self):
        """Raise ``ValidationError`` with one sentence for each check that blocks."""
        if wrong := [check.sentence for check in self.checks() if check.blocking]:
            raise ValidationError(wrong)

    def settle(self):
        """
        Bring up to date what follows from the content and from what is public, once all of it has
        been saved; also when it has been taken back.
        """

    def released_with(self):
        """Other objects, in any state, that editors may want to release at one moment with it."""
        return []

    def is_on_desk_of(self, user) -> bool:
        """Whether it lies in the part of the world that somebody edits."""
        return True

    def submit(self):
        """Ask for review. Raises ``ValidationError`` when something is missing."""
        self.check_complete()
        self._move(status=Status.IN_REVIEW)

    def approve(self, *, by, publish_at=None):
        """
        Release it for ``publish_at`` (else the moment already set, else now).

        Raises ``ValidationError`` when something that readers need is missing.
        """
        self.check_complete()
        now = timezone.now()
        self._move(
            status=Status.APPROVED,
            publish_at=publish_at or self.publish_at or now,
            approved_at=now,
            approved_by=by,
        )
        self.settle()

    def withdraw(self, reason=""):
        """
        Take it back. Where readers have seen it, ``withdrawn_at`` says so for good, and its address
        answers 410 with the reason for as long as it is not public again.
        """
        seen = timezone.now() if self.is_public else self.withdrawn_at
        facts = {"withdrawn_at": seen, "withdrawn_because": reason}
        self._move(status=Status.WITHDRAWN, **facts, **self._called_off())
        self.settle()

    def rework(self):
        """Make it a draft again."""
        self._move(status=Status.DRAFT, **self._called_off())
        self.settle()

    def _called_off(self):
        """
        A moment that lies ahead goes with the approval for it: later it would be taken for the day
        on which readers got the piece, or bring it to them when nobody means it any more.
        """
        return {"publish_at": None} if self.is_scheduled else {}

    def _move(self, **changes):
        for name, value in changes.items():
            setattr(self, name, value)
        self.version = F("version") + 1
        self.save(update_fields=[*changes, "version", "modified_at"])
        self.refresh_from_db(fields=["version"])
