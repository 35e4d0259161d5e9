import datetime

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from editorial.dates import LONG, SHORT, format_day, format_moment, format_month

SEPTEMBER, JANUARY = datetime.date(2023, 9, 14), datetime.date(2023, 1, 13)


def render(source, language, **context):
    with translation.override(language):
        return Template("{% load editorial %}" + source).render(Context(context))


def test_hebrew_readers_see_the_dates_that_they_are_used_to():
    assert format_day(SEPTEMBER, "he") == "14 ספט' 2023"
    assert format_day(JANUARY, "he") == "13 ינו' 2023"


def test_english_readers_see_theirs():
    assert format_day(SEPTEMBER, "en") == "14 Sept 2023"
    assert format_month(SEPTEMBER, "en") == "September 2023"


def test_a_language_without_a_table_gets_iso_8601():
    assert format_day(SEPTEMBER, "fr") == "2023-09-14"
    assert format_month(SEPTEMBER, "fr") == "2023-09"


def test_every_table_has_twelve_months():
    assert {len(table) for names in (SHORT, LONG) for table in names.values()} == {12}
    assert SHORT.keys() == LONG.keys()


def test_a_date_is_marked_up_and_isolated_for_direction():
    html = render("{{ day|day }}", "he", day=SEPTEMBER)
    assert html == '<bdi><time datetime="2023-09-14">14 ספט&#x27; 2023</time></bdi>'


def test_a_moment_is_dated_in_the_time_zone_of_the_site(settings):
    settings.TIME_ZONE = "Asia/Seoul"
    late = datetime.datetime(2023, 9, 13, 20, tzinfo=datetime.UTC)
    assert "14 Sept 2023" in render("{{ late|day }}", "en", late=late)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "30 Jun 2024, 22:30 UTC"),
        ("Europe/Brussels", "1 Jul 2024, 00:30 CEST (30 Jun 2024, 22:30 UTC)"),
        ("America/Lima", "30 Jun 2024, 17:30 -05 (22:30 UTC)"),
    ],
)
def test_editors_see_a_moment_in_the_zone_of_the_site_and_in_utc(settings, zone, said):
    settings.TIME_ZONE = zone
    assert format_moment(datetime.datetime(2024, 6, 30, 22, 30, tzinfo=datetime.UTC)) == said


def test_a_month_is_marked_up():
    html = render("{{ day|month }}", "en", day=SEPTEMBER)
    assert html == '<time datetime="2023-09">September 2023</time>'


def test_no_date_prints_nothing():
    assert render("{{ day|day }}", "en", day=None) == ""


@given(st.dates(), st.sampled_from(["en", "he", "ar", "xx"]))
def test_every_day_can_be_printed(day, language):
    assert str(day.year) in format_day(day, language) or f"{day.year:04}" in format_day(
        day, language
    )
