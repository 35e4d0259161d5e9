"""Many small saves of one person make one revision, unless anything holds on to it."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from editorial import drafting
from editorial.amending import ONE_SITTING
from editorial.models import PreviewLink, Revision, Status
from editorial.snapshots import take_snapshot
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def author():
    return factories.make_editor()


@pytest.fixture
def piece():
    return factories.make_publication(status=Status.DRAFT)


def save(piece, title, author, **kwargs):
    piece = type(piece).objects.get(pk=piece.pk)
    snapshot = drafting.current(piece) | {"title": title}
    kwargs = {"amends": True, **kwargs}
    return drafting.save_snapshot(piece, snapshot, by=author, version=piece.version, **kwargs)


def numbers(piece):
    return list(Revision.objects.of(piece).order_by("number").values_list("number", flat=True))


def test_the_saves_of_one_sitting_are_one_revision(piece, author):
    save(piece, "One", author)
    made = save(piece, "Two", author)
    assert numbers(piece) == [1, 2]  # The first says how it was found.
    piece.refresh_from_db()
    assert (piece.title, piece.version) == ("Two", 3)
    made.refresh_from_db()
    assert made.snapshot == take_snapshot(piece)
    assert made.changes == "Title"


def test_a_live_piece_keeps_its_row_and_one_draft(author):
    piece = factories.make_publication("Read")
    save(piece, "One", author)
    save(piece, "Two", author)
    piece.refresh_from_db()
    draft = drafting.draft_of(piece)
    assert (piece.title, draft.snapshot["title"], draft.based_on) == ("Read", "Two", 1)
    assert numbers(piece) == [1, 2]


def test_who_does_not_ask_for_it_makes_a_revision_each_time(piece, author):
    save(piece, "One", author)
    save(piece, "Two", author, amends=False)
    assert numbers(piece) == [1, 2, 3]


def test_somebody_else_makes_a_revision_of_their_own(piece, author):
    save(piece, "One", author)
    save(piece, "Two", factories.make_editor())
    save(piece, "Three", author)
    assert numbers(piece) == [1, 2, 3, 4]


def test_a_sitting_has_an_end_however_steadily_one_works(piece, author, clock):
    for minute in range(0, 26, 5):
        clock.move_to(NOW + datetime.timedelta(minutes=minute))
        save(piece, f"Minute {minute}", author)
    sittings = Revision.objects.of(piece).filter(author=author).order_by("number")
    assert [each.snapshot["title"] for each in sittings] == ["Minute 10", "Minute 25"]
    assert datetime.timedelta(minutes=10) == ONE_SITTING


def hold_by_note(piece, revision, author):
    Revision.objects.filter(pk=revision.pk).update(note="As agreed")


def hold_by_submission(piece, revision, author):
    Revision.objects.filter(pk=revision.pk).update(submitted_at=timezone.now())


def hold_by_schedule(piece, revision, author):
    revision.schedules.create(change_at=NOW, scheduled_by=author)


def hold_by_link(piece, revision, author):
    PreviewLink.objects.create(revision=revision, made_by=author, expires_at=NOW)


def hold_by_text_set_aside(piece, revision, author):
    snapshot = take_snapshot(piece)
    drafting.set_aside(piece, snapshot, by=factories.make_editor(), base=revision.number)


def hold_by_publication(piece, revision, author):
    piece = type(piece).objects.get(pk=piece.pk)
    drafting.approve(piece, by=author, version=piece.version)


def hold_by_giving_up(piece, revision, author):
    Revision.objects.filter(pk=revision.pk).update(discarded_at=timezone.now())


@pytest.mark.parametrize(
    "hold",
    [
        hold_by_note,
        hold_by_submission,
        hold_by_schedule,
        hold_by_link,
        hold_by_text_set_aside,
        hold_by_publication,
        hold_by_giving_up,
    ],
)
def test_what_anything_holds_on_to_stays_as_it_is(piece, author, hold):
    revision = save(piece, "Held", author)
    hold(piece, revision, author)
    assert save(piece, "Next", author).number > revision.number
    revision.refresh_from_db()
    assert revision.snapshot["title"] == "Held"


def test_the_first_revision_stays(author):
    piece = factories.make_publication(status=Status.DRAFT)
    drafting.keep_revision(piece, take_snapshot(piece), by=author)
    save(piece, "Next", author)
    assert numbers(piece) == [1, 2]
