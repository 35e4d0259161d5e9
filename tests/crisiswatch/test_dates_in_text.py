import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisiswatch.dates_in_text import AHEAD, dates_outside
from crisiswatch.months import months_on

JUNE = datetime.date(2024, 6, 1)


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("on 3 July", ["3 July"]),
        ("on the 3rd of July", ["3rd of July"]),
        ("on July 3rd, 2024", ["July 3rd, 2024"]),
        ("12-14 July", ["14 July"]),
        ("in July 2024, in Dec. 2024 and on 2024-07-03", ["July 2024", "Dec. 2024", "2024-07-03"]),
        ("3 July, again 3 July", ["3 July"]),
        ("ב-3 ביולי 2024", ["3 ביולי 2024"]),
        ("3\u00a0July 2024", ["3\u00a0July 2024"]),
        ("on 30 June, on 31 May, in June 2024 and July 2023", []),
        ("on 1 December", []),  # As well the last one.
        ("by July; 5 may go; 12.3 July", []),
        ("5 May 1000 people fled, 20 marched, in 2031", []),
        ("ביוני 2024", []),
    ],
)
def test_what_lies_after_the_month_is_found(text, later):
    found = dates_outside(text, JUNE)
    assert (found.later, found.impossible) == (later, [])


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("on 14 May 2024 and 2 May", ["14 May 2024", "2 May"]),
        ("in May 2024", ["May 2024"]),
        ("on 14 May, and on 2 June", []),
        ("on 14 May, as nobody knew in June 2024", []),
        ("nobody met", []),
    ],
)
def test_what_lies_before_is_told_where_nothing_else_is_named(text, earlier):
    assert dates_outside(text, JUNE).earlier == earlier


@pytest.mark.parametrize(
    ("text", "month", "impossible"),
    [
        ("on 31 June", JUNE, ["31 June"]),
        ("June 31st", JUNE, ["June 31st"]),
        ("on 29 February", datetime.date(2024, 2, 1), []),
        ("on 29 February", datetime.date(2023, 2, 1), ["29 February"]),
        ("on 29 February 2023", JUNE, ["29 February 2023"]),
        ("on 0 June, 2024-13-01", JUNE, ["0 June", "2024-13-01"]),
    ],
)
def test_days_that_no_calendar_has_are_found(text, month, impossible):
    found = dates_outside(text, month)
    assert (found.later, found.impossible) == ([], impossible)


@given(st.dates(datetime.date(1995, 1, 1), datetime.date(2100, 1, 1)), st.integers(-6, AHEAD))
def test_a_day_without_a_year_is_the_nearest(day, months):
    month = months_on(day.replace(day=1), -months)
    found = dates_outside(f"On {day:%-d %B} they met.", month)
    assert bool(found.later) == (months > 0)
    assert bool(found.earlier) == (months < 0)
    assert not found.impossible


@given(st.text(), st.dates(datetime.date(1990, 1, 1), datetime.date(2199, 1, 1)))
def test_no_text_is_too_odd(text, month):
    dates_outside(f"{text} 3 July {text}", month.replace(day=1))
