"""Which days and months a text of a month names that may not be meant."""

import calendar
import datetime
import re
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3, MONTHS_AP

from crisiswatch.months import YEARS

AHEAD = 5  # Months; “1 December” in a text of June is as well the last one as the next.
DAY = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?"
# Hebrew writes “in”, “the”, “and”, “from” before a month as letters of the word.
MONTH = r"(?<!\w)[בהומכלש]{{0,2}}(?P<{}>{})(?!\w)\.?"
YEAR = r"(?P<{}>\d{{4}})(?!\d|-\d)"


@cache
def numbers_of_months() -> dict[str, int]:
    """
    The names of the months in English and the languages of the site, and their numbers.

    In English they have a capital: “may 5” is no day, and “mar” is a word.
    """
    names = {"Sept": 9}
    for code in ["en", *(code for code, _name in settings.LANGUAGES)]:
        with translation.override(code):
            tables = [*MONTHS.items(), *MONTHS_3.items(), *MONTHS_AP.items()]
            said = [(str(name).strip(".'׳"), number) for number, name in tables]
        names |= {name.capitalize() if code == "en" else name: number for name, number in said}
    return names


@cache
def pattern() -> re.Pattern:
    """``3 July``, ``July 3``, ``July 2024``, ``3 July 2024``, ``July 3, 2024``, ``2024-07-03``."""
    names = "|".join(sorted(map(re.escape, numbers_of_months()), key=len, reverse=True))
    day_first = rf"(?<![\d.,:]){DAY} (?:of )?{MONTH}(?:,? {YEAR})?"
    month_first = rf"{MONTH} {DAY}(?!\d)(?:,? {YEAR})?"
    with_year = rf"{MONTH},? {YEAR}"
    iso = r"(?<!\d)(?P<y4>\d{4})-(?P<n4>\d\d)-(?P<d4>\d\d)(?!\d)"
    spoken = [
        day_first.format("d1", "m1", names, "y1"),
        month_first.format("m2", names, "d2", "y2"),
        with_year.format("m3", names, "y3"),
        iso,
    ]
    return re.compile("|".join(spoken).replace(" ", r"[\s\u00a0\u202f]{1,2}"))


class Outside(NamedTuple):
    """Days and months that do not belong to a month, each as the text writes it, and once."""

    later: list[str]
    earlier: list[str]
    impossible: list[str]


def dates_outside(text: str, month: datetime.date) -> Outside:
    """
    Return what lies after ``month`` or before it, and the days that no calendar has.

    What lies before is normal in prose, and told only where the text names nothing in the month:
    then it may be a text of another one. A day without a year is taken for the one that is nearest:
    up to five months ahead, else in the past. Months without day and year (“by July”) say too
    little to be told, and so do days in figures (“3/7”).
    """
    told = {-1: {}, 0: {}, 1: {}, None: {}}  # Dictionaries keep what comes first, once.
    for found in pattern().finditer(text):
        day, number, year = parts(found)
        if year and year not in YEARS:
            continue  # “5 May 1000 people fled”: a count.
        known = year or year_meant(number, month)
        if not 1 <= number <= 12 or (day is not None and not exists(known, number, day)):
            side = None
        else:
            named = datetime.date(known, number, 1)
            side = (named > month) - (named < month)
        told[side][found[0].rstrip(".")] = True
    return Outside(list(told[1]), [] if told[0] else list(told[-1]), list(told[None]))


def parts(found) -> tuple[int | None, int, int | None]:
    said = {name: value for name, value in found.groupdict().items() if value}
    by_kind = {name[0]: value for name, value in said.items()}
    day, year = by_kind.get("d"), by_kind.get("y")
    number = by_kind.get("n") or numbers_of_months()[by_kind["m"]]
    return day and int(day), int(number), year and int(year)


def year_meant(number: int, month: datetime.date) -> int:
    """The year of a month without one in a text of ``month``."""
    ahead = (number - month.month) % 12
    if ahead > AHEAD:
        ahead -= 12
    return month.year + (month.month - 1 + ahead) // 12


def exists(year: int, number: int, day: int) -> bool:
    return 1 <= day <= calendar.monthrange(year, number)[1]
