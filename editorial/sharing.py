"""
Preview links: whoever holds one reads one revision, as its page would be now, for a while.

An address holds the signed key of a link and nothing else; every opening is noted in the log.
"""

import datetime
from collections.abc import Iterator

from django.core import signing
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from editorial.addresses import absolute
from editorial.auditing import log
from editorial.images import RENDITIONS, PictureField, picture_at, rendition_path
from editorial.models import Event, PreviewLink, Revision
from editorial.snapshots import columns, owned

MOST_HOURS = 30 * 24
# A page that is loaded again and again is one reading: one line a minute.
ONE_READING = datetime.timedelta(minutes=1)

_signer = signing.Signer(salt="editorial.sharing")


class ClosedLink(Exception):
    """The link was real once: it has expired, or was revoked, or what it led to is gone."""


def token_of(link) -> str:
    return _signer.sign(link.key)


def address_of(link) -> str:
    """The full address to send to somebody."""
    return absolute(reverse("editorial:shared", args=[token_of(link)]))


def open_link(token: str) -> PreviewLink:
    """Return the link of a token. Raises ``signing.BadSignature`` or ``ClosedLink``."""
    key = _signer.unsign(token)
    link = PreviewLink.objects.select_related("revision").filter(key=key).first()
    if link is None or not link.is_open or link.revision.piece is None:
        raise ClosedLink
    return link


@transaction.atomic
def share(revision, *, by, hours: int) -> PreviewLink:
    now = timezone.now()
    expires_at = now + datetime.timedelta(hours=hours)
    link = PreviewLink.objects.create(
        revision=revision, made_by=by, made_at=now, expires_at=expires_at
    )
    note(Event.Action.LINK_MADE, link, by=by)
    return link


@transaction.atomic
def revoke(link, *, by):
    """Close a link at once; one that is closed stays as it is."""
    changed = PreviewLink.objects.filter(pk=link.pk, revoked_at__isnull=True)
    if changed.update(revoked_at=timezone.now()):
        note(Event.Action.LINK_REVOKED, link, by=by)


def note(action, link, *, by=None):
    revision = link.revision
    log(action, by=by, piece=revision.piece, to_revision=revision.number, details=name_of(link))


def name_of(link) -> str:
    """How the log calls it."""
    return f"#{link.pk}"


def openings(links):
    """The lines of the log that say that one of these links was opened."""
    return Event.objects.filter(
        action=Event.Action.LINK_OPENED,
        content_type__in={link.revision.content_type_id for link in links},
        object_id__in={link.revision.object_id for link in links},
        details__in=[name_of(link) for link in links],
    )


def note_opening(link):
    """Write down that a link was opened: at most one line for each reading."""
    recent = openings([link]).filter(at__gt=timezone.now() - ONE_READING)
    if recent.exists():
        return
    with transaction.atomic():
        PreviewLink.objects.select_for_update().get(pk=link.pk)  # Two at once are one too.
        if not recent.exists():
            note(Event.Action.LINK_OPENED, link)


def with_openings(links) -> list[PreviewLink]:
    """The links with ``times_opened`` and ``last_opened_at``, in two queries."""
    links = list(links)
    counted = openings(links).order_by().values("details")
    counted = counted.annotate(times=models.Count("pk"), last=models.Max("at"))
    found = {row["details"]: row for row in counted}
    for link in links:
        row = found.get(name_of(link), {})
        link.times_opened, link.last_opened_at = row.get("times", 0), row.get("last")
    return links


def links_of(piece):
    return PreviewLink.objects.filter(revision__in=Revision.objects.of(piece)).select_related(
        "revision", "made_by"
    )


def files_of(model, snapshot: dict) -> Iterator[tuple[models.FileField, str, str]]:
    """Yield the field, the name and the focal point of every file that a snapshot names."""
    for field in columns(model):
        if isinstance(field, models.FileField) and (name := snapshot.get(field.name)):
            yield field, name, snapshot.get(getattr(field, "ppoi_field", None), "")
    for relation, link in owned(model).items():
        for row in snapshot.get(relation, []):
            yield from files_of(link.model, row)


def is_in(path: str, model, snapshot: dict) -> bool:
    """Whether a path below ``MEDIA_URL`` is a file of the snapshot, or a rendition of it."""
    for field, name, focus in files_of(model, snapshot):
        if path == name:
            return True
        if isinstance(field, PictureField) and path.startswith(f"{name}/"):
            picture = picture_at(field, name, focus)
            if path in {rendition_path(picture, each) for each in RENDITIONS}:
                return True
    return False
