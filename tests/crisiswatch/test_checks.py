import datetime

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return factories.make_edition(status="draft", overview="<p>The month.</p>")


def add(edition, name="Sahel", developments=(), **kwargs):
    situation = factories.make_situation(name)
    return factories.make_entry(developments, edition=edition, situation=situation, **kwargs)


def found(edition):
    return {(check.sentence, check.blocking) for check in edition.checks()}


def test_a_complete_edition_lacks_nothing(edition):
    add(edition)
    assert not found(edition)


def test_an_edition_needs_an_entry_and_should_have_an_overview():
    edition = factories.make_edition(datetime.date(2024, 7, 1), status="draft")
    assert found(edition) == {
        ("There is no entry yet.", True),
        ("There is no global overview.", False),
    }


def test_an_entry_needs_a_trend_and_something_to_read(edition):
    add(edition, trend="", lead="")
    assert found(edition) == {
        ("Sahel has no trend yet.", True),
        ("Sahel has no text yet.", True),
    }


def test_an_entry_should_have_a_lead_and_one_with_an_alert_must(edition):
    for name, alerts in {"Sahel": {}, "Korea": {"resolution_opportunity": True}}.items():
        add(edition, name, [("", "One long paragraph.")], lead="", **alerts)
    assert found(edition) == {("Sahel has no lead.", False), ("Korea has no lead.", True)}


def test_a_development_needs_its_text(edition):
    add(edition, developments=[("A.", "B."), ("C.", "")])
    assert found(edition) == {("Sahel: paragraph 2 is still empty.", True)}


def test_no_check_asks_once_for_each_entry(edition, django_assert_num_queries):
    for number in range(5):
        add(edition, f"Place {number}", [("A.", "B.")])
    with django_assert_num_queries(2):
        assert not found(edition)
