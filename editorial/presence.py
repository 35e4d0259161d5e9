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
    return [Colleague(row.user.get_full_name() or str(row.user), row.since) for row in present]


def _key(piece):
    return {"content_type": ContentType.objects.get_for_model(piece), "object_id": piece.pk}


def _of(piece):
    return Presence.objects.filter(**_key(piece))
