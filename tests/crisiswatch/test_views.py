import datetime
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisiswatch.models import Correction, Coverage
from tests import factories
from tests.forms import change, send
from tests.publications.test_linked_data import graph, wrong

pytestmark = pytest.mark.django_db

APRIL_2020 = datetime.date(2020, 4, 1)
MAY, JUNE = datetime.date(2024, 5, 1), datetime.date(2024, 6, 1)

ONE_PARAGRAPH = "Speculation about health grew, while weapons were tested. " * 20
LEAD = "A president went on a first state visit; the neighbour answered."
THREE_PARAGRAPHS = [
    ("Two states entered a partnership.", "They signed a treaty on 19 June."),
    ("The neighbour answered with threats.", "It condemned the treaty on 20 June."),
    ("Tension rose at the border.", "Loudspeakers were heard from 9 June."),
]


@pytest.fixture
def korea():
    """A situation in three months: one long paragraph; a month like others; lead and themes."""
    asia = factories.make_region("Asia")
    situation = factories.make_situation(
        "Korean Peninsula",
        region=factories.make_region("Korean Peninsula", parent=asia),
        countries=["KR", "KP"],
    )
    said = [
        (APRIL_2020, "", [("", ONE_PARAGRAPH)], {"trend": "unchanged"}),
        (MAY, "The lead of May.", THREE_PARAGRAPHS[:1], {"trend": "improved"}),
        (JUNE, LEAD, THREE_PARAGRAPHS, {"trend": "deteriorated", "risk_alert": True}),
    ]
    for month, lead, developments, rest in said:
        edition = factories.make_edition(month, overview=f"<p>The world in {month:%B %Y}.</p>")
        factories.make_entry(developments, situation=situation, edition=edition, lead=lead, **rest)
    return situation


def get(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def main_of(html):
    return html[html.index("<main") : html.index("</main>")]


def text(html):
    """What a reader sees, without the markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).replace("&#x27;", "'").split())


def canonical(html):
    return re.search(r'rel="canonical" href="([^"]*)"', html)[1]


# A month


@pytest.mark.parametrize("path", ["/crisiswatch/", "/crisiswatch/2024/06/"])
def test_a_month_shows_all_of_itself(client, korea, path):
    html = get(client, path)
    shown = text(main_of(html))
    for words in ["The world in June 2024.", "Korean Peninsula", LEAD, "Deteriorated Situation"]:
        assert words in shown
    for lead_sentence, body in THREE_PARAGRAPHS:
        assert f"{lead_sentence} {body}" in shown
    assert "The lead of May." not in shown
    for address in ["2024/06/korean-peninsula/", "2024/05/", "archive/", "2024/06/print/"]:
        assert f'href="/crisiswatch/{address}"' in html


def test_the_latest_month_has_its_canonical_address_under_its_month(client, korea):
    assert canonical(get(client, "/crisiswatch/")).endswith("//testserver/crisiswatch/2024/06/")
    assert canonical(get(client, "/he/crisiswatch/")).endswith("/he/crisiswatch/2024/06/")


def test_trends_and_alerts_are_lists_that_lead_to_the_entries(client, korea):
    html = get(client, "/crisiswatch/2024/06/")
    trends = html[html.index("Trends and alerts") :]
    for says in ["Deteriorated Situations", "Conflict Risk Alerts"]:
        place = trends.index(says)
        assert 'href="#korean-peninsula"' in trends[place : place + 200]
    assert "Improved Situations" not in trends
    assert html.count('id="korean-peninsula"') == 1


def test_an_entry_is_folded_but_for_its_lead(client, korea):
    html = get(client, "/crisiswatch/2024/06/").partition('id="region-asia"')[2]
    folded = html[html.index('<details class="more"') :]
    folded = folded[: folded.index("</details>")]
    assert 'id="korean-peninsula"' in folded  # So a browser that goes there opens it.
    assert THREE_PARAGRAPHS[0][0] in folded
    assert LEAD not in folded


def test_an_entry_without_a_lead_is_not_folded(client, korea):
    html = main_of(get(client, "/crisiswatch/2020/04/"))
    told = html[html.index('id="korean-peninsula"') :]
    assert ONE_PARAGRAPH.strip() in told
    assert "<strong>" not in told
    assert 'class="more"' not in html[html.index('id="region-asia"') :]


def test_entries_stand_under_the_great_regions_and_name_their_own(client, korea):
    factories.make_entry(
        edition=korea.entries.get(edition__month=JUNE).edition,
        situation=factories.make_situation("Levant", region=factories.somewhere()[0]),
    )
    html = get(client, "/crisiswatch/2024/06/")
    assert re.findall(r'<section class="section" id="(region-\w*)">', html) == [
        "region-asia",
        "region-",
    ]
    assert "Somewhere" not in html
    assert "Elsewhere" in html


def test_a_month_shows_what_was_corrected_in_it(client, korea):
    edition = korea.entries.get(edition__month=JUNE).edition
    Correction.objects.create(edition=edition, situation=korea, text="It was the 19th.")
    Correction.objects.create(edition=edition, text="One more.")
    html = text(get(client, "/crisiswatch/2024/06/"))
    assert re.search("Korean Peninsula It was the 19th.", html)
    assert "One more." in html
    entry = text(get(client, "/crisiswatch/2024/06/korean-peninsula/"))
    assert "It was the 19th." in entry
    assert "One more." not in entry
    assert "19th" not in get(client, "/crisiswatch/2024/05/")


def test_the_print_edition_folds_nothing_and_has_the_address_of_its_month(client, korea):
    html = get(client, "/crisiswatch/2024/06/print/")
    assert "<details" not in html.partition('id="region-asia"')[2]
    shown = text(main_of(html))
    for words in ["The world in June 2024.", LEAD, *(body for _lead, body in THREE_PARAGRAPHS)]:
        assert words in shown
    assert canonical(html).endswith("/crisiswatch/2024/06/")
    assert ONE_PARAGRAPH.strip() in text(get(client, "/crisiswatch/2020/04/print/"))


def test_the_archive_has_every_month_by_year(client, korea):
    html = text(main_of(get(client, "/crisiswatch/archive/")))
    assert re.search("2024 June 2024 May 2024 2020 April 2020", html)


def test_a_house_without_an_edition_still_has_the_pages(client):
    for page in ["", "crisiswatch/", "crisiswatch/archive/", "crisiswatch/situations/"]:
        get(client, f"/{page}")
    get(client, "/crisiswatch/about/")


# An entry


def test_an_entry_shows_everything_unfolded(client, korea):
    html = get(client, "/crisiswatch/2024/06/korean-peninsula/")
    for shown in [LEAD, *THREE_PARAGRAPHS[0], *THREE_PARAGRAPHS[2], "South Korea"]:
        assert shown in html
    assert "<details" not in html
    for address in ["2024/05/korean-peninsula/", "situations/korean-peninsula/"]:
        assert f'href="/crisiswatch/{address}"' in html


def test_an_old_entry_of_one_paragraph_is_shown_whole(client, korea):
    html = get(client, "/crisiswatch/2020/04/korean-peninsula/")
    assert ONE_PARAGRAPH.strip() in html
    assert "<strong>" not in main_of(html)
    description = re.search(r'name="description" content="([^"]*)"', html)[1]
    assert description.startswith("Speculation about health")


def test_an_entry_says_what_is_new_since_the_one_before(client, korea):
    html = text(get(client, "/crisiswatch/2024/06/korean-peninsula/"))
    assert "New since May 2024" in html
    assert "Now: Deteriorated Situation Before: Improved Situation" in html
    assert "New: Conflict Risk Alert" in html
    assert "1 paragraph stands as it did." in html
    assert "New since" not in text(get(client, "/crisiswatch/2020/04/korean-peninsula/"))


def test_an_entry_names_the_others_of_its_region_in_that_month(client, korea):
    edition = korea.entries.get(edition__month=JUNE).edition
    factories.make_entry(
        edition=edition, situation=factories.make_situation("Yellow Sea", region=korea.region)
    )
    factories.make_entry(edition=edition, situation=factories.make_situation("Far Away"))
    html = get(client, "/crisiswatch/2024/06/korean-peninsula/")
    assert "Yellow Sea" in html
    assert "Far Away" not in html


def test_the_strip_says_each_month_in_words_and_links_to_it(client, korea):
    html = get(client, "/crisiswatch/2024/06/korean-peninsula/")
    assert 'title="May 2024: Improved Situation"' in html
    assert 'title="June 2024: Deteriorated Situation, conflict risk alert"' in html


def test_a_month_on_standby_and_one_not_covered_stand_in_the_strip_as_such(client):
    situation = factories.make_situation("Levant", covered=None)
    for number, level in [(1, "monitored"), (2, "standby"), (4, "monitored")]:
        month = datetime.date(2024, number, 1)
        situation.coverage.create(level=level, first_month=month, last_month=month)
    for month in (1, 5):
        edition = factories.make_edition(datetime.date(2024, month, 1))
        factories.make_entry(situation=situation, edition=edition)
    for path in ("2024/05/levant/", "situations/levant/"):
        html = get(client, f"/crisiswatch/{path}")
        for says in [
            "February 2024: on standby",
            "March 2024: not covered",
            "April 2024: no entry here",
        ]:
            assert f'aria-label="{says}"' in html


# A situation


def test_a_situation_shows_all_its_months(client, korea):
    html = get(client, "/crisiswatch/situations/korean-peninsula/")
    shown = text(main_of(html))
    for words in [LEAD, THREE_PARAGRAPHS[2][1], "The lead of May.", "Speculation about health"]:
        assert words in shown
    calendar = html[html.index('<table class="history"') : html.index("</table>")]
    assert re.findall(r'<th scope="row">(\d+)', calendar) == [
        "2024",
        "2023",
        "2022",
        "2021",
        "2020",
    ]
    assert 'title="April 2020: Unchanged Situation"' in calendar
    assert calendar.count("no entry here") == 8 + 12 * 3 + 4


def test_a_situation_tells_its_coverage_and_not_that_to_come(client, korea):
    Coverage.objects.update(last_month=datetime.date(2024, 8, 1))
    korea.coverage.create(level="standby", first_month=datetime.date(2024, 9, 1))
    html = text(get(client, "/crisiswatch/situations/korean-peninsula/"))
    assert "Monitored since September 2003" in html
    assert "Standby" not in html


def test_a_situation_that_has_ended_says_so(client, korea):
    Coverage.objects.update(last_month=MAY)
    korea.entries.get(edition__month=JUNE).delete()
    html = text(get(client, "/crisiswatch/situations/korean-peninsula/"))
    assert "Monitored from September 2003 to May 2024" in html
    assert "Not covered since then: that does not mean unchanged." in html
    assert "No entry in June 2024 , the latest month." in html


def test_a_run_is_told_in_words(client, korea):
    july = factories.make_edition(datetime.date(2024, 7, 1))
    factories.make_entry(situation=korea, edition=july, trend="deteriorated")
    html = get(client, "/crisiswatch/situations/korean-peninsula/")
    assert "Deteriorating for 2 months" in html


def test_situations_that_were_split_lead_to_each_other(client, korea):
    edition = korea.entries.get(edition__month=JUNE).edition
    new, unseen = factories.make_situation("Yellow Sea"), factories.make_situation("Unseen")
    factories.make_entry(situation=new, edition=edition)
    for each in (new, unseen):
        each.continues.add(korea)
    assert "Continues: Korean Peninsula" in text(get(client, "/crisiswatch/situations/yellow-sea/"))
    html = text(get(client, "/crisiswatch/situations/korean-peninsula/"))
    assert "Continued by: Yellow Sea" in html
    assert "Unseen" not in html


def test_a_situation_without_a_public_entry_is_not_there(client, korea):
    for state, facts in factories.hidden_states().items():
        situation = factories.make_situation(f"Kept {state}")
        month = datetime.date(2025, factories.number() % 12 + 1, 1)
        edition = factories.make_edition(month, **facts)
        factories.make_entry(situation=situation, edition=edition)
        assert client.get(f"/crisiswatch/situations/{situation.slug}/").status_code == 404
        edition.delete()
    assert "Kept" not in get(client, "/crisiswatch/situations/")


def test_a_renamed_situation_is_found_at_its_old_addresses(client, korea):
    client.force_login(factories.make_editor())
    send(client, change(korea), slug="korea")
    for path in ("/crisiswatch/situations/", "/crisiswatch/2024/06/"):
        response = client.get(f"{path}korean-peninsula/")
        assert (response.status_code, response["Location"]) == (301, f"{path}korea/")
        get(client, f"{path}korea/")


def test_the_list_of_situations_says_how_each_stands(client, korea):
    asia = korea.region
    standby = factories.make_situation("Yellow Sea", region=asia, covered=None)
    standby.coverage.create(level="standby", first_month=MAY)
    ended = factories.make_situation("Old Front", region=asia, covered=None)
    edition = korea.entries.get(edition__month=MAY).edition
    for each in (standby, ended):
        factories.make_entry(situation=each, edition=edition)
    html = text(main_of(get(client, "/crisiswatch/situations/")))
    assert re.search("Korean Peninsula Deteriorated Situation Conflict Risk Alert", html)
    assert "Yellow Sea" in html
    assert "On standby; last entry May 2024" in html
    assert "Not covered; last entry May 2024" in html


def test_the_about_page_lists_what_is_monitored_and_what_is_on_standby(client, korea):
    standby = factories.make_situation("Yellow Sea", covered=None)
    standby.coverage.create(level="standby", first_month=JUNE)
    later = factories.make_situation("To Come", covered=None)
    later.coverage.create(level="standby", first_month=datetime.date(2024, 7, 1))
    html = get(client, "/crisiswatch/about/")
    monitored = html[html.index('id="monitored"') : html.index('id="standby"')]
    assert 'href="/crisiswatch/situations/korean-peninsula/"' in monitored
    assert "Yellow Sea" not in monitored
    assert "Yellow Sea" in html
    assert "/crisiswatch/situations/yellow-sea/" not in html  # Nothing could be read there.
    assert "To Come" not in html


# All of them

PATHS = [
    "/",
    "/crisiswatch/",
    "/crisiswatch/2024/06/",
    "/crisiswatch/2024/06/print/",
    "/crisiswatch/2024/06/korean-peninsula/",
    "/crisiswatch/archive/",
    "/crisiswatch/situations/",
    "/crisiswatch/situations/korean-peninsula/",
    "/crisiswatch/about/",
]


@pytest.mark.parametrize(
    "path",
    [
        "/crisiswatch/2024/07/",
        "/crisiswatch/2024/07/print/",
        "/crisiswatch/2024/13/",
        "/crisiswatch/0000/01/",
        "/crisiswatch/2024/6/",
        "/crisiswatch/2024/06/nowhere/",
        "/crisiswatch/99999/01/",
        "/crisiswatch/situations/nowhere/",
    ],
)
def test_a_month_or_situation_that_is_not_there_is_not_found(client, korea, path):
    assert client.get(path).status_code == 404


def counts(client):
    """How many queries each page takes."""
    found = {}
    for path in PATHS:
        with CaptureQueriesContext(connection) as queries:
            get(client, path)
        found[path] = len(queries)
    return found


def test_no_page_grows_a_query_with_the_archive(client, korea):
    """As many for one situation and three months as for many of both."""
    counts(client)
    few = counts(client)
    for month in range(1, 13):
        edition = factories.make_edition(datetime.date(2023, month, 1))
        factories.make_entry(THREE_PARAGRAPHS[:1], situation=korea, edition=edition)
    edition = korea.entries.get(edition__month=JUNE).edition
    for _ in range(8):
        other = factories.make_situation(region=korea.region, countries=["KR"])
        factories.make_entry(THREE_PARAGRAPHS[:1], situation=other, edition=edition)
    assert counts(client) == few


@pytest.mark.parametrize("path", PATHS[2:5:2] + PATHS[7:8])
def test_what_a_page_says_to_search_engines_is_of_schema_org(client, korea, path):
    nodes = graph(client, path)
    assert not [each for node in nodes for each in wrong(node)]
    assert json.dumps(graph(client, f"/he{path}")) == json.dumps(nodes)


def test_a_hebrew_page_marks_the_texts_that_are_english(client, korea):
    for path in PATHS[1:]:
        html = main_of(get(client, f"/he{path}"))
        assert 'lang="en" dir="ltr"' in html or path.endswith("archive/")
