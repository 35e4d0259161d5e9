"""
Many small saves of one person within some minutes make one revision.

A revision that anything holds on to is never amended. A form may have been opened from it
nevertheless: see ``editorial.admin.parts`` for what the form of a part does about that.
"""

import datetime

from django.utils import timezone

from editorial.comparing import changes_in_words
from editorial.models import Revision

# From the first save of a revision on, so that even hours of steady work leave a trail.
ONE_SITTING = datetime.timedelta(minutes=10)


def amendable(piece, by) -> Revision | None:
    """
    The newest revision, where somebody may go on with it: it is their own, young and without a
    note; nothing was shown, submitted, scheduled, published or begun from it.
    """
    every = Revision.objects.of(piece)
    last = every.standing().defer("snapshot").newest()
    if last is None or last.author_id != by.pk or last.created_at < timezone.now() - ONE_SITTING:
        return None
    is_said = last.note or last.submitted_at or last.published_at
    if is_said or last.schedules.exists() or last.links.exists():
        return None
    is_first = not every.filter(number__lt=last.number).exists()
    return None if is_first or every.filter(based_on=last.number).exists() else last


def amend(piece, revision, snapshot) -> Revision:
    """Let a revision say what ``snapshot`` says. Its number and its moment stay."""
    earlier = Revision.objects.of(piece).standing().filter(number__lt=revision.number).newest()
    revision.snapshot = snapshot
    if earlier:
        revision.changes = changes_in_words(type(piece), earlier.snapshot, snapshot)
    revision.save(update_fields=["snapshot", "changes"])
    return revision
