import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from people.models import Appointment, Person
from tests.factories import make_appointment, make_person, make_quote, make_region, picture

pytestmark = pytest.mark.django_db


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def green():
    """Somebody whose title changed, with a gap."""
    person = make_person("Gu Aram")
    korea = make_region("Korean Peninsula")
    for title, region, first, last in [
        ("Senior Adviser", None, "2018-05-01", "2019-12-31"),
        ("Senior Consultant", korea, "2020-02-01", None),
    ]:
        make_appointment(
            person, title=title, region=region, started_on=day(first), ended_on=last and day(last)
        )
    return person


@pytest.mark.parametrize(
    ("on", "title"),
    [
        ("2018-04-30", ""),
        ("2018-05-01", "Senior Adviser"),
        ("2019-12-31", "Senior Adviser"),
        ("2020-01-15", ""),
        ("2023-09-14", "Senior Consultant, Korean Peninsula"),
    ],
)
def test_the_title_is_the_one_held_on_the_day(green, on, title):
    assert green.title_on(day(on)) == title


def test_the_current_title_follows_the_clock(green):
    with time_machine.travel("2019-06-01T12:00Z"):
        assert Person.objects.get(pk=green.pk).current_title == "Senior Adviser"
    with time_machine.travel("2020-01-15T12:00Z"):
        assert Person.objects.get(pk=green.pk).current_title == ""


def test_a_second_title_beside_the_primary_one_is_not_the_current_one(green):
    make_appointment(green, title="Trustee", is_primary=False, started_on=day("2021-01-01"))
    assert green.title_on(day("2022-01-01")).startswith("Senior Consultant")


OVERLAPS = [("2019-12-31", "2020-01-10"), ("2017-01-01", "2018-05-01"), ("2025-01-01", None)]


@pytest.mark.parametrize(("first", "last"), OVERLAPS)
def test_the_form_refuses_two_primary_titles_on_one_day(green, first, last):
    another = Appointment(
        person=green, title="Analyst", started_on=day(first), ended_on=last and day(last)
    )
    with pytest.raises(ValidationError, match="Another primary title"):
        another.full_clean()


@pytest.mark.parametrize(("first", "last"), OVERLAPS)
def test_the_database_refuses_two_primary_titles_on_one_day(green, first, last):
    with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
        make_appointment(green, started_on=day(first), ended_on=last and day(last))


def test_the_database_refuses_an_overlap_made_by_a_change(green):
    earlier = green.appointments.get(title="Senior Adviser")
    with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
        Appointment.objects.filter(pk=earlier.pk).update(ended_on=day("2020-02-01"))


def test_titles_may_follow_one_another_and_stand_side_by_side(green):
    make_appointment(green, started_on=day("2020-01-01"), ended_on=day("2020-01-31"))
    make_appointment(green, is_primary=False, started_on=day("2019-01-01"))
    make_appointment(started_on=day("2019-01-01"))


def test_an_appointment_does_not_end_before_it_starts():
    with pytest.raises(IntegrityError, match="ends_after_it_starts"), transaction.atomic():
        make_appointment(started_on=day("2020-02-01"), ended_on=day("2020-01-31"))


def test_a_portrait_has_alternative_text():
    with pytest.raises(IntegrityError, match="alternative_text"), transaction.atomic():
        make_person(portrait=picture())


def test_a_quote_keeps_the_title_held_on_its_day(green):
    quote = make_quote(speaker=green, speaker_title="", said_on=day("2019-01-01"))
    quote.keep_title()
    assert quote.speaker_title == "Senior Adviser"


def test_a_title_that_an_editor_wrote_stays(green):
    quote = make_quote(speaker=green, speaker_title="Expert", said_on=day("2019-01-01"))
    quote.keep_title()
    assert quote.speaker_title == "Expert"
