import datetime

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

LONG_AGO = datetime.date(2001, 1, 1)


def found(piece):
    return {(check.field, check.blocking) for check in piece.checks()}


def make_person(**kwargs):
    person = factories.make_person(**{"biography": "<p>Wrote.</p>", **kwargs})
    factories.make_appointment(person)
    return person


def test_a_complete_person_lacks_nothing():
    assert not found(make_person())


def test_a_person_should_have_a_biography_and_a_title_today():
    person = factories.make_person()
    assert found(person) == {("biography", False), ("appointments", False)}
    factories.make_appointment(person, started_on=LONG_AGO, ended_on=LONG_AGO)
    assert ("appointments", False) in found(person)


def test_a_person_needs_a_name_to_be_sorted_by():
    assert found(make_person(sort_name="", status="draft")) == {("sort_name", True)}


def test_a_portrait_needs_an_alternative_text():
    person = make_person(portrait=factories.picture(), status="draft")
    assert found(person) == {("portrait_alt", True)}


def test_an_appointment_needs_a_title():
    person = make_person()
    factories.make_appointment(person, title="", is_primary=False)
    assert [(check.field, check.sentence) for check in person.checks()] == [
        ("appointments", "Appointment 2: title is still empty.")
    ]


def test_a_complete_quote_lacks_nothing():
    quote = factories.make_quote([factories.make_region()], source_url="https://example.org/")
    assert not found(quote)


def test_a_quote_needs_words_and_should_have_a_region_a_source_and_a_title():
    quote = factories.make_quote(text="", speaker_title="", status="draft")
    advice = {(field, False) for field in ("regions", "source_url", "speaker_title")}
    assert found(quote) == {("text", True), *advice}


def test_the_title_of_a_speaker_is_taken_from_the_appointments():
    quote = factories.make_quote(speaker_title="")
    factories.make_appointment(quote.speaker)
    assert ("speaker_title", False) not in found(quote)


def test_no_check_asks_once_for_each_appointment(django_assert_num_queries):
    person = make_person()
    with django_assert_num_queries(2):
        list(person.checks())
    for _ in range(5):
        factories.make_appointment(person, is_primary=False)
    with django_assert_num_queries(2):
        list(person.checks())
