"""What an act does to the data: all of it, once, and nothing that readers have had goes."""

import csv
import datetime
import gzip
import io
import json

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisiswatch.models import Correction, DataPart, DataVersion, Edition
from crisiswatch.releasing import release
from editorial import drafting, scheduling
from editorial.models import ScheduledChange, Status
from editorial.rehearsing import rehearsal
from editorial.snapshots import take_snapshot
from tests.factories import (
    make_edition,
    make_editor,
    make_entry,
    make_region,
    make_situation,
)

pytestmark = pytest.mark.django_db

JUNE, JULY = datetime.date(2024, 6, 1), datetime.date(2024, 7, 1)
NOON = datetime.datetime(2024, 7, 1, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def editor():
    return make_editor()


@pytest.fixture
def situation():
    return make_situation("Korean Peninsula", countries=["KR", "KP"], region=make_region("Asia"))


def draft(month, situation, lead="The month in one breath."):
    edition = Edition.objects.create(month=month, overview="<p>All of it.</p>")
    make_entry(edition=edition, situation=situation, lead=lead)
    return edition


def approve(edition, editor, at=None):
    edition.refresh_from_db()
    drafting.approve(edition, by=editor, version=edition.version, publish_at=at)


def correct(edition, editor, lead):
    """Publish a draft in which the first entry has another lead, with a correction."""
    edition.refresh_from_db()
    snapshot = take_snapshot(edition)
    snapshot["entries"][0]["lead"] = lead
    drafting.save_snapshot(edition, snapshot, by=editor, version=edition.version)
    drafting.publish(edition, by=editor, version=edition.version)


def publish_all(*editions):
    return release(Edition.objects.filter(pk__in=[edition.pk for edition in editions]))


def read(version, name="entries.csv", month=""):
    """The rows of a table, as a reader unpacks it."""
    file = version.files.get(name=name, month=month)
    text = gzip.decompress(b"".join(file.compressed())).decode()
    if name.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def every_byte():
    """All that anybody can download, by its address."""
    return {
        (file.version_id, file.month, file.number, file.name): b"".join(file.compressed())
        for version in DataVersion.objects.all()
        for file in version.files.all()
    }


def versions():
    return list(DataVersion.objects.public().values_list("number", "reason", "said").reverse())


class TestAnAct:
    def test_makes_the_edition_public_with_its_data(self, situation, editor):
        edition = draft(JUNE, situation)
        assert not DataVersion.objects.exists()
        approve(edition, editor)
        assert versions() == [(1, "published", "2024-06 published.")]
        version = DataVersion.objects.get()
        [row] = read(version)
        assert row["month"] == "2024-06"
        assert row["situation"] == "korean-peninsula"
        assert (row["countries"], row["m49"]) == ("KOR PRK", "410 408")
        assert read(version, month="2024-06") == [row]
        [line] = read(version, "entries.jsonl")
        assert line["countries"] == ["KOR", "PRK"]

    def test_goes_with_its_transaction(self, situation, editor):
        edition = draft(JUNE, situation)
        with rehearsal():
            approve(edition, editor)
            assert release(Edition.objects.filter(pk=edition.pk))
        assert not DataVersion.objects.exists()
        assert not DataPart.objects.exists()

    def test_of_correcting_makes_a_version_beside_the_old_one(self, situation, editor):
        edition = draft(JUNE, situation)
        approve(edition, editor)
        before = every_byte()
        snapshot = take_snapshot(edition)
        snapshot["entries"][0]["lead"] = "It was Tuesday."
        snapshot["corrections"] = [
            {
                "pk": 2**52 + 1,
                "situation": situation.pk,
                "corrected_on": "2024-07-12",
                "text": "We had the wrong day.",
            }
        ]
        drafting.save_snapshot(edition, snapshot, by=editor, version=edition.version)
        drafting.publish(edition, by=editor, version=edition.version)
        assert versions()[1] == (
            2,
            "corrected",
            "2024-06 corrected: Korean Peninsula. We had the wrong day.",
        )
        after = every_byte()
        assert {place: after[place] for place in before} == before
        first, second = DataVersion.objects.order_by("number")
        assert [read(each)[0]["lead"] for each in (first, second)] == [
            "The month in one breath.",
            "It was Tuesday.",
        ]
        assert read(second, "corrections.csv")[0]["text"] == "We had the wrong day."
        assert read(second, "editions.csv")[0]["version"] == "2"
        assert not read(first, "corrections.csv")
        assert Correction.objects.count() == 1

    def test_that_changes_nothing_makes_no_version(self, situation, editor):
        edition = draft(JUNE, situation)
        approve(edition, editor)
        assert publish_all(edition) == []
        assert len(versions()) == 1

    def test_of_withdrawing_takes_the_month_out_of_the_next_version_alone(self, situation, editor):
        june, july = draft(JUNE, situation), draft(JULY, situation)
        approve(june, editor)
        approve(july, editor)
        june.refresh_from_db()
        drafting.withdraw(june, by=editor, version=june.version, reason="It was wrong.")
        assert versions()[2] == (3, "withdrawn", "2024-06 withdrawn.")
        second, third = DataVersion.objects.filter(number__gt=1).order_by("number")
        assert [row["month"] for row in read(second)] == ["2024-06", "2024-07"]
        assert [row["month"] for row in read(third)] == ["2024-07"]
        assert [row["month"] for row in read(third, "editions.csv")] == ["2024-07"]

    def test_leaves_what_others_are_writing_alone(self, situation, editor):
        approve(draft(JUNE, situation), editor)
        hidden = draft(JULY, situation, lead="Nobody knows this yet.")
        hidden.settle()
        release(Edition.objects.all())
        assert len(versions()) == 1

    def test_about_many_months_makes_one_version(self, situation):
        months = [datetime.date(2020, number, 1) for number in range(1, 7)]
        for month in months:
            make_entry(edition=make_edition(month), situation=situation)
        made = release(Edition.objects.none(), reason="imported", said="Six months.")
        assert versions() == [(1, "imported", "Six months.")]
        assert [row["month"] for row in read(made[0])] == [f"{month:%Y-%m}" for month in months]

    def test_finds_what_was_never_written(self, situation, editor):
        make_entry(edition=make_edition(JUNE), situation=situation)
        approve(draft(JULY, situation), editor)
        assert [row["month"] for row in read(DataVersion.objects.get())] == ["2024-06", "2024-07"]

    def test_writes_a_month_that_got_another_name(self, situation, editor):
        edition = draft(JUNE, situation)
        approve(edition, editor)
        Edition.objects.update(month=JULY)
        [version] = publish_all(edition)
        assert [row["month"] for row in read(version)] == ["2024-07"]


class TestBeforeItsMoment:
    """A version waits for the moment of its edition; what comes between it stands before it."""

    @pytest.fixture(autouse=True)
    def at_noon(self):
        with time_machine.travel(NOON, tick=False) as self.clock:
            yield

    def test_nobody_has_it(self, situation, editor):
        approve(draft(JUNE, situation), editor, at=NOON + HOUR)
        assert versions() == []
        self.clock.move_to(NOON + HOUR)
        assert versions() == [(1, "published", "2024-06 published.")]

    def test_another_act_comes_first(self, situation, editor):
        june, july = draft(JUNE, situation), draft(JULY, situation)
        approve(june, editor)
        approve(july, editor, at=NOON + 2 * HOUR)
        self.clock.move_to(NOON + HOUR)
        correct(june, editor, "It was Tuesday.")
        self.clock.move_to(NOON + 2 * HOUR)
        assert [said for _number, _reason, said in versions()] == [
            "2024-06 published.",
            "2024-06 corrected: Korean Peninsula.",
            "2024-07 published.",
        ]
        assert [row["lead"] for row in read(DataVersion.objects.first())] == [
            "It was Tuesday.",
            "The month in one breath.",
        ]

    def test_it_can_be_moved(self, situation, editor):
        edition = draft(JUNE, situation)
        approve(edition, editor, at=NOON + HOUR)
        edition.refresh_from_db()
        later = NOON + 3 * HOUR
        scheduling.schedule_piece(edition, at=later, by=editor, version=edition.version)
        assert [each.public_at for each in DataVersion.objects.all()] == [later]

    def test_it_can_be_taken_back(self, situation, editor):
        edition = draft(JUNE, situation)
        approve(edition, editor, at=NOON + HOUR)
        edition.refresh_from_db()
        drafting.rework(edition, by=editor, version=edition.version)
        assert not DataVersion.objects.exists()
        assert Edition.objects.get().publish_at is None

    def test_its_text_can_change(self, situation, editor):
        edition = draft(JUNE, situation)
        approve(edition, editor, at=NOON + HOUR)
        correct(edition, editor, "It was Tuesday.")
        self.clock.move_to(NOON + HOUR)
        assert versions() == [(1, "published", "2024-06 published.")]
        assert read(DataVersion.objects.get())[0]["lead"] == "It was Tuesday."

    def test_a_scheduled_change_makes_its_version_when_it_happens(self, situation, editor):
        edition = draft(JUNE, situation)
        approve(edition, editor)
        edition.refresh_from_db()
        snapshot = take_snapshot(edition)
        snapshot["entries"][0]["lead"] = "It was Tuesday."
        revision = drafting.save_snapshot(edition, snapshot, by=editor, version=edition.version)
        scheduling.schedule(revision, at=NOON + HOUR, by=editor, version=edition.version)
        assert len(versions()) == 1
        self.clock.move_to(NOON + HOUR)
        scheduling.apply_due()
        assert ScheduledChange.objects.get().applied_at
        assert len(versions()) == 2

    def test_two_moments_are_two_versions(self, situation, editor):
        approve(draft(JULY, situation), editor, at=NOON + 2 * HOUR)
        approve(draft(JUNE, situation), editor, at=NOON + HOUR)
        self.clock.move_to(NOON + HOUR)
        assert versions() == [(1, "published", "2024-06 published.")]
        self.clock.move_to(NOON + 2 * HOUR)
        assert len(versions()) == 2


class TestAClockThatJumps:
    def test_back_takes_nothing_from_readers(self, situation, editor):
        with time_machine.travel(NOON, tick=False) as clock:
            june, july = draft(JUNE, situation), draft(JULY, situation)
            approve(june, editor, at=NOON + HOUR)
            clock.move_to(NOON + HOUR)
            before = every_byte()
            correct(june, editor, "It was Tuesday.")
            clock.move_to(NOON)
            approve(july, editor)
            after = every_byte()
            assert {place: after[place] for place in before} == before
            clock.move_to(NOON + HOUR)
            assert [number for number, _reason, _said in versions()][:3] == [1, 2, 3]

    def test_ahead_does_not_let_out_what_is_for_later(self, situation, editor):
        with time_machine.travel(NOON, tick=False) as clock:
            clock.move_to(NOON + 9000 * HOUR)
            approve(draft(JUNE, situation), editor)
            clock.move_to(NOON)
            july = draft(JULY, situation)
            approve(july, editor, at=NOON + HOUR)
            july.refresh_from_db()
            drafting.rework(july, by=editor, version=july.version)
            clock.move_to(NOON + 2 * HOUR)
            assert all("2024-07" not in said for _number, _reason, said in versions())


class TestWhatReadersMayKnow:
    def test_of_coverage_is_what_has_begun(self, situation, editor):
        make_situation("Beginning", covered=datetime.date(2024, 9, 1))
        ending = make_situation("Ending", covered=None)
        ending.coverage.create(
            level="standby", first_month=JUNE, last_month=datetime.date(2024, 12, 1)
        )
        approve(draft(JUNE, situation), editor)
        version = DataVersion.objects.get()
        assert [row["code"] for row in read(version, "situations.csv")] == [
            "ending",
            "korean-peninsula",
        ]
        assert {
            row["situation"]: (row["level"], row["last_month"])
            for row in read(version, "coverage.csv")
        } == {"ending": ("standby", ""), "korean-peninsula": ("monitored", "")}

    def test_are_situations_with_an_entry_or_on_standby_and_not_one_in_the_making(
        self, situation, editor
    ):
        making = make_situation("In the making", covered=None)
        making.coverage.create(
            first_month=datetime.date(2024, 1, 1), last_month=datetime.date(2024, 5, 1)
        )
        watched = make_situation("Watched", slug="watched", covered=None)
        watched.coverage.create(level="standby", first_month=JUNE)
        approve(draft(JUNE, situation), editor)
        version = DataVersion.objects.get()
        addresses = {row["code"]: row["url"] for row in read(version, "situations.csv")}
        assert addresses == {
            "korean-peninsula": "http://testserver/crisiswatch/situations/korean-peninsula/",
            "watched": "",  # Nothing stands there before its first entry.
        }
        covered = [row["situation"] for row in read(version, "coverage.csv")]
        assert covered == ["korean-peninsula", "watched"]

    def test_is_not_who_wrote_it_nor_a_region_in_the_making(self, editor):
        region = make_region("Atlantis", status=Status.DRAFT)
        author = make_editor(username="author-of-it")
        edition = draft(JUNE, make_situation("Sunken", region=region))
        edition.entries.update(author=author)
        approve(edition, editor)
        said = b"".join(map(gzip.decompress, every_byte().values()))
        assert b"author-of-it" not in said
        assert b"tlantis" not in said
        assert b'"state"' not in said

    def test_a_renamed_situation_keeps_its_code(self, situation, editor):
        approve(draft(JUNE, situation), editor)
        situation.name, situation.slug = "Korea", "korea"
        situation.save()
        assert not release(Edition.objects.none())  # It comes with July, as the codebook says.
        new = make_situation("North Korea")
        new.continues.set([situation])
        july = draft(JULY, situation)
        make_entry(edition=july, situation=new)
        approve(july, editor)
        version = DataVersion.objects.first()
        assert [(row["situation"], row["situation_name"]) for row in read(version)] == [
            ("korean-peninsula", "Korean Peninsula"),
            ("korean-peninsula", "Korea"),
            ("north-korea", "North Korea"),
        ]
        known = {row["code"]: row for row in read(version, "situations.csv")}
        assert known["korean-peninsula"]["name"] == "Korea"
        assert known["north-korea"]["continues"] == "korean-peninsula"


def test_questions_do_not_grow_with_the_months(situation):
    counts = []
    for year in range(2010, 2013):
        editions = [make_edition(datetime.date(year, month, 1)) for month in range(1, 13)]
        for edition in editions:
            make_entry(edition=edition, situation=situation)
        publish_all(*editions[:-1])
        with CaptureQueriesContext(connection) as queries:
            publish_all(editions[-1])
        counts.append(len(queries))
    assert counts[0] == counts[-1]
