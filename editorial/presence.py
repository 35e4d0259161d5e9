"""Who has the form of an object open: advice for people, nothing is locked by it."""

import datetime
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from editorial.dates import format_moment
from editorial.models import Presence

# The page tells every 20 seconds that it is open: two of its calls may get lost.
AWAY_AFTER = datetime.timedelta(seconds=60)
# Saving leaves the page and opens it again: who is back by then has been there all along.
GRACE = datetime.timedelta(seconds=10)
# Who is asked more often is written down only so often.
RENEW_AFTER = datetime.timedelta(seconds=15)
# Rows of those who have not been here for so long are of no use to anybody.
FORGOTTEN_AFTER = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Colleague:
    """Somebody else who has the page open, and since when (aware)."""

    name: str
    since: datetime.datetime

    @property
    def since_in_words(self) -> str:
        """Return ``14:05 (13:05 UTC)`` in the active zone, with the day if it is not today's."""
        local, universal = timezone.localtime(self.since), self.since.astimezone(datetime.UTC)
        if local.date() != timezone.localdate():
            return format_moment(self.since)
        return f"{local:%H:%M}" + (f" ({universal:%H:%M} UTC)" if local.utcoffset() else " UTC")


def arrive(piece, user) -> None:
    """Note that ``user`` has ``piece`` open now; ``since`` begins anew after an absence."""
    now = timezone.now()
    here = _of(piece)
    still_here = here.filter(user=user, seen_at__gte=now - AWAY_AFTER)
    if still_here.update(seen_at=now):
        return
    # Two tabs may arrive at once: the second one finds the row of the first and renews it.
    Presence.objects.bulk_create(
        [Presence(**_key(piece), user=user, since=now, seen_at=now)],
        update_conflicts=True,
        unique_fields=["content_type", "object_id", "user"],
        update_fields=["since", "seen_at"],
    )
    here.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()


def leave(piece, user) -> None:
    """Note that ``user`` has closed ``piece``: away in ten seconds, unless back by then."""
    closing = timezone.now() - AWAY_AFTER + GRACE
    _of(piece).filter(user=user, seen_at__gt=closing).update(seen_at=closing)


def others(piece, user) -> list[Colleague]:
    """Return who else has ``piece`` open, longest first."""
    present = (
        _of(piece)
        .filter(seen_at__gte=timezone.now() - AWAY_AFTER)
        .exclude(user=user)
        .select_related("user")
        .order_by("since", "pk")
    )
    return [_colleague(row) for row in present]


def meet(model, places: range, place: int | None, user) -> dict[int, list[Colleague]]:
    """
    Note that ``user`` is at one of several places that are open together, or at none of them, and
    return who else is at which. A place is the key of a ``model``, whether there is one or not.
    """
    present = _present(model, places)
    mine = {row.object_id: row for row in present if row.user_id == user.pk}
    if left := [row.pk for at, row in mine.items() if at != place]:
        Presence.objects.filter(pk__in=left).delete()
    now = timezone.now()
    if place and (place not in mine or mine[place].seen_at < now - RENEW_AFTER):
        arrive(model(pk=place), user)
        if not mine:
            _inside(model, places).filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
    return _others_of(present, user)


def colleagues(model, places: range, user) -> dict[int, list[Colleague]]:
    """Return who else is at which of several places: see ``meet``."""
    return _others_of(_present(model, places), user)


def _inside(model, places):
    kind = ContentType.objects.get_for_model(model)
    ends = (places.start, places.stop - 1)
    return Presence.objects.filter(content_type=kind, object_id__range=ends)


def _present(model, places):
    found = _inside(model, places).filter(seen_at__gte=timezone.now() - AWAY_AFTER)
    return list(found.select_related("user").order_by("since", "pk"))


def _others_of(present, user):
    here = {}
    for row in present:
        if row.user_id != user.pk:
            here.setdefault(row.object_id, []).append(_colleague(row))
    return here


def _colleague(row):
    return Colleague(row.user.get_full_name() or str(row.user), row.since)


def _key(piece):
    return {"content_type": ContentType.objects.get_for_model(piece), "object_id": piece.pk}


def _of(piece):
    return Presence.objects.filter(**_key(piece))
