import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from crisiswatch.models import Coverage
from regions.models import Region
from tests import factories

pytestmark = pytest.mark.django_db

MAY, JUNE = datetime.date(2024, 5, 1), datetime.date(2024, 6, 1)


@pytest.fixture
def edition():
    return factories.make_edition(
        JUNE, overview="<p>The month.</p>", status="draft", approved_at=None, publish_at=None
    )


def add(edition, name="Sahel", developments=(), **kwargs):
    kwargs.setdefault("lead", f"In {name} it went on.")
    kwargs.setdefault("situation", None)
    kwargs["situation"] = kwargs["situation"] or factories.make_situation(name)
    return factories.make_entry(developments, edition=edition, **kwargs)


def found(edition):
    return {(check.sentence, check.blocking) for check in edition.checks()}


def test_a_complete_edition_lacks_nothing(edition):
    add(edition)
    assert not found(edition)


def test_an_edition_needs_an_entry_and_should_have_an_overview(edition):
    edition.overview = ""
    assert found(edition) == {
        ("There is no entry yet.", True),
        ("There is no global overview.", False),
    }


def test_an_entry_needs_a_trend_and_something_to_read(edition):
    add(edition, trend="", lead=" ")
    assert found(edition) == {
        ("Sahel has no trend yet.", True),
        ("Sahel has no text yet.", True),
    }


def test_each_check_of_a_row_says_where_it_stands(edition):
    add(edition, "Korean Peninsula", trend="", lead="")
    assert {(check.field, check.place) for check in edition.checks()} == {
        ("entries", "korean-peninsula")
    }


def test_an_entry_should_have_a_lead_and_one_with_an_alert_must(edition):
    for name, alerts in {"Sahel": {}, "Korea": {"resolution_opportunity": True}}.items():
        add(edition, name, [("", f"One long paragraph on {name}.")], lead="", **alerts)
    assert found(edition) == {
        ("Sahel has no lead.", False),
        ("Korea has an alert, but no lead that gives the reason.", True),
    }


def test_a_long_lead_is_told_with_its_length(edition):
    add(edition, "Short", lead="s" * 300)
    add(edition, "Long", lead="l" * 301)
    assert found(edition) == {("Long: the lead has 301 characters; more than 300.", False)}


def test_a_development_needs_its_text(edition):
    add(edition, developments=[("A.", "B."), ("C.", " ")])
    assert found(edition) == {("Sahel: paragraph 2 is still empty.", True)}


class TestCoverage:
    def test_what_is_monitored_needs_an_entry(self, edition):
        add(edition)
        factories.make_situation("Korea")
        assert found(edition) == {("Korea is monitored in June 2024 and has no entry.", True)}
        assert [check.place for check in edition.checks()] == ["korea"]

    def test_what_is_on_standby_or_not_covered_has_none(self, edition):
        standby, ended, later = (add(edition, name) for name in ("Mali", "Nepal", "Peru"))
        standby.situation.coverage.update(level=Coverage.Level.STANDBY)
        ended.situation.coverage.update(last_month=MAY)
        later.situation.coverage.update(first_month=datetime.date(2024, 7, 1))
        assert found(edition) == {
            ("Mali is on standby in June 2024, not monitored, but has an entry.", True),
            ("Nepal is not covered in June 2024, but has an entry.", True),
            ("Peru is not covered in June 2024, but has an entry.", True),
        }

    def test_standby_needs_no_entry(self, edition):
        add(edition)
        factories.make_situation("Korea").coverage.update(level=Coverage.Level.STANDBY)
        assert not found(edition)

    def test_no_correction_waits_for_a_coverage_that_was_put_right_later(self):
        edition = factories.make_edition(JUNE, overview="<p>The month.</p>")
        add(edition, "Mali").situation.coverage.all().delete()
        factories.make_situation("Korea")
        assert {blocking for _sentence, blocking in found(edition)} == {False}
        edition.check_complete()

    def test_an_edition_that_was_approved_and_taken_back_still_needs_all_its_entries(self, edition):
        now = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
        edition.approved_at, edition.publish_at = now, now
        add(edition)
        factories.make_situation("Korea")
        with pytest.raises(ValidationError, match="Korea is monitored"):
            edition.check_complete()


class TestTheTextOfLastMonth:
    @pytest.fixture
    def last(self):
        entry = add(factories.make_edition(MAY), developments=[("A.", "First."), ("B.", "Second.")])
        return entry.situation

    def test_is_told_if_all_of_it_is_the_same(self, edition, last):
        add(edition, situation=last, lead="in SAHEL  it went on", developments=[("", "First")])
        assert found(edition) == {("Sahel says the same as in May 2024.", False)}

    @pytest.mark.parametrize(
        ("lead", "paragraphs", "said"),
        [
            ("In Sahel it went on.", ["New."], "Sahel has the lead of May 2024."),
            ("New.", ["Other.", "Second."], "Sahel: paragraph 2 is that of May 2024."),
            ("New.", ["First.", "Second."], "Sahel: paragraphs 1, 2 are those of May 2024."),
        ],
    )
    def test_is_told_if_a_part_of_it_is_the_same(self, edition, last, lead, paragraphs, said):
        developments = [("", text) for text in paragraphs]
        add(edition, situation=last, lead=lead, developments=developments)
        assert found(edition) == {(said, False)}

    def test_of_another_situation_is_nothing_to_tell(self, edition, last):
        last.coverage.all().delete()
        add(edition, "Korea", lead="In Sahel it went on.")
        assert not found(edition)


def test_dates_outside_the_month_and_days_that_there_are_not_are_told(edition):
    add(edition, lead="On 31 May and 31 June.", developments=[("By 3 July", "In August 2024.")])
    assert found(edition) == {
        ("Sahel names what lies after June 2024: 3 July, August 2024.", False),
        ("Sahel names no day of June 2024, but 31 May.", False),
        ("Sahel names a day that there is not: 31 June.", False),
    }


def test_no_check_asks_once_for_each_entry(edition, django_assert_num_queries):
    last = factories.make_edition(MAY)
    for number in range(5):
        entry = add(edition, f"Place {number}", [("A.", "B.")])
        add(last, developments=[("C.", "D.")], situation=entry.situation, lead="Other.")
        factories.make_situation(f"Elsewhere {number}")
    with django_assert_num_queries(6):
        assert len(found(edition)) == 5
    for entry in edition.entries.all():
        entry.author = factories.make_member("Contributor")
        entry.save()
        factories.make_desk(factories.make_region(), members=[entry.author])
    with django_assert_num_queries(8):
        assert len(found(edition)) == 10


class TestTheDeskOfTheAuthor:
    SAID = "Sahel: its author cannot edit it, their desk does not cover its region."

    @pytest.fixture
    def author(self):
        return factories.make_member("Contributor")

    @pytest.fixture
    def sahel(self, edition, author):
        return add(edition, author=author)

    def test_that_lies_elsewhere_is_told_as_advice(self, edition, author, sahel):
        assert not found(edition)  # Who has no desk edits everywhere.
        desk = factories.make_desk(members=[author])
        assert found(edition) == {(self.SAID, False)}
        desk.regions.add(factories.make_region())
        assert found(edition) == {(self.SAID, False)}

    def test_covers_what_lies_below_its_regions(self, edition, author, sahel):
        above = factories.make_region("Africa")
        Region.objects.filter(pk=sahel.situation.region_id).update(parent=above)
        factories.make_desk(above, members=[author])
        factories.make_desk(factories.make_region(), members=[author])
        assert not found(edition)

    def test_binds_no_superuser_and_nobody_once_readers_may_have_it(self, edition, author, sahel):
        factories.make_desk(members=[author])
        author.is_superuser = True
        author.save()
        assert not found(edition)
        author.is_superuser = False
        author.save()
        edition.approved_at = timezone.now()
        assert not found(edition)
