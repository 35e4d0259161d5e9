"""
A process that publishes and is killed, at fifty points: the whole month is public with all its
files, or nothing of it; and then it can be published.
"""

import datetime
import gzip
import hashlib
import os
import random
import signal
import threading
import warnings

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from crisiswatch.data.making import FILES
from crisiswatch.models import DataFile, DataPart, DataVersion, Edition, Entry
from editorial import drafting
from editorial.models import Event, Status
from editorial.snapshots import take_snapshot
from tests.factories import make_editor, make_entry, make_situation

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the process that dies is a fork"),
]

TIMES = 50
AT_RANDOM = 8
SEED = 2024


@pytest.fixture(autouse=True)
def one_connection(monkeypatch):
    """A pool opens several, in each of a hundred processes."""
    close_connections()
    if connection.vendor == "postgresql":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", False)
    yield
    close_connections()


class Newsroom:
    """Three situations, and as many months as are asked for."""

    def __init__(self):
        self.editor = make_editor()
        self.situations = [make_situation() for _ in range(3)]
        self.months = (datetime.date(2004 + n // 12, n % 12 + 1, 1) for n in range(200))

    def draft(self):
        edition = Edition.objects.create(month=next(self.months), overview="<p>All of it.</p>")
        for situation in self.situations:
            make_entry([("Talks.", "They met.")], edition=edition, situation=situation)
        return edition.pk

    def publish(self, pk):
        edition = Edition.objects.get(pk=pk)
        drafting.approve(edition, by=self.editor, version=edition.version)

    def draft_correction(self, pk):
        edition = Edition.objects.get(pk=pk)
        snapshot = take_snapshot(edition)
        for entry in snapshot["entries"]:
            entry["lead"] += " Corrected."
        drafting.save_snapshot(edition, snapshot, by=self.editor, version=edition.version)

    def correct(self, pk):
        edition = Edition.objects.get(pk=pk)
        drafting.publish(edition, by=self.editor, version=edition.version)


def statements(act, pk) -> int:
    """How many statements an act sends when nothing is in its way."""
    with CaptureQueriesContext(connection) as queries:
        act(pk)
    return len(queries)


def die(*_arguments):
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(point):
    """Let this process die at a point: a statement, the commit, or after some seconds."""
    kind, where = point
    if kind == "seconds":
        threading.Timer(where, die).start()
        return
    if kind == "commit":
        connection.ensure_connection()
        commit = connection._commit
        connection._commit = die if where == "before" else lambda: (commit(), die())
        return
    left = iter(range(where, -1, -1))

    def count(execute, *arguments):
        is_last = next(left) == 0
        if is_last and kind == "before":
            die()
        result = execute(*arguments)
        if is_last:
            die()
        return result

    connection.execute_wrappers.append(count)


def in_a_process_that_dies(act, pk, point) -> bool:
    """Do it in a process of its own; return whether that was killed."""
    close_connections()
    with warnings.catch_warnings(action="ignore"):  # Newer Pythons: we may have threads.
        child = os.fork()
    if child == 0:
        try:
            deadly(point)
            act(pk)
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def close_connections():
    """A process must not inherit any."""
    connections.close_all()
    if connection.vendor == "postgresql" and connection.pool:
        connection.close_pool()


def points(count, times, dice):
    """So many points: all over the statements, around the commit, and at random moments."""
    at_statements = times - AT_RANDOM // 2 - 2
    spread = [count * n // at_statements for n in range(at_statements)]
    yield from (("before" if n % 2 else "after", where) for n, where in enumerate(spread))
    yield from (("commit", "before"), ("commit", "after"))
    yield from (("seconds", dice.uniform(0.005, 0.25)) for _ in range(AT_RANDOM // 2))


def check_files():
    """Every file of the newest version is there with the bytes that its hash promises."""
    newest = DataVersion.objects.first()
    files = list(newest.files.all()) if newest else []
    assert not newest or {file.name for file in files if not file.month} >= set(FILES)
    for file in files:
        archive = b"".join(file.compressed())
        assert hashlib.sha256(archive).hexdigest() == file.sha256
        assert len(gzip.decompress(archive)) == file.size


def state(pk):
    """What the world has of a month: its page, its data, what the log says, its first lead."""
    edition = Edition.objects.get(pk=pk)
    month = f"{edition.month:%Y-%m}"
    return {
        "public": edition.status == Status.APPROVED,
        "parts": DataPart.objects.filter(month=month).count(),
        "files": DataFile.objects.filter(month=month).count(),
        "versions": DataVersion.objects.count(),
        "log": Event.objects.filter(object_id=pk).count(),
        "leads": sorted(Entry.objects.filter(edition=pk).values_list("lead", flat=True)),
    }


def try_all(newsroom, act, prepare, times, dice):
    """Kill the act at all points; return how often it had happened all the same."""
    count = statements(act, prepare())
    survived = 0
    for point in points(count, times, dice):
        pk = prepare()
        before = state(pk)
        in_a_process_that_dies(act, pk, point)
        after = state(pk)
        check_files()
        if after == before:
            act(pk)
            after = state(pk)
            check_files()
        else:
            survived += 1
        assert after["public"]
        assert after["versions"] == before["versions"] + 1, point
        assert after["parts"] > before["parts"], point
        assert after["files"] == before["files"] + 3, point
        assert after["log"] == before["log"] + 1, point
        assert act.__name__ == "publish" or after["leads"] != before["leads"]
    return survived


def test_a_publication_that_dies_has_happened_or_not():
    newsroom, dice = Newsroom(), random.Random(SEED)
    survived = try_all(newsroom, newsroom.publish, newsroom.draft, TIMES // 2, dice)
    assert 1 <= survived < TIMES // 2


def test_a_correction_that_dies_has_happened_or_not():
    newsroom, dice = Newsroom(), random.Random(SEED)
    pk = newsroom.draft()
    newsroom.publish(pk)

    def prepare():
        newsroom.draft_correction(pk)
        return pk

    survived = try_all(newsroom, newsroom.correct, prepare, TIMES // 2, dice)
    assert 1 <= survived < TIMES // 2
