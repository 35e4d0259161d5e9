"""
Publication of the data: what stands in the editions becomes a version, in the same transaction.

A version is made once. It holds what the months that changed say anew (see ``models.data``); all
else it shares with the one before it. For each moment that lies ahead, at which an edition is going
to be public, a version is written now and becomes visible by itself. Those that lie ahead are
thrown away and written again whenever there is something new, so that numbers rise with moments.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation

from crisiswatch.data.making import Making
from crisiswatch.models.data import DataVersion
from editorial import clock
from editorial.models import Event, Status

_waits = ContextVar("waits", default=False)


@contextmanager
def together():
    """Many acts, one version: what they release waits for who opened the block, who does it."""
    token = _waits.set(True)
    try:
        yield
    finally:
        _waits.reset(token)


@transaction.atomic
def release(editions, *, reason: str = "", said: str = "") -> list[DataVersion]:
    """
    Bring the data to what readers have, or are going to have, and return the versions made.

    ``editions`` is a queryset of those that may have changed, whatever their state: all that one
    act is about. What was never written, and what is no longer public, is found without being
    named. Nothing new makes no version. ``reason`` (of ``DataVersion.Reason``) and ``said``, a
    sentence for readers, are found out too where they are not given.

    In a rehearsal it shows what would be written.
    """
    if _waits.get():
        return []
    with translation.override(settings.LANGUAGE_CODE):
        take_turns()
        throw_away_what_lies_ahead()
        now = timezone.now()
        ahead = editions.model.objects.filter(status=Status.APPROVED, publish_at__gt=now)
        moments = sorted({now, *ahead.values_list("publish_at", flat=True)})
        made = [make(editions, moment, now, reason, said) for moment in moments]
        return [version for version in made if version]


def make(editions, moment, now, reason, said) -> DataVersion | None:
    """Write the version of a moment, unless it would say the same as the one before it."""
    with clock.as_of(moment):
        making = Making()
        making.gather(editions)
        return making.keep(moment, now, reason, said) if making.changes else None


def take_turns():
    """One at a time. SQLite has but one writer anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE crisiswatch_dataversion IN SHARE ROW EXCLUSIVE MODE")


def throw_away_what_lies_ahead():
    """What nobody has seen yet. Its parts and files go with it."""
    now = timezone.now()
    ahead = DataVersion.objects.filter(public_at__gt=F("made_at")).filter(public_at__gt=now)
    for version in ahead:
        if not was_public(version):
            version.delete()


def was_public(version) -> bool:
    """
    Whether it lies ahead only because the clock has jumped back: since it was made, something was
    written down at a moment when readers had it.
    """
    later = DataVersion.objects.filter(number__gt=version.number, made_at__gte=version.public_at)
    logged = Event.objects.filter(pk__gt=version.made_after, at__gte=version.public_at)
    return later.exists() or logged.exists()
