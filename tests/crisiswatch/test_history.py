"""What the months of a situation say together. Nothing here needs a database."""

import datetime
from dataclasses import dataclass, field

import pytest
from django.utils import translation

from crisiswatch import history
from crisiswatch.models import Coverage, Entry
from crisiswatch.months import months_between


def month(text):
    return datetime.date.fromisoformat(f"{text}-01")


@dataclass
class Paragraphs:
    rows: list = field(default_factory=list)

    def all(self):
        return self.rows


@dataclass
class Paragraph:
    lead_sentence: str
    body: str


@dataclass(eq=False)
class Said:
    """An entry as far as history looks at one."""

    month: datetime.date
    trend: str
    alerts_set: tuple = ()
    developments: Paragraphs = field(default_factory=Paragraphs)

    @property
    def edition(self):
        return self

    def alerts(self):
        return [(name, name) for name in self.alerts_set]

    def get_trend_display(self):
        return str(Entry.Trend(self.trend).label) if self.trend else ""


def entries(first, trends):
    """One entry for each letter, month by month; a dot is a month without."""
    names = {"d": "deteriorated", "u": "unchanged", "i": "improved"}
    number = month(first).year * 12 + month(first).month - 1
    found = [
        (datetime.date((number + place) // 12, (number + place) % 12 + 1, 1), letter)
        for place, letter in enumerate(trends)
    ]
    return [Said(when, names[letter]) for when, letter in found if letter in names]


def line(first, trends, coverage=(), until=None):
    found = entries(first, trends)
    last = month(until) if until else found[-1].month
    return history.line(months_between(found[0].month, last), found, coverage)


def covered(level, first, last=None):
    return Coverage(level=level, first_month=month(first), last_month=last and month(last))


# Strips


def test_a_line_begins_with_the_first_entry():
    found = entries("2024-03", "ud")
    months = months_between(month("2023-11"), month("2024-04"))
    assert [each.month for each in history.line(months, found, [])] == [
        month("2024-03"),
        month("2024-04"),
    ]


def test_a_month_without_an_entry_says_why():
    times = [
        covered("monitored", "2024-01", "2024-02"),
        covered("standby", "2024-03", "2024-03"),
        covered("monitored", "2024-05"),
    ]
    found = line("2024-01", "u...u.", times, until="2024-06")
    states = [each.state for each in found]
    assert states == ["unchanged", "no_entry", "standby", "not_covered", "unchanged", "no_entry"]
    assert [each.says for each in found[1:4]] == ["no entry here", "on standby", "not covered"]


def test_an_entry_in_a_month_on_standby_is_an_entry():
    times = [covered("standby", "2024-01")]
    assert [each.state for each in line("2024-01", "d.i", times)] == [
        "deteriorated",
        "standby",
        "improved",
    ]


def test_a_month_says_its_trend_and_its_alerts():
    both = Said(month("2024-06"), "improved", ("risk_alert", "resolution_opportunity"))
    told = history.Month(both.month, both)
    assert told.says == "Improved Situation, risk_alert, resolution_opportunity"
    assert told.marks == "risk hope"
    assert not history.Month(both.month).marks


def test_years_stand_newest_first_with_a_place_for_every_month():
    years = history.by_year(line("2022-11", "uuuu"))
    assert [year for year, _places in years] == [2023, 2022]
    for _year, places in years:
        assert len(places) == 12
    assert [place.month for place in years[0][1] if place] == [month("2023-01"), month("2023-02")]
    assert [number for number, place in enumerate(years[1][1], 1) if place] == [11, 12]


def test_years_end_where_coverage_has_ended_for_good():
    ended = [covered("monitored", "2020-01", "2020-03")]
    assert [year for year, _ in history.by_year(line("2020-01", "u", ended, "2024-06"))] == [2020]
    again = [*ended, covered("standby", "2022-05")]
    years = [year for year, _ in history.by_year(line("2020-01", "u", again, "2022-06"))]
    assert years == [2022, 2021, 2020]


# Runs


def test_a_run_is_broken_by_another_trend_and_by_a_missing_month():
    found = history.runs(line("2023-01", "uud.ddi"))
    told = [(run.trend, run.months) for run in found]
    assert told == [("unchanged", 2), ("deteriorated", 1), ("deteriorated", 2), ("improved", 1)]
    assert (found[2].first, found[2].last) == (month("2023-05"), month("2023-06"))


def test_the_current_run_is_the_one_that_the_last_month_is_in():
    assert history.current_run(line("2023-01", "iddd")).months == 3
    assert history.current_run(line("2023-01", "ddd", until="2023-04")) is None
    assert history.current_run([]) is None


def test_an_entry_without_a_trend_yet_is_in_no_run():
    """As it stands in a preview of a month in the making."""
    said = line("2023-01", "dd")
    unset = history.Month(month("2023-03"), Said(month("2023-03"), "", ("risk_alert",)))
    assert history.current_run([*said, unset]) is None
    assert history.current_run([unset]) is None
    assert unset.says == "risk_alert"


@pytest.mark.parametrize(
    ("trends", "says"),
    [
        ("d", "Deteriorating for 1 month"),
        ("ddd", "Deteriorating for 3 months"),
        ("u" * 11, "Unchanged for 11 months"),
        ("u" * 12, "Unchanged for a year"),
        ("u" * 13, "Unchanged for 13 months"),
        ("i" * 24, "Improving for 2 years"),
    ],
)
def test_a_run_is_told_in_months_and_in_whole_years(trends, says):
    with translation.override("en"):
        assert history.current_run(line("2020-01", trends)).says == says


# What is new


def paragraphs(*pairs):
    return Paragraphs([Paragraph(*pair) for pair in pairs])


def test_what_is_new_is_the_trend_the_alerts_and_the_paragraphs():
    may = Said(
        month("2024-05"),
        "unchanged",
        ("resolution_opportunity",),
        paragraphs(("Talks went on.", "As before."), ("A road", "was closed.")),
    )
    june = Said(
        month("2024-06"),
        "deteriorated",
        ("risk_alert",),
        paragraphs(("Talks went on.", "As  before.\n"), ("Shots", "were heard.")),
    )
    told = history.news(june, may)
    assert told.has_turned
    assert told.alerts_set == [("risk_alert", "risk_alert")]
    assert told.alerts_lifted == [("resolution_opportunity", "resolution_opportunity")]
    assert [each.lead_sentence for each in told.paragraphs] == ["Shots"]
    assert told.kept == 1


def test_the_first_entry_has_no_news():
    assert history.news(Said(month("2024-06"), "unchanged"), None) is None


# Coverage


def test_readers_know_the_coverage_that_began_by_the_latest_edition():
    times = [
        covered("monitored", "2020-01", "2024-02"),
        covered("standby", "2024-03", "2024-09"),
        covered("monitored", "2024-10"),
    ]
    known = history.covered(times, latest=month("2024-06"))
    assert [(each.level, each.first, each.last) for each in known] == [
        ("standby", month("2024-03"), None),  # That it is to end in September is not known yet.
        ("monitored", month("2020-01"), month("2024-02")),
    ]


def test_an_end_in_the_latest_month_is_not_known_yet():
    times = [covered("monitored", "2020-01", "2024-06")]
    assert history.covered(times, latest=month("2024-06"))[0].last is None
    assert history.covered(times, latest=month("2024-07"))[0].last == month("2024-06")
