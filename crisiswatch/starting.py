"""A new month, begun from the last one."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crisiswatch.models import Coverage, Edition, Entry
from crisiswatch.months import months_on, parse_month
from editorial import clock
from editorial.dates import format_month
from editorial.drafting import bump, keep_how_it_was_found, keep_revision
from editorial.snapshots import take_snapshot


@dataclass(frozen=True)
class Next:
    """The month that can be started now, and the edition from which, or None for the first."""

    month: datetime.date
    before: Edition | None

    def __str__(self):
        month = format_month(self.month)
        if self.before is None:
            return _("Start %(month)s") % {"month": month}
        last = format_month(self.before.month)
        return _("Start %(month)s from %(last)s") % {"month": month, "last": last}


def next_to_start() -> Next | None:
    """
    The month after the newest edition, or this month for a first one.

    None while that is more than a month ahead: a button pressed again and again fills no calendar.
    """
    newest, this = Edition.objects.only("month").first(), parse_month(clock.today())
    month = months_on(newest.month, 1) if newest else this
    return Next(month, newest) if month <= months_on(this, 1) else None


@transaction.atomic
def start_month(month, *, by) -> tuple[Edition, bool]:
    """
    Return the edition of a month, and whether it was made here: the database lets only one be.

    It has an entry for each situation that is monitored, with the author and the place of last
    month; trends are unset and texts empty. Who is no longer at the desk is left out.

    Raises ``ValidationError`` where it is neither there nor the next one.
    """
    coming = next_to_start()
    if coming is None or month != coming.month:
        edition = Edition.objects.filter(month=month).first()
        if edition is None:
            raise ValidationError(_("%s is not the month to start now.") % format_month(month))
        return edition, False
    edition, made = Edition.objects.get_or_create(month=month, defaults={"created_by": by})
    if made:
        add_entries(edition, coming.before)
        note = _("Started from %s") % format_month(coming.before.month) if coming.before else ""
        keep_revision(edition, take_snapshot(edition), by=by, note=note)
    return edition, made


def not_begun(edition) -> int:
    """How many situations are monitored in the month of an edition and have no entry there."""
    monitored = Coverage.objects.in_month(edition.month, Coverage.Level.MONITORED)
    return monitored.exclude(situation__entries__edition=edition).count()


@transaction.atomic
def take_out(entry, *, by, version):
    """
    Take an entry out of an edition that was never approved.

    Raises ``Stale``, and ``ValidationError`` where readers may have seen it.
    """
    edition = entry.edition
    bump(edition, version)
    if edition.approved_at:
        raise ValidationError(_("Readers may have seen it: its entries stay what they are."))
    keep_how_it_was_found(edition)
    before = take_snapshot(edition)
    entry.delete()
    keep_revision(edition, take_snapshot(edition), by=by, before=before)


def add_entries(edition, last) -> list[Entry]:
    """Entries for what is monitored in the month of an edition, in the order of the last one."""
    monitored = Coverage.objects.in_month(edition.month, Coverage.Level.MONITORED)
    entries = last.entries.select_related("author", "situation") if last else []
    earlier = {each.situation_id: each for each in entries}
    ends = {}
    for each in earlier.values():
        region = each.situation.region_id
        ends[region] = max(ends.get(region, 0), each.position)
    return Entry.objects.bulk_create(
        Entry(
            edition=edition,
            situation=each.situation,
            author=author_of(earlier.get(each.situation_id)),
            position=place_of(each.situation, earlier.get(each.situation_id), ends),
        )
        for each in monitored.select_related("situation")
    )


def author_of(earlier):
    author = earlier and earlier.author
    return author if author and author.is_active and author.is_staff else None


def place_of(situation, earlier, ends) -> int:
    """What is new comes last in its region; among places that nobody has set, by its name."""
    if earlier:
        return earlier.position
    end = ends.get(situation.region_id, 0)
    return end + 1 if end else 0
