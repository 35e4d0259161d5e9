from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """What people set. Public, scheduled and embargoed follow from it and from the clock."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PublishableQuerySet(models.QuerySet):
    def public(self, at=None):
        """What everybody may read at the moment ``at`` (an aware datetime; now by default)."""
        return self.filter(status=Status.APPROVED, publish_at__lte=at or timezone.now())

    def gone(self):
        """What was public once, was withdrawn, and is not public again: 410, not 404."""
        public = Q(status=Status.APPROVED, publish_at__lte=timezone.now())
        return self.filter(~public, withdrawn_at__isnull=False)


class Publishable(models.Model):
    """
    Something that editors prepare and the public reads from ``publish_at`` on.

    A draft may be incomplete: fields that only readers need may be blank in the row. They are
    named in ``needed_by_readers`` and checked by ``submit()`` and ``approve()``.
    """

    needed_by_readers = ()

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
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    modified_at = models.DateTimeField(_("modified at"), auto_now=True)

    class Meta:
        abstract = True
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
    def is_public(self):
        return self.status == Status.APPROVED and self.publish_at <= timezone.now()

    @property
    def is_scheduled(self):
        return self.status == Status.APPROVED and self.publish_at > timezone.now()

    @property
    def published_on(self):
        """The day of publication in the zone of the site."""
        return timezone.localdate(self.publish_at)

    @property
    def is_known(self):
        """Whether readers have, or had, its address."""
        return self.is_public or self.withdrawn_at is not None

    def addresses(self):
        """Every public path that dies when this object's slug changes."""
        return [self.get_absolute_url()]

    def missing(self):
        """The names of the fields that readers need and that are still blank."""
        return [
            capfirst(str(self._meta.get_field(name).verbose_name))
            for name in self.needed_by_readers
            if not getattr(self, name)
        ]

    def check_complete(self):
        """Raise ``ValidationError`` with one sentence for each field that readers need."""
        if missing := self.missing():
            raise ValidationError(
                [_("%(field)s is still empty: fill it in first.") % {"field": f} for f in missing]
            )

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

    def withdraw(self):
        """
        Take it back. Where readers have seen it, ``withdrawn_at`` says so for good, and its address
        answers 410 for as long as it is not public again.
        """
        seen = timezone.now() if self.is_public else self.withdrawn_at
        self._move(status=Status.WITHDRAWN, withdrawn_at=seen)

    def rework(self):
        """Make it a draft again."""
        self._move(status=Status.DRAFT)

    def _move(self, **changes):
        for name, value in changes.items():
            setattr(self, name, value)
        self.version = F("version") + 1
        self.save(update_fields=[*changes, "version", "modified_at"])
        self.refresh_from_db(fields=["version"])


class Revision(models.Model):
    """
    What an object looked like at one save: itself, the rows it owns, its relations and tags.

    ``snapshot`` is JSON. Rows that existed only in a draft carry no primary key in it.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    piece = GenericForeignKey()
    number = models.PositiveIntegerField(_("number"))
    snapshot = models.JSONField(_("snapshot"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    note = models.CharField(_("note"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        ordering = ["content_type", "object_id", "-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(
                "content_type", "object_id", "number", name="editorial_revision_number_once"
            ),
        ]

    def __str__(self):
        return f"{self.content_type.name} {self.object_id}, {self._meta.verbose_name} {self.number}"


class ScheduledChange(models.Model):
    """A revision of a public object that is to replace what the public sees, at a moment."""

    revision = models.OneToOneField(
        Revision, verbose_name=_("revision"), on_delete=models.PROTECT, related_name="schedule"
    )
    change_at = models.DateTimeField(_("change at"))
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("scheduled by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    class Meta:
        ordering = ["change_at"]
        verbose_name = _("scheduled change")
        verbose_name_plural = _("scheduled changes")
        constraints = [
            models.CheckConstraint(
                name="editorial_scheduledchange_applied_or_cancelled_not_both",
                condition=Q(applied_at__isnull=True) | Q(cancelled_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.revision} → {self.change_at:%Y-%m-%d %H:%M} UTC"
