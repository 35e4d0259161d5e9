"""What comes late, is much or takes long is found in the end, and nobody waits for it."""

import threading
import time

import pytest
from django.db import transaction
from django.utils import timezone

from editorial.models import ContentChange
from editorial.searching import attached, index, keeping, noting
from editorial.searching.asking import ask
from editorial.searching.noting import note
from publications.models import Publication
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(monkeypatch):
    """What a thread would do: it has a connection of its own and sees nothing of a test."""
    acts = []
    monkeypatch.setattr(keeping, "in_background", acts.append)
    return acts


@pytest.fixture(autouse=True)
def look_at_once(monkeypatch):
    monkeypatch.setattr(keeping, "_next_look", {"at": 0.0})


def newest():
    return ContentChange.objects.latest("pk").pk


def pieces(name, count):
    """Pieces of which nobody has noted anything."""
    fields = {**factories.public(), "kind": "report", "standfirst": "What it says."}
    rows = [
        Publication(title=f"{name} {n}", slug=f"{name}-{n}".lower(), **fields) for n in range(count)
    ]
    return Publication.objects.bulk_create(rows)


def commit(rows, first):
    ContentChange.objects.bulk_create(
        ContentChange(pk=first + n, model="publications.publication", key=row.pk)
        for n, row in enumerate(rows)
    )


def test_an_import_that_commits_after_others_is_found_as_a_whole(monkeypatch, begun):
    monkeypatch.setattr(keeping, "MOST", 40)
    monkeypatch.setattr(keeping, "BATCH", 25)
    monkeypatch.setattr(keeping, "AT_ONCE", 10)
    factories.make_publication("Before")
    ask("before")
    first = newest() + 1
    commit(pieces("Editor", 1), first + 700)
    commit(pieces("Another", 1), first + 100)
    assert ask("editor").total == ask("another").total == 1
    commit(pieces("Imported", 60), first + 10)
    assert ask("imported").is_catching_up
    keeping.catch_up()
    assert ask("imported").total == 60
    gaps = [key for key in index.current().state.missing if key >= first]
    assert gaps == [first, first + 70, first + 101]
    assert set(begun) == {keeping.catch_up}


def test_keys_that_nobody_commits_are_waited_for_a_while():
    state = index.State(upto=1, at="then")
    change = ContentChange(pk=3000, model="people.person", key=1, at=timezone.now())
    state = keeping.after(state, [change])
    assert {first: last for first, (last, _since) in state.missing.items()} == {2: 2999}
    state.missing[2][1] -= keeping.WAITED + 1
    state = keeping.after(
        state, [ContentChange(pk=3001, model="people.person", key=1, at=change.at)]
    )
    assert (state.upto, state.missing) == (3001, {})


def test_very_many_gaps_are_all_asked_for():
    factories.make_publication("Before")
    ask("before")
    first = newest() + 1
    state = index.current().state
    keys = range(first, first + 2 * keeping.SPANS + 10, 2)
    state.missing = {key: [key, time.time()] for key in keys}
    for key in (keys[0], keys[1] + 1, keys[-1], keys.stop):
        change = ContentChange.objects.create(pk=key, model="people.person", key=1)
    state.upto, state.at = change.pk, change.at.isoformat()
    found = [change.pk for change in keeping.changes_since(state)]
    assert found == [keys[0], keys[-1]]


def test_an_index_that_is_built_while_an_import_runs_finds_it_later(time_machine):
    factories.make_publication("Before")
    time_machine.move_to(timezone.now() + timezone.timedelta(seconds=keeping.WAITED + 1))
    first = newest() + 1
    commit(pieces("Editor", 100), first + 3)
    keeping.build()
    commit(pieces("Imported", 3), first)
    assert ask("imported").total == 3


def test_after_a_long_transaction_all_is_noted_again(
    monkeypatch, django_capture_on_commit_callbacks
):
    noted = ContentChange.objects.filter(model="people.person")
    for late, count in [(noting.LATE, 2), (-1, 6)]:
        monkeypatch.setattr(noting, "LATE", late)
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            note("people.person", 1, 2)
        assert noted.count() == count


@pytest.mark.one_database
def test_nobody_waits_for_a_big_write(begun, monkeypatch):
    piece = factories.make_publication("Quagga")
    ask("quagga")
    piece.save()
    with index.alone("writing"):
        start = time.monotonic()
        assert ask("quagga").is_catching_up
        monkeypatch.setattr(keeping, "is_at_work", lambda act: True)
        monkeypatch.setattr(index, "take", None)  # Not even looked whether it is free.
        assert ask("quagga").is_catching_up
        assert time.monotonic() - start < 1
    monkeypatch.undo()
    assert not ask("quagga").is_catching_up


def test_others_write_between_the_batches_of_a_big_write(monkeypatch):
    monkeypatch.setattr(keeping, "BATCH", 2)
    factories.make_publication("Before")
    ask("before")
    commit(pieces("Imported", 5), newest() + 1)
    turns, write = [], keeping.write

    def in_turns(reader, wanted, changes):
        turns.append((len(wanted), len(changes)))
        write(reader, wanted, changes)

    monkeypatch.setattr(keeping, "write", in_turns)
    keeping.catch_up()
    assert turns == [(2, 0), (2, 0), (1, 5)]
    assert ask("imported").total == 5


def test_an_index_that_took_over_meanwhile_does_not_claim_what_the_old_one_holds():
    factories.make_publication("Quagga")
    ask("quagga")
    folder = index.current().folder
    keeping.build()
    with pytest.raises(index.Lost):
        keeping.write_in_turn(folder, [], list(ContentChange.objects.all()))


def unread_files(monkeypatch, count):
    """As many pieces with a file each, and the names of the files in the order of reading."""
    read = []
    monkeypatch.setattr(attached, "text_of", lambda name: read.append(name) or b"Khartoum")
    for number in range(count):
        piece = factories.make_publication(f"Report {number}")
        piece.attachments.create(file=factories.pdf(note=f"{number} {timezone.now()}"), label="All")
    return read


def test_unread_files_are_read_by_one_thread_each_once(begun, monkeypatch):
    monkeypatch.setattr(keeping, "AT_ONCE", 5)
    read = unread_files(monkeypatch, 5)
    assert ask("khartoum").total == 0
    for _ in range(3):
        ask("khartoum")
    assert begun == [keeping.read_files]
    monkeypatch.setattr(keeping, "AT_ONCE", 4)  # What has been read may be much, too.
    keeping.read_files()
    keeping.read_files()
    assert (len(read), len(set(read))) == (5, 5)
    assert ask("khartoum").is_catching_up
    assert begun[-1] == keeping.catch_up
    keeping.catch_up()
    assert (ask("khartoum").total, index.current().state.unread) == (5, {})


def test_a_text_that_cannot_be_kept_is_not_tried_again_at_once(begun, monkeypatch):
    read = unread_files(monkeypatch, 2)
    ask("khartoum")
    monkeypatch.setattr(attached.Path, "write_bytes", full)
    with pytest.raises(OSError, match="full"):
        keeping.read_files()
    begun.clear()
    for _ in range(3):
        assert ask("khartoum").total == 0
    assert (begun, len(read)) == ([], 1)


def full(path, content):
    raise OSError(28, "The disk is full")


@pytest.mark.one_database
def test_where_no_thread_can_be_started_the_index_answers(monkeypatch):
    def cannot(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", cannot)
    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    monkeypatch.setattr(keeping, "_threads", {})
    keeping.build()
    factories.make_publication("Quagga")
    assert ask("quagga").is_catching_up
