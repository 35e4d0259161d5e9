"""The table of situations, as readers download it: what they may not know yet is not there."""

import csv
import datetime

import pytest

from crisiswatch.models import Edition
from crisiswatch.releasing import release
from tests.factories import make_entry, make_situation

pytestmark = pytest.mark.django_db


@pytest.fixture
def zambia():
    """A situation of which readers have an entry, in June 2024."""
    zambia = make_situation("Zambia", countries=["XK", "ZM", "RS"])
    make_entry(situation=zambia)
    return zambia


def situations(client):
    """The rows of a new version, by their codes."""
    release(Edition.objects.all())
    text = b"".join(client.get("/data/crisiswatch/latest/situations.csv")).decode()
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


def test_a_standby_that_lies_ahead_is_not_told(client, zambia):
    for name, month in [("Begun", 6), ("Ahead", 7)]:
        watched = make_situation(name, covered=None)
        watched.coverage.create(level="standby", first_month=datetime.date(2024, month, 1))
    assert situations(client).keys() == {"begun", "zambia"}


def test_what_a_situation_continues_is_not_told_while_that_is_in_the_making(client, zambia):
    zambia.continues.add(make_situation("In the making"))
    assert situations(client)["zambia"]["continues"] == ""


def test_a_country_without_a_number_comes_last_so_that_numbers_stand_where_codes_do(client, zambia):
    row = situations(client)["zambia"]
    assert (row["countries"], row["m49"]) == ("SRB ZMB XKX", "688 894")
