"""The open data, as they are kept: versions, the files in each, and the parts files are made of."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from crisiswatch.data import members
from editorial import clock

# Parts that are held together in memory, of some 50 KB each.
AT_ONCE = 20


class DataVersionQuerySet(models.QuerySet):
    def public(self):
        """Those that everybody may have: those whose files of all months are public."""
        files = DataFile.objects.public().filter(month="", version=OuterRef("pk"))
        return self.filter(Exists(files))


class DataVersion(models.Model):
    """
    The data as they were from one publication to the next. What readers may have had is neither
    changed nor deleted; numbers rise with the moments.
    """

    class Reason(models.TextChoices):
        PUBLISHED = "published", _("published")
        CORRECTED = "corrected", _("corrected")
        WITHDRAWN = "withdrawn", _("withdrawn")
        IMPORTED = "imported", _("imported")

    number = models.PositiveIntegerField(primary_key=True)
    public_at = models.DateTimeField()
    made_at = models.DateTimeField()
    # The newest line of the log then: what was logged since is newer, whatever the clock said.
    made_after = models.PositiveBigIntegerField(default=0)
    reason = models.CharField(max_length=10, choices=Reason)
    said = models.TextField(blank=True)

    objects = DataVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="crisiswatch_dataversion_is_not_public_before_it_is_made",
                condition=Q(public_at__gte=F("made_at")),
            ),
        ]

    def __str__(self):
        return f"v{self.number}"


class DataPartQuerySet(models.QuerySet):
    def newest(self, version):
        """Of each name and month that which stands in a version."""
        same = DataPart.objects.filter(name=OuterRef("name"), month=OuterRef("month"))
        newest = same.filter(version__lte=version).order_by("-version").values("version")
        return self.filter(version=Subquery(newest[:1]))

    def read(self, *names):
        """Yield columns of each, in order, with one query; a few are held at a time."""
        return self.values_list(*names).iterator(chunk_size=AT_ONCE)

    def contents(self):
        """Yield the compressed bytes of each, in order."""
        return (bytes(content) for [content] in self.read("content"))


class DataPart(models.Model):
    """
    What one month gives to a file, compressed (see ``data.members``). What stands in no month has
    an empty one: the line with the names of the columns, or a file that is whole by itself.

    A part stands in its version and in all later ones, until another takes its place.
    """

    version = models.ForeignKey(DataVersion, on_delete=models.CASCADE, related_name="parts")
    month = models.CharField(max_length=7, blank=True)
    name = models.CharField(max_length=40)
    rows = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    crc = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    length = models.PositiveBigIntegerField()
    content = models.BinaryField()

    objects = DataPartQuerySet.as_manager()

    class Meta:
        ordering = ["month"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                "name", "month", "version", name="crisiswatch_datapart_once_in_a_version"
            ),
        ]

    def __str__(self):
        return f"{self.month} {self.name}".strip()


class DataFileQuerySet(models.QuerySet):
    def public(self):
        """
        Those that everybody may have: their moment has come. When the clock jumps back behind it,
        they stay, as what readers have of an edition does; but an edition that lies ahead again is
        hidden with all its files.
        """
        now = clock.now()
        was = Q(version__public_at__lte=F("version__made_at"))
        is_shown = Q(newest_at=None) | Q(newest_at__lte=now)
        return self.filter(Q(version__public_at__lte=now) | was & is_shown)


class DataFile(models.Model):
    """
    A file as readers find it in a version, compressed with gzip; of all months, or of a ``month``.

    ``number`` is the version in its address: a month counts its own. ``size``, ``rows`` and ``crc``
    are about the plain bytes, ``length`` and ``sha256`` about the compressed ones. ``newest_at`` is
    when the newest of the editions in it came to readers; None where there is none.
    """

    version = models.ForeignKey(DataVersion, on_delete=models.CASCADE, related_name="files")
    month = models.CharField(max_length=7, blank=True)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=40)
    rows = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    crc = models.PositiveBigIntegerField()
    length = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    newest_at = models.DateTimeField(null=True)

    objects = DataFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                "month", "number", "name", name="crisiswatch_datafile_once_at_an_address"
            ),
        ]

    def __str__(self):
        return f"{self.month} v{self.number} {self.name}".strip()

    def parts(self):
        """The parts it is made of, in order."""
        parts = DataPart.objects.filter(name=self.name)
        if self.name not in MONTHLY:
            parts = parts.filter(month=self.month)
        elif self.month:
            parts = parts.filter(month__in=["", self.month])
        return parts.newest(self.version_id)

    def compressed(self):
        """Yield its bytes as gzip has them: for one version for ever the same."""
        return members.member(self.parts().contents(), self.crc, self.size)

    def plain(self):
        return members.unpacked(self.parts().contents())


# The tables that every month adds to; other files stand as a whole in each version.
MONTHLY = ("entries.csv", "entries.jsonl", "editions.csv", "corrections.csv")
