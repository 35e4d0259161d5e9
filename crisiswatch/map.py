"""The world in one month: which countries are lit how, and where each situation has its mark."""

import datetime
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db.models import prefetch_related_objects

from crisiswatch.atlas import VIEWS, Plate, plate
from crisiswatch.models import Coverage, Edition, Entry, Situation

MONTHS = 24
TRENDS = Entry.Trend.values
# In units of the drawing. A situation whose countries lie farther from their middle has a mark in
# each; two marks are at least so far apart.
FAR, APART = 260, 32


@dataclass(frozen=True)
class Lit:
    """A country on the map; ``kind`` says how it is filled, ``entry`` where it leads, if to one."""

    code: str
    kind: str
    entry: Entry | None = None
    dot: tuple[int, int] | None = None


@dataclass(frozen=True)
class Mark:
    """The trend and the alerts of an entry, at a place."""

    entry: Entry
    x: int
    y: int

    @property
    def is_still(self) -> bool:
        """Nothing has moved: the mark is small."""
        return self.entry.trend == Entry.Trend.UNCHANGED and not self.entry.alerts()


@dataclass(frozen=True)
class World:
    """What the map of one edition shows; ``entries`` have their situations' countries at hand."""

    edition: Edition
    entries: list[Entry]
    standby: list[Situation]
    months: list[datetime.date]

    @property
    def plate(self) -> Plate:
        return plate(settings.MAP_POINT_OF_VIEW)

    @property
    def borders(self):
        return VIEWS[settings.MAP_POINT_OF_VIEW]

    @cached_property
    def lit(self) -> list[Lit]:
        """The countries, those on standby first: what is followed more closely covers them."""
        return [*self.on_standby(), *self.followed()]

    def on_standby(self) -> Iterator[Lit]:
        for code in sorted({code for each in self.standby for code in codes(each)}):
            yield self.light(code, "standby")

    def followed(self) -> Iterator[Lit]:
        """Each country once, in all the trends that its situations have."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for code in codes(entry.situation):
                found.setdefault(code, []).append(entry)
        for code, entries in sorted(found.items()):
            if kind := "-".join(t for t in TRENDS if any(e.trend == t for e in entries)):
                yield self.light(code, kind, entries[0] if len(entries) == 1 else None)

    def light(self, code: str, kind: str, entry: Entry | None = None) -> Lit:
        is_dot = code in self.plate.dots or code not in self.plate.shapes
        return Lit(code, kind, entry, self.plate.places[code] if is_dot else None)

    @cached_property
    def marks(self) -> list[Mark]:
        """One for each situation at its place, what is worst on top."""
        wanted = [(e, at) for e in sorted(self.entries, key=weight) for at in self.places(e)]
        taken: list[tuple[int, int]] = []
        for _entry, at in wanted:
            taken.append(free(at, taken))
        marks = [Mark(entry, *at) for (entry, _), at in zip(wanted, taken, strict=True)]
        return marks[::-1]

    def places(self, entry: Entry) -> list[tuple[int, int]]:
        """Amid the countries of a situation, or, where they lie far apart, in each of them."""
        at = [self.plate.places[c] for c in codes(entry.situation) if c in self.plate.places]
        if not at or not (entry.trend or entry.alerts()):
            return []
        middle = round(sum(x for x, _ in at) / len(at)), round(sum(y for _, y in at) / len(at))
        return [middle] if all(math.dist(middle, each) <= FAR for each in at) else at

    @cached_property
    def groups(self) -> list[tuple[str, str, list[Entry]]]:
        """The entries by trend, deteriorated first: its name, its words, and they."""
        each = [(t, t.label, [e for e in self.entries if e.trend == t]) for t in Entry.Trend]
        return [group for group in each if group[2]]

    @cached_property
    def alerts(self) -> list[tuple[str, str, int]]:
        """The alerts of the month: name, words, and how many there are."""
        said = Counter(alert for entry in self.entries for alert in entry.alerts())
        return [(name, words, count) for (name, words), count in sorted(said.items(), reverse=True)]

    @property
    def earlier(self) -> datetime.date | None:
        return max((m for m in self.months if m < self.edition.month), default=None)

    @property
    def later(self) -> datetime.date | None:
        return min((m for m in self.months if m > self.edition.month), default=None)


def world_map(edition: Edition, entries: Iterable[Entry]) -> World:
    """
    The map of an edition, whatever it holds in four queries; ``entries`` have ``situation`` loaded.
    """
    entries = list(entries)
    prefetch_related_objects(entries, "situation__countries")
    standby = Situation.objects.followed(edition.month, Coverage.Level.STANDBY)
    public = list(Edition.objects.public().values_list("month", flat=True))
    return World(
        edition=edition,
        entries=entries,
        standby=list(standby.defer("globe").prefetch_related("countries")),
        months=months_beside(edition.month, public),
    )


def months_beside(month: datetime.date, public: list[datetime.date]) -> list[datetime.date]:
    """The last months that there are, oldest first; of an older one, those up to the next."""
    latest = public[:MONTHS]
    if latest and month < latest[-1]:
        after = [each for each in public if each > month]
        latest = public[len(after) - 1 :][:MONTHS]
    return latest[::-1]


def codes(situation: Situation) -> list[str]:
    return [country.alpha2 for country in situation.countries.all()]


def weight(entry: Entry) -> tuple[bool, bool, str]:
    """What comes first: alerts, what has changed, the name."""
    return not entry.alerts(), entry.trend == Entry.Trend.UNCHANGED, entry.situation.name


def free(at: tuple[int, int], taken: list[tuple[int, int]]) -> tuple[int, int]:
    """The place nearest to ``at`` with no other mark near it, looked for in rings."""
    ways = [(0, 0)] + [
        (APART * r * math.cos(turn * math.pi / 4), APART * r * math.sin(turn * math.pi / 4))
        for r in (1, 2, 3, 4)
        for turn in range(8)
    ]
    tried = [(round(at[0] + dx), round(at[1] + dy)) for dx, dy in ways]
    # A little less than the step: rounding must not make neighbours collide.
    fits = (p for p in tried if all(math.dist(p, other) > APART - 2 for other in taken))
    return next(fits, at)
