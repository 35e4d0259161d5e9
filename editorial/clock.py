"""What time it is: now, or in a preview the moment that an editor looks ahead to."""

import datetime
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_moment = ContextVar("moment", default=None)


def now() -> datetime.datetime:
    """Return the moment by which "public" is judged, in UTC."""
    return _moment.get() or timezone.now()


def today() -> datetime.date:
    """Return the day of that moment in the zone of the site."""
    return timezone.localtime(now(), timezone.get_default_timezone()).date()


@contextmanager
def as_of(moment: datetime.datetime):
    """Judge by another moment, an aware datetime, inside the block."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
