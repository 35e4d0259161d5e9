"""The world map of an edition: what is lit how, where the marks stand, whose borders they are."""

import datetime
import gzip
import math
import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
from django.utils import translation

from crisiswatch.atlas import plate
from crisiswatch.map import APART, FAR, free, world_map
from crisiswatch.models import Coverage, Entry, Situation
from regions.models import Country
from tests import factories

JUNE = datetime.date(2024, 6, 1)
COMBINATIONS = {
    "-".join(t for i, t in enumerate(Entry.Trend.values) if chosen >> i & 1)
    for chosen in range(1, 8)
}


def make(name, countries, edition, trend="deteriorated", **fields):
    situation = Situation.objects.filter(name=name).first() or factories.make_situation(
        name, countries=countries
    )
    return factories.make_entry(situation=situation, edition=edition, trend=trend, **fields)


def make_standby(name, countries):
    situation = factories.make_situation(name, countries=countries)
    situation.coverage.update(level=Coverage.Level.STANDBY)


@pytest.fixture
def edition():
    return factories.make_edition(JUNE)


def figure(client, path="/crisiswatch/2024/06/"):
    """The map in the page, as HTML."""
    html = client.get(path).content.decode()
    return re.search(r'<figure class="world".*?</figure>', html, re.DOTALL).group(0)


def drawing(html):
    """The picture, as a tree: it is well-formed, as HTML and as XML."""
    return ET.fromstring(re.search(r"<svg viewBox.*?</svg>", html, re.DOTALL).group(0))


def fills(html):
    """How each lit country is filled, by its code; dots by their place."""
    return {
        shape.get("href", "").removeprefix("#land-") or (shape.get("cx"), shape.get("cy")): fill
        for shape in drawing(html).iter()
        if (fill := shape.get("fill", "").removeprefix("url(#map-").rstrip(")"))
        and shape.tag in ("use", "circle")
    }


def marks(html):
    """What each mark says, and its shapes."""
    return {
        mark.find("title").text: [
            use.get("href").removeprefix("#mark-") for use in mark.iter("use")
        ]
        for mark in drawing(html).iter("a")
        if mark.get("class") == "mark"
    }


def dot(code):
    return tuple(map(str, plate("de-facto").places[code]))


# What is lit


@pytest.mark.django_db
def test_a_situation_that_spans_countries_lights_all_of_them(client, edition):
    make("Korean Peninsula", ["KR", "KP"], edition)
    assert fills(figure(client)) == {"KR": "deteriorated", "KP": "deteriorated"}


@pytest.mark.django_db
def test_two_situations_in_one_country_are_both_seen(client, edition):
    make("Kashmir", ["IN", "PK"], edition, "improved")
    make("Pakistan", ["PK"], edition, "deteriorated", risk_alert=True)
    html = figure(client)
    assert fills(html) == {"IN": "improved", "PK": "deteriorated-improved"}
    assert marks(html) == {
        "Kashmir: Improved Situation": ["improved"],
        "Pakistan: Deteriorated Situation, conflict risk alert": ["deteriorated", "risk_alert"],
    }


@pytest.mark.django_db
def test_a_state_too_small_to_be_drawn_is_a_dot(client, edition):
    make("Maldives", ["MV"], edition)
    make("Lebanon", ["LB"], edition, "improved")
    assert fills(figure(client)) == {dot("MV"): "deteriorated", dot("LB"): "improved"}


@pytest.mark.django_db
def test_countries_on_standby_look_unlike_those_that_nobody_follows(client, edition):
    make("Sudan", ["SD"], edition)
    make_standby("Sudan and Chad", ["SD", "TD"])
    html = figure(client)
    assert fills(html)["TD"] == "standby"
    assert fills(html)["SD"] == "deteriorated"  # What is followed more closely has the last word.
    assert "FR" not in fills(html)
    assert "Sudan and Chad" in html


@pytest.mark.django_db
def test_an_entry_that_is_not_finished_lights_nothing(edition):
    world = world_map(edition, [make("Sudan", ["SD"], edition, trend="")])
    assert (world.lit, world.marks) == ([], [])


@pytest.mark.django_db
def test_all_facts_of_the_map_stand_in_a_list_with_links(client, edition):
    make("Korean Peninsula", ["KR", "KP"], edition, risk_alert=True)
    make("Mali", ["ML"], edition, "unchanged")
    html = figure(client)
    listed = re.search(r'<div data-part="list">.*</figure>', html, re.DOTALL).group(0)
    for said in ["Deteriorated Situation", "Conflict Risk Alert", "North Korea, South Korea"]:
        assert said in listed
    for slug in ("korean-peninsula", "mali"):
        assert f'href="/crisiswatch/2024/06/{slug}/"' in listed
    # So the picture need not be read or walked through.
    assert drawing(html).get("aria-hidden") == "true"
    assert all(link.get("tabindex") == "-1" for link in drawing(html).iter("a"))


@pytest.mark.django_db
def test_the_legend_has_texture_shape_word_and_number(client, edition):
    for name, code in (("Mali", "ML"), ("Chad", "TD")):
        make(name, [code], edition)
    legend = re.search(r'data-part="legend">.*?</ul>', figure(client), re.DOTALL).group(0)
    assert "url(#map-deteriorated)" in legend
    assert 'class="shape"' in legend
    assert re.search(r"Deteriorated Situation <b>2</b>", legend)
    assert "Improved" not in legend


@pytest.mark.django_db
def test_every_mixture_of_trends_has_a_pattern_and_every_mark_a_shape(client, edition):
    make("Mali", ["ML"], edition)
    found = {each.get("id") for each in drawing(figure(client)).iter()}
    assert {f"map-{each}" for each in COMBINATIONS} <= found
    names = [*Entry.Trend.values, "risk_alert", "resolution_opportunity"]
    assert {f"mark-{name}" for name in names} <= found


# Where the marks stand


@pytest.mark.django_db
def test_a_mark_stands_amid_neighbours_and_in_each_of_countries_far_apart(edition):
    places = plate("de-facto").places
    near = make("Korean Peninsula", ["KR", "KP"], edition)
    far = make("Far apart", ["US", "IR"], edition)
    world = world_map(edition, [near, far])
    korea = [(mark.x, mark.y) for mark in world.marks if mark.entry == near]
    assert len(korea) == 1
    assert all(math.dist(korea[0], places[code]) < FAR for code in ("KR", "KP"))
    assert {(m.x, m.y) for m in world.marks if m.entry == far} == {places["US"], places["IR"]}


@pytest.mark.django_db
def test_no_mark_hides_another(edition):
    entries = [make(f"In Mali {number}", ["ML"], edition) for number in range(9)]
    found = [(mark.x, mark.y) for mark in world_map(edition, entries).marks]
    assert len(found) == 9
    assert all(math.dist(a, b) >= APART - 2 for a, b in combinations(found, 2))


def test_where_there_is_no_room_left_marks_do_overlap():
    taken = []
    for _number in range(200):
        taken.append(free((0, 0), taken))
    assert taken[-1] == (0, 0)


# The cost


@pytest.fixture
def full(edition):
    """An edition of seventy-five entries in as many countries."""
    countries = Country.objects.exclude(alpha2="AQ")[:75]
    for number, country in enumerate(countries):
        trend = Entry.Trend.values[number % 3]
        make(f"In {country.alpha2}", [country.alpha2], edition, trend, risk_alert=number % 9 == 0)
    return edition


@pytest.mark.django_db
def test_the_map_of_a_full_month_is_light(client, full):
    weight = len(gzip.compress(figure(client).encode(), 6))
    assert weight <= 30_000  # 60 KB may not be crossed; the rest is for what grows.


@pytest.mark.django_db
def test_as_many_queries_for_one_entry_as_for_many(
    edition, django_assert_num_queries, django_assert_max_num_queries
):
    make("Sudan", ["SD", "TD"], edition)
    make_standby("Mali", ["ML"])
    for number in range(2):
        entries = list(edition.entries.as_list())
        with django_assert_num_queries(4):
            world = world_map(edition, entries)
            assert world.lit
            assert world.marks
            assert world.groups
        make(f"More {number}", ["NE"], edition)
        make_standby(f"Less {number}", ["MR"])
        factories.make_edition(datetime.date(2020 + number, 1, 1))


# Months


@pytest.fixture
def archive():
    """Thirty months in a row up to June 2024."""
    months = [datetime.date(2022 + m // 12, m % 12 + 1, 1) for m in range(30)]
    return [factories.make_edition(month) for month in months]


def months_of(html):
    return re.findall(r'href="/crisiswatch/(\d{4}/\d\d)/#map"', html.split('class="months"')[1])


@pytest.mark.django_db
def test_the_last_two_years_are_links_to_their_maps(client, archive):
    html = figure(client)
    assert (len(months_of(html)), months_of(html)[0], months_of(html)[-1]) == (
        24,
        "2022/07",
        "2024/06",
    )
    assert re.search(r'<a rel="prev" href="/crisiswatch/2024/05/#map">', html)
    assert 'rel="next"' not in html
    middle = figure(client, "/crisiswatch/2023/03/")
    assert re.search(r'<a rel="next" href="/crisiswatch/2023/04/#map">', middle)
    assert re.search(r'2023/03/#map" aria-current="true"', middle)


@pytest.mark.django_db
def test_an_older_month_has_the_two_years_up_to_it_and_the_month_after(client, archive):
    html = figure(client, "/crisiswatch/2022/04/")
    assert months_of(html) == ["2022/01", "2022/02", "2022/03", "2022/04", "2022/05"]
    assert re.search(r'<a rel="next" href="/crisiswatch/2022/05/#map">', html)


@pytest.mark.django_db
def test_the_slider_gets_the_same_parts_as_the_page(client, edition):
    make("Mali", ["ML"], edition)
    html = re.sub(r"\s+", "", figure(client))
    response = client.get("/crisiswatch/2024/06/map.json")
    answer = response.json()
    assert answer["says"] == "June 2024. Deteriorated Situation: 1."
    assert {"month", "lit", "ways", "legend", "list"} == answer["parts"].keys()
    for part in answer["parts"].values():
        assert re.sub(r"\s+", "", part) in html
    assert "public" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled", "withdrawn"])
def test_a_month_that_is_not_public_has_no_map(client, edition, state):
    factories.make_edition(datetime.date(2024, 5, 1))
    month = datetime.date(2024, 7, 1)
    hidden = factories.make_edition(month)
    type(hidden).objects.filter(pk=hidden.pk).update(**factories.hidden_states()[state])
    assert client.get("/crisiswatch/2024/07/map.json").status_code in (404, 410)
    assert "2024/07" not in figure(client)


@pytest.mark.django_db
def test_only_pages_with_a_map_may_ask_for_more(client, edition):
    for path in ("/crisiswatch/", "/crisiswatch/2024/06/"):
        assert "connect-src 'self'" in client.get(path)["Content-Security-Policy"]
    assert "connect-src" not in client.get("/crisiswatch/archive/")["Content-Security-Policy"]


# Whose borders, and which way round


@pytest.mark.django_db
def test_the_setting_picks_the_borders_and_the_page_says_whose_they_are(client, edition, settings):
    assert "who controls the ground" in figure(client)
    de_facto = outline(figure(client), "UA")
    settings.MAP_POINT_OF_VIEW = "united-nations"
    html = figure(client)
    assert "Visionscarto" in html
    assert "who controls the ground" not in html
    assert outline(html, "UA") != de_facto


def outline(html, code):
    return drawing(html).find(f".//*[@id='land-{code}']").get("d")


@pytest.mark.django_db
def test_the_map_does_not_turn_round_in_hebrew(client, edition):
    make("Mali", ["ML"], edition)
    with translation.override("he"):
        hebrew = figure(client, "/he/crisiswatch/2024/06/")
    assert outline(hebrew, "ML") == outline(figure(client), "ML")
    assert 'href="/he/crisiswatch/2024/06/mali/"' in hebrew
