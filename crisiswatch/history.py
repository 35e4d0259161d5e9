"""
What the months of a situation say together: strips, runs, and what is new since last month.

Plain functions over public entries and coverage that are at hand; nothing here asks the database.
Absent is not unchanged: a month without an entry says whether the situation was on standby, not
followed at all, or followed while no edition of that month stands on this site.
"""

import datetime
from dataclasses import dataclass
from itertools import dropwhile, groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

YEAR = 12
# For a class in HTML each, short: a page holds hundreds of them.
MARKS = {"risk_alert": "risk", "resolution_opportunity": "hope"}


@dataclass(frozen=True)
class Month:
    """``level`` is said where there is no entry: an empty string if it was not covered."""

    month: datetime.date
    entry: object = None
    level: str = ""

    @property
    def state(self) -> str:
        """The trend, or what stands in its place: ``standby``, ``no_entry``, ``not_covered``."""
        if self.entry:
            return self.entry.trend
        return {"": "not_covered", "standby": "standby"}.get(self.level, "no_entry")

    @property
    def says(self) -> str:
        if self.entry:
            words = [self.entry.get_trend_display(), *(says for _name, says in self.alerts)]
            return ", ".join(str(each) for each in words if each)
        if self.level == "standby":
            return _("on standby")
        return _("no entry here") if self.level else _("not covered")

    @property
    def alerts(self) -> list[tuple]:
        return self.entry.alerts() if self.entry else []

    @property
    def marks(self) -> str:
        """The classes of its alerts."""
        return " ".join(MARKS[name] for name, _says in self.alerts)


def line(months, entries, coverage) -> list[Month]:
    """
    The months in a row, from the first one that has an entry on.

    ``coverage`` is anything that has its ``level``, ``first_month`` and ``last_month``.
    """
    by_month = {entry.edition.month: entry for entry in entries}
    since = dropwhile(lambda month: month not in by_month, months)
    return [
        Month(each, by_month[each])
        if each in by_month
        else Month(each, None, level_in(each, coverage))
        for each in since
    ]


def level_in(month: datetime.date, coverage) -> str:
    for row in coverage:
        if row.level and row.first_month <= month <= (row.last_month or datetime.date.max):
            return row.level
    return ""


def by_year(line: list[Month]) -> list[tuple[int, list[Month | None]]]:
    """
    The newest year first, twelve places each; None before the first month and after the last.

    Where coverage has ended for good, there are no years after it.
    """
    while line and line[-1].state == "not_covered":
        line = line[:-1]
    years = []
    for year, months in groupby(line, key=lambda each: each.month.year):
        places = {each.month.month: each for each in months}
        years.append((year, [places.get(number) for number in range(1, YEAR + 1)]))
    return years[::-1]


# Runs


@dataclass(frozen=True)
class Run:
    """Months in a row, none of them missing, with one trend."""

    trend: str
    first: datetime.date
    last: datetime.date
    months: int

    @property
    def says(self) -> str:
        """Such as “Deteriorating for 3 months”; whole years are called so."""
        years, rest = divmod(self.months, YEAR)
        return in_months(self.trend, self.months) if rest else in_years(self.trend, years)


def runs(line: list[Month]) -> list[Run]:
    """All runs, oldest first."""
    found = []
    for trend, group in groupby(line, key=lambda each: each.entry.trend if each.entry else ""):
        if trend:
            months = list(group)
            found.append(Run(trend, months[0].month, months[-1].month, len(months)))
    return found


def current_run(line: list[Month]) -> Run | None:
    """The run that the last month is in; None where it has no entry, or one without a trend yet."""
    return runs(line)[-1] if line and line[-1].entry and line[-1].entry.trend else None


def in_months(trend, count) -> str:
    says = {
        "deteriorated": ngettext(
            "Deteriorating for %(count)s month", "Deteriorating for %(count)s months", count
        ),
        "unchanged": ngettext(
            "Unchanged for %(count)s month", "Unchanged for %(count)s months", count
        ),
        "improved": ngettext(
            "Improving for %(count)s month", "Improving for %(count)s months", count
        ),
    }
    return says[trend] % {"count": count}


def in_years(trend, count) -> str:
    says = {
        "deteriorated": ngettext(
            "Deteriorating for a year", "Deteriorating for %(count)s years", count
        ),
        "unchanged": ngettext("Unchanged for a year", "Unchanged for %(count)s years", count),
        "improved": ngettext("Improving for a year", "Improving for %(count)s years", count),
    }
    return says[trend] % {"count": count}


# What is new


@dataclass(frozen=True)
class News:
    """What an entry says that the one before it did not; ``before`` is that entry."""

    entry: object
    before: object

    @property
    def has_turned(self) -> bool:
        return self.entry.trend != self.before.trend

    @property
    def alerts_set(self) -> list[tuple]:
        return [each for each in self.entry.alerts() if each not in self.before.alerts()]

    @property
    def alerts_lifted(self) -> list[tuple]:
        return [each for each in self.before.alerts() if each not in self.entry.alerts()]

    @property
    def paragraphs(self) -> list:
        """The developments that did not stand in the entry before, word for word."""
        known = {words_of(each) for each in self.before.developments.all()}
        return [each for each in self.entry.developments.all() if words_of(each) not in known]

    @property
    def kept(self) -> int:
        """How many paragraphs stand as they did."""
        return len(self.entry.developments.all()) - len(self.paragraphs)


def news(entry, before) -> News | None:
    """None for the first entry of a situation."""
    return News(entry, before) if before else None


def words_of(development) -> str:
    return " ".join(f"{development.lead_sentence} {development.body}".split())


# Coverage as readers may know it


@dataclass(frozen=True)
class Covered:
    """A time in which a situation was followed; no ``last`` where it still is."""

    level: str
    says: str
    first: datetime.date
    last: datetime.date | None


def covered(coverage, latest: datetime.date) -> list[Covered]:
    """
    The times of coverage that began by the latest public edition, the newest first.

    What is to end after that edition is not known yet, nor what begins after it.
    """
    known = sorted(coverage, key=lambda row: row.first_month, reverse=True)
    return [
        Covered(row.level, row.get_level_display(), row.first_month, ended_by(row, latest))
        for row in known
        if row.first_month <= latest
    ]


def ended_by(row, latest):
    return row.last_month if row.last_month and row.last_month < latest else None
