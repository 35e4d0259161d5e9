"""
The sheet of an edition: a month as rows, one for each situation.

Rows are read from the snapshot of what an editor sees, so that the sheet is the same for an
edition in preparation and for the draft of one that readers have.
"""

import hashlib
import json
from dataclasses import dataclass, field
from itertools import groupby

from django.contrib.auth import get_user_model
from django.db.models import Q

from crisiswatch.checking import MONITORED, Around, areas_of, check_entry, said_in
from crisiswatch.models import Coverage, Development, Edition, Entry, Situation
from crisiswatch.paragraphs import as_text
from editorial import drafting
from editorial.models import Check
from editorial.permissions import has_permission, may
from editorial.snapshots import columns, without_keys
from regions.models import Region
from regions.tree import Tree

NOT_MADE = 0  # The key of an entry that nobody has begun: unlike None it is nobody's own.
PLACES = 2**31  # A sheet has so many places for its rows, by the key of the situation.
UNSEEN = ("globe", "region__globe", "region__introduction")  # of a situation


def token_of(row: dict | None) -> str:
    """A short name for all that a row of a snapshot says, whatever its keys; none has ``""``."""
    said = json.dumps(without_keys(row), sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=9).hexdigest() if row else ""


def tokens(edition) -> dict[int, str]:
    """The tokens of all rows that an edition has, by the key of their situation."""
    return {row["situation"]: token_of(row) for row in drafting.current(edition)["entries"]}


def row_in(snapshot, situation) -> dict | None:
    rows = (row for row in snapshot["entries"] if row["situation"] == situation.pk)
    return next(rows, None)


def entry_of(row: dict | None, edition, situation) -> Entry:
    """The entry that a row of a snapshot tells of; nothing is asked of the database."""
    row = row or {"pk": NOT_MADE, "developments": []}
    facts = {f.attname: row[f.name] for f in columns(Entry) if f.name in row}
    entry = Entry(**facts | {"pk": row["pk"], "edition": edition, "situation": situation})
    developments = [Development(**each) for each in row["developments"]]
    entry._prefetched_objects_cache = {"developments": developments}
    return entry


@dataclass
class Row:
    """A situation in a month; ``last`` is its entry in the month before, if there was one."""

    situation: Situation
    entry: Entry
    token: str
    last: Entry | None = None
    level: str = ""
    checks: list[Check] = field(default_factory=list)
    may_edit: bool = False
    path: list[Region] = field(default_factory=list)

    @property
    def text(self) -> str:
        return text_of(self.entry)

    @property
    def place(self) -> int:
        """Its place in its region; what is not begun stands where it stood last month."""
        return self.entry.position if self.is_there or self.last is None else self.last.position

    @property
    def is_there(self) -> bool:
        return bool(self.token)

    @property
    def is_missing(self) -> bool:
        return not self.is_there or self.blocking > 0

    @property
    def blocking(self) -> int:
        return sum(check.blocking for check in self.checks)

    @property
    def advice(self) -> int:
        return len(self.checks) - self.blocking

    def says(self) -> dict:
        """What its controls hold."""
        names = ("trend", "risk_alert", "resolution_opportunity", "lead", "state")
        return {name: getattr(self.entry, name) for name in names} | {"text": self.text}

    @property
    def says_the_same(self) -> bool:
        """Whether lead and text are those of last month, if there are any."""
        entry, last = self.entry, self.last
        said = (entry.lead, self.text)
        return last is not None and any(said) and said == (last.lead, text_of(last))


def text_of(entry) -> str:
    return as_text((each.lead_sentence, each.body) for each in entry.developments.all())


@dataclass
class Group:
    """The rows of one region; ``path`` leads to it from the root of the tree."""

    path: list[Region]
    rows: list[Row]

    @property
    def region(self) -> Region:
        return self.path[-1]

    @property
    def done(self) -> int:
        return sum(not row.is_missing for row in self.rows)


@dataclass
class Sheet:
    edition: Edition
    last: Edition | None
    groups: list[Group]

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @property
    def done(self) -> int:
        return sum(group.done for group in self.groups)


def open_sheet(edition, user, *, snapshot=None, only: set[int] | None = None) -> Sheet:
    """
    The sheet as a user sees it, or the rows of it that ``only`` names by their situations' keys.

    The number of queries does not grow with the rows. ``snapshot`` is the current one, if it is at
    hand.
    """
    snapshot = snapshot or drafting.current(edition)
    entries = {row["situation"]: row for row in snapshot["entries"]}
    followed = coverage_in(edition.month, only)
    wanted = {*entries, *monitored(followed)}
    wanted = wanted if only is None else wanted & only
    last = Edition.objects.filter(month__lt=edition.month).only("month").first()
    earlier = last_entries(last, wanted)
    its = Around(edition.month, followed, {pk: said_in(e) for pk, e in earlier.items()})
    its.last_month = last and last.month
    tree = Tree(Region.objects.only("name", "slug", "parent_id"))
    its.areas = areas_of(edition, {entries[pk]["author"] for pk in wanted & entries.keys()}, tree)
    rows = []
    for situation in situations_in(wanted, followed):
        row = entries.get(situation.pk)
        entry = entry_of(row, edition, situation)
        made = Row(situation, entry, token_of(row), earlier.get(situation.pk))
        made.level = getattr(followed.get(situation.pk), "level", "")
        made.checks = list(check_entry(entry, its, may_go=not edition.approved_at)) if row else []
        made.may_edit = may(user, "edit", entry)
        made.path = tree.path(situation.region)
        rows.append(made)
    return Sheet(edition, last, grouped(rows, tree))


def coverage_in(month, only=None) -> dict[int, Coverage]:
    found = Coverage.objects.in_month(month).select_related("situation__region")
    found = found.defer(*(f"situation__{name}" for name in UNSEEN))
    found = found.filter(situation__in=only) if only is not None else found
    return {each.situation_id: each for each in found}


def monitored(followed):
    return (pk for pk, coverage in followed.items() if coverage.level == MONITORED)


def situations_in(wanted, followed) -> list[Situation]:
    """The situations with these keys; those that are not followed are asked for."""
    found = [followed[pk].situation for pk in wanted if pk in followed]
    others = Situation.objects.filter(pk__in=[pk for pk in wanted if pk not in followed])
    return [*found, *others.select_related("region").defer(*UNSEEN)]


def last_entries(last, wanted) -> dict[int, Entry]:
    if last is None:
        return {}
    entries = last.entries.filter(situation__in=wanted).prefetch_related("developments")
    return {entry.situation_id: entry for entry in entries}


def grouped(rows, tree) -> list[Group]:
    rows.sort(key=lambda row: (row.place, row.situation.name))
    ordered = tree.in_order(rows, lambda row: row.situation.region_id)
    by_region = groupby(ordered, key=lambda row: row.situation.region_id)
    return [Group(rows[0].path, rows) for _pk, each in by_region if (rows := list(each))]


def writers(*keys):
    """The users who may be named as the author of an entry, and those with these keys."""
    at_the_desk = Q(is_active=True, is_staff=True)
    return get_user_model()._default_manager.filter(at_the_desk | Q(pk__in=keys))


def name_of(user) -> str:
    return user.get_full_name() or user.get_username()


def may_assign(user) -> bool:
    """Whether somebody says who writes an entry, and when it is ready; contributors do not."""
    return has_permission(user, "change", Entry())


def places_in(edition) -> range:
    """Where people can be on a sheet: see ``editorial.presence.meet``."""
    return range(edition.pk * PLACES, (edition.pk + 1) * PLACES)


def states_for(user, entry) -> list:
    """The states that somebody may give an entry, and the one that it has."""
    mine = [state for state in Entry.State if state != Entry.State.READY]
    return list(Entry.State) if may_assign(user) or entry.state not in mine else mine
