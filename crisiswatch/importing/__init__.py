"""
A history comes in: tables as the site itself writes them, read into the database.

It is one transaction: all of it or nothing. What is so already is not touched; what is otherwise
on the site is changed only on demand, and then as the press room changes it.
"""

import datetime
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from crisiswatch.data.tables import TABLES
from crisiswatch.importing.corrections import Corrections
from crisiswatch.importing.editions import Editions, Entries
from crisiswatch.importing.files import Problems, Table
from crisiswatch.importing.report import Report
from crisiswatch.importing.situations import Coverages, Situations
from crisiswatch.models import Edition
from crisiswatch.models.data import DataVersion
from crisiswatch.months import months_on
from crisiswatch.releasing import release, together
from editorial.models import Status
from editorial.rehearsing import is_rehearsing

NEEDED = {
    "entries": ("month", "situation", "trend"),
    "situations": ("code", "name", "region"),
    "coverage": ("situation", "level", "first_month"),
    "editions": ("month", "published_at"),
    "corrections": ("month", "corrected_on", "text"),
}

IMPORTED = DataVersion.Reason.IMPORTED


class Refused(Exception):
    """Nothing was imported; ``problems`` say why."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("\n".join(map(str, problems.shown)))


@dataclass
class Way:
    """
    How a history is to be imported: what goes live is approved by a user, as of ``at`` o'clock on
    the first day after its month where no table says when readers got it.
    """

    by: object
    note: str = ""
    at: datetime.time = datetime.time(9)
    as_drafts: bool = False
    replace: bool = False
    now: datetime.datetime = field(default_factory=timezone.now)

    def moment_of(self, month) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(months_on(month, 1), self.at))

    def release(self, edition, at):
        edition.status, edition.publish_at = Status.APPROVED, at
        edition.approved_at, edition.approved_by = self.now, self.by


@transaction.atomic
def import_history(files: dict[str, Path], way: Way, **options) -> Report:
    """
    Read tables by their name: ``entries``, and if there are any, those of ``NEEDED``. ``options``
    are those of ``files.Table``.

    Raises ``Refused`` with all that is wrong; nothing is changed then.
    """
    problems, report = Problems(), Report()
    tables = {
        name: Table(path, names_of(name), NEEDED[name], problems, **options)
        for name, path in files.items()
    }
    situations = Situations(report)
    corrections = Corrections(situations, report)
    editions = Editions(corrections, way, report)
    entries = Entries(editions, situations, report)
    readers = {
        "situations": situations,
        "coverage": Coverages(situations, report, replace=way.replace),
        "corrections": corrections,
        "editions": editions,
        "entries": entries,
    }
    for name, reader in readers.items():
        if name in tables:
            reader.read(tables[name])
    situations.cover(entries.months)
    with together():
        changed = editions.finish(tables["entries"])
    if problems.count:
        raise Refused(problems)
    if changed and not is_rehearsing():
        release(Edition.objects.filter(pk__in=[each.pk for each in changed]), reason=IMPORTED)
    return report


def names_of(table) -> list[str]:
    return [column.name for column in TABLES[f"{table}.csv"]]
