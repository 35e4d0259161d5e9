import secrets

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RevisionQuerySet(models.QuerySet):
    def of(self, piece):
        kind = ContentType.objects.get_for_model(piece)
        return self.filter(content_type=kind, object_id=piece.pk)

    def standing(self):
        """Those that say what an object is or is to be: neither given up nor set aside."""
        return self.filter(discarded_at__isnull=True, is_aside=False)

    def drafts_of(self, model):
        """What is to go live of objects of one kind, and is not yet: for ``Exists``."""
        kind = ContentType.objects.get_for_model(model)
        later = self.filter(
            content_type=kind,
            object_id=models.OuterRef("object_id"),
            number__gt=models.OuterRef("number"),
            published_at__isnull=False,
        )
        drafts = self.standing().filter(published_at__isnull=True, based_on__isnull=False)
        return drafts.filter(~models.Exists(later), content_type=kind)

    def newest(self):
        return self.order_by("-number").first()


class Revision(models.Model):
    """
    What an object looked like at one save: itself, the rows it owns, its relations and tags.

    ``snapshot`` is JSON (see ``editorial.snapshots``). Of an object that is not approved, the
    newest standing revision is what its row says; of an approved one, it is a draft until it is
    published.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    piece = GenericForeignKey()
    number = models.PositiveIntegerField(_("number"))
    based_on = models.PositiveIntegerField(
        _("based on"),
        null=True,
        help_text=_(
            "The number of the revision that it changes: of a draft, the published one; of a text "
            "set aside, the one that its author had opened."
        ),
    )
    snapshot = models.JSONField(_("snapshot"))
    changes = models.TextField(_("changes"), blank=True, default="", db_default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    note = models.CharField(_("note"), max_length=200, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    discarded_at = models.DateTimeField(_("discarded at"), null=True, blank=True)
    is_aside = models.BooleanField(
        _("set aside"),
        default=False,
        db_default=False,
        help_text=_("Saved while somebody else had saved."),
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["content_type", "object_id", "-number"]
        default_permissions = ("view",)
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(
                "content_type", "object_id", "number", name="editorial_revision_number_once"
            ),
            models.CheckConstraint(
                name="editorial_revision_published_is_not_discarded",
                condition=Q(published_at__isnull=True)
                | Q(discarded_at__isnull=True, is_aside=False),
            ),
        ]
        indexes = [
            # What readers see of an object, without a look at every text that it ever had.
            models.Index(
                fields=["content_type", "object_id", "-published_at", "-number"],
                name="editorial_revision_published",
                condition=Q(published_at__isnull=False),
            ),
            models.Index(
                "submitted_at",
                name="editorial_revision_waiting",
                condition=Q(
                    submitted_at__isnull=False, published_at__isnull=True, discarded_at__isnull=True
                ),
            ),
        ]

    def __str__(self):
        return f"{self.content_type.name} {self.object_id}, {self._meta.verbose_name} {self.number}"

    @property
    def is_draft(self):
        return not (self.published_at or self.discarded_at or self.is_aside)


class ScheduledChangeQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(
            applied_at__isnull=True, cancelled_at__isnull=True, failed_at__isnull=True
        )

    def of(self, piece):
        return self.filter(revision__in=Revision.objects.of(piece))


class ScheduledChange(models.Model):
    """A revision of a public object that is to replace what the public sees, at a moment."""

    revision = models.ForeignKey(
        Revision, verbose_name=_("revision"), on_delete=models.PROTECT, related_name="schedules"
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
    failed_at = models.DateTimeField(_("failed at"), null=True, blank=True)
    problem = models.TextField(_("problem"), blank=True, default="", db_default="")
    # The key of the first of those that go live together, all or none.
    together = models.BigIntegerField(_("together"), null=True, blank=True, editable=False)

    objects = ScheduledChangeQuerySet.as_manager()

    class Meta:
        ordering = ["change_at"]
        default_permissions = ("view",)
        verbose_name = _("scheduled change")
        verbose_name_plural = _("scheduled changes")
        constraints = [
            models.CheckConstraint(
                name="editorial_scheduledchange_applied_or_cancelled_not_both",
                condition=Q(applied_at__isnull=True) | Q(cancelled_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                "change_at",
                name="editorial_schedule_pending",
                condition=Q(
                    applied_at__isnull=True, cancelled_at__isnull=True, failed_at__isnull=True
                ),
            ),
        ]

    def __str__(self):
        return f"{self.revision} → {self.change_at:%Y-%m-%d %H:%M} UTC"


def new_key():
    return secrets.token_urlsafe(24)


class PreviewLink(models.Model):
    """Lets somebody without an account read one revision, for a while."""

    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    revision = models.ForeignKey(
        Revision, verbose_name=_("revision"), on_delete=models.CASCADE, related_name="links"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        default_permissions = ("view",)
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")

    def __str__(self):
        return f"{self.revision} → {self.expires_at:%Y-%m-%d %H:%M} UTC"

    @property
    def is_open(self):
        return self.revoked_at is None and timezone.now() < self.expires_at
