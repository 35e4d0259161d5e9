import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from crisiswatch.models import Coverage, Entry
from crisiswatch.months import parse_month
from editorial.models import Status
from tests import factories

pytestmark = pytest.mark.django_db

JUNE, JULY = datetime.date(2024, 6, 1), datetime.date(2024, 7, 1)


def test_an_entry_is_public_if_and_only_if_its_edition_is():
    hidden = factories.make_edition(JULY, status=Status.DRAFT)
    situation = factories.make_situation()
    factories.make_entry(edition=hidden, situation=situation)
    shown = factories.make_entry(edition=factories.make_edition(JUNE), situation=situation)
    assert list(Entry.objects.public()) == [shown]


def test_approving_an_edition_publishes_all_its_entries_by_one_row():
    edition = factories.make_edition(JUNE, status=Status.DRAFT)
    for _ in range(5):
        factories.make_entry(edition=edition)
    edition.approve(by=factories.make_editor())
    assert Entry.objects.public().count() == 5


def test_an_edition_with_an_entry_without_trend_is_not_approved():
    edition = factories.make_edition(JUNE, status=Status.DRAFT)
    factories.make_entry(edition=edition, trend="", situation=factories.make_situation("Sahel"))
    with pytest.raises(ValidationError, match="Sahel has no trend yet"):
        edition.approve(by=factories.make_editor())


def test_there_is_one_edition_a_month_and_one_entry_for_each_situation_in_it():
    entry = factories.make_entry()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_edition(entry.edition.month)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_entry(edition=entry.edition, situation=entry.situation)


def test_months_stand_on_their_first_day():
    edition = factories.make_edition(datetime.date(2024, 6, 2))
    edition.refresh_from_db()
    assert edition.month == JUNE
    for table in ("crisiswatch_edition SET month", "crisiswatch_coverage SET first_month"):
        factories.make_situation()
        with pytest.raises(IntegrityError, match="first_day"), transaction.atomic():
            connection.cursor().execute(f"UPDATE {table} = '2024-06-02'")


def test_coverage_does_not_end_before_it_starts():
    factories.make_situation()
    with pytest.raises(IntegrityError, match="ends_after"), transaction.atomic():
        Coverage.objects.update(last_month=datetime.date(2003, 8, 1))


def test_a_month_is_read_as_iso_8601_and_from_any_day_in_it():
    assert parse_month("2024-06") == JUNE
    assert parse_month(datetime.date(2024, 6, 30)) == JUNE
    for wrong in ("June", "2024-13", "2024-06-01x", "0024-06"):
        with pytest.raises(ValidationError, match="is not a month"):
            parse_month(wrong)


def test_the_strip_ends_at_the_entry_and_holds_two_years():
    situation = factories.make_situation()
    for number in range(30):
        month = datetime.date(2022 + number // 12, number % 12 + 1, 1)
        factories.make_entry(edition=factories.make_edition(month), situation=situation)
    entry = Entry.objects.get(edition__month=JUNE)
    strip = entry.strip()
    assert len(strip) == 24
    assert (strip[-1].month, strip[-1].entry) == (JUNE, entry)
    assert strip[0].month == datetime.date(2022, 7, 1)


def test_a_month_without_an_entry_is_a_gap_in_the_strip():
    situation = factories.make_situation()
    first, last = (
        factories.make_entry(edition=factories.make_edition(month), situation=situation)
        for month in (datetime.date(2024, 4, 1), JUNE)
    )
    assert [each.entry for each in last.strip()] == [first, None, last]


@pytest.mark.parametrize("last_month", [None, JUNE])
def test_no_month_is_covered_twice(last_month):
    covered = factories.make_situation().coverage.get()
    with pytest.raises(IntegrityError, match="covered_once"), transaction.atomic():
        covered.situation.coverage.create(first_month=JUNE, last_month=last_month)
    Coverage.objects.filter(pk=covered.pk).update(last_month=datetime.date(2024, 5, 1))
    covered.situation.coverage.create(first_month=JUNE, last_month=last_month)
    with pytest.raises(IntegrityError, match="covered_once"), transaction.atomic():
        Coverage.objects.filter(pk=covered.pk).update(last_month=None)
