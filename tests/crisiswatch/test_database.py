"""The database of entries: what an address finds, what is said of bad ones, and the files."""

import csv
import datetime
import io
import json
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crisiswatch.database import finding
from crisiswatch.models import Edition, Situation
from editorial.addresses import keep_old_addresses
from editorial.models import Promotion
from editorial.searching.asking import Answer
from regions.models import Region
from tests import factories

PATH = "/crisiswatch/database/"


def get(client, query="", status=200):
    response = client.get(f"{PATH}{query}")
    assert response.status_code == status, query
    return unescape(response.content.decode())


def found(client, query=""):
    """The entries of the page, as the last parts of their addresses."""
    page = get(client, query).partition('id="results"')[2]
    return re.findall(r'<h3><a href="/crisiswatch/(\d{4}/\d\d/[\w-]+)/"', page)


def make_month(month, *entries, **fields):
    """``entries`` are situations, each with the facts of its entry."""
    edition = factories.make_edition(datetime.date.fromisoformat(f"{month}-01"), **fields)
    for situation, facts in entries:
        factories.make_entry(edition=edition, situation=situation, **facts)
    return edition


def make_history():
    asia = factories.make_region("Asia")
    korea = factories.make_situation("Korea", region=factories.make_region("East", parent=asia))
    nepal = factories.make_situation("Nepal", region=asia, countries=["NP"])
    chad = factories.make_situation("Chad", region=factories.make_region("Africa"))
    worse, better = {"trend": "deteriorated"}, {"trend": "improved"}
    make_month("2024-04", (korea, {"lead": "Soldiers crossed."}), (nepal, better))
    make_month("2024-05", (korea, worse | {"risk_alert": True}), (nepal, {}), (chad, worse))
    talks = {"lead": "Talks; a soldier crossed.", "resolution_opportunity": True}
    make_month("2024-06", (korea, talks), (chad, better))


@pytest.fixture
def history(db):
    make_history()


QUESTIONS = {
    "": "06/chad 06/korea 05/chad 05/korea 05/nepal 04/korea 04/nepal",
    "?situation=korea": "06/korea 05/korea 04/korea",
    "?situation=chad&situation=nepal": "06/chad 05/chad 05/nepal 04/nepal",
    "?region=asia": "06/korea 05/korea 05/nepal 04/korea 04/nepal",
    "?region=east": "06/korea 05/korea 04/korea",
    "?trend=improved": "06/chad 04/nepal",
    "?trend=deteriorated&trend=improved": "06/chad 05/chad 05/korea 04/nepal",
    "?alert=conflict_risk_alert": "05/korea",
    "?alert=conflict_risk_alert&alert=resolution_opportunity": "06/korea 05/korea",
    "?since=2024-06": "06/chad 06/korea",
    "?until=2024-04": "04/korea 04/nepal",
    "?since=2024-05&until=2024-05": "05/chad 05/korea 05/nepal",
    "?region=asia&trend=unchanged&since=2024-05": "06/korea 05/nepal",
    "?situation=korea&trend=improved": "",
    "?since=2031-01": "",
}


def test_an_address_says_what_is_listed_the_newest_first(client, history):
    for query, entries in QUESTIONS.items():
        assert found(client, query) == [f"2024/{each}" for each in entries.split()], query


def test_words_narrow_down_what_the_filters_find(client, history):
    for query in filter(None, QUESTIONS):
        expected = {"2024/06/korea", "2024/04/korea"}.intersection(found(client, query))
        assert set(found(client, query.replace("?", "?q=soldiers&"))) == expected, query


def test_database_entry_and_situation_have_the_row_of_all_pages_of_crisiswatch(client, history):
    for path in (PATH, "/crisiswatch/2024/06/korea/", "/crisiswatch/situations/korea/"):
        row = (
            client.get(path).content.decode().partition('class="places"')[2].partition("</nav>")[0]
        )
        for name in ("", "situations/", "database/", "archive/", "data/", "about/"):
            assert f'href="/crisiswatch/{name}"' in row, path


def test_the_words_are_marked_where_they_stand(client, history):
    html = get(client, "?q=soldier")
    assert "Talks; a <mark>soldier</mark> crossed." in html
    assert "2 entries" in html


def test_a_row_shows_month_trend_and_alerts_in_words_and_the_lead(client, history):
    html = get(client, "?situation=korea&since=2024-05&until=2024-05")
    for shown in ["May 2024", "Deteriorated Situation", "Conflict Risk Alert", "in one breath."]:
        assert shown in html


def test_of_many_values_only_some_are_told(client, history):
    edition = Edition.objects.first()
    factories.make_entry(edition=edition, situation=factories.make_situation("Zone"))
    query = "?situation=chad&situation=korea&situation=nepal&situation=zone"
    assert "Situation: Chad, Korea, Nepal, 1 more" in get(client, query)
    named = client.get(f"/crisiswatch/database.csv{query}")["Content-Disposition"]
    assert named.endswith('"crisiswatch_situation-chad-korea-nepal-and-1.csv"')


def test_the_form_shows_what_was_asked_and_how_much_there_is_of_each(client, history):
    html = get(client, "?region=asia&trend=improved&since=2024-04")
    for checked in ("asia", "improved"):
        assert re.search(rf'value="{checked}" checked', html)
    assert 'value="2024-04"' in html
    counts = re.findall(r"<bdi>([^<]+)</bdi> <span class=\"note\">(\d+)</span>", html)
    # Of the trends in Asia, of the improvements everywhere, of the improvements in Asia.
    assert {("Unchanged Situation", "3"), ("Africa", "1"), ("Nepal", "1")} <= {*counts}
    assert "1 entry" in html


# Addresses


def test_one_question_has_one_address(client, history):
    for said, kept in {
        "?q=&situation=korea&since=&until=": "?situation=korea",
        "?since=2024-04&q=war&utm_source=mail": "?q=war&since=2024-04",
        "?situation=nepal&situation=chad&situation=chad": "?situation=chad&situation=nepal",
        "?q=++a%09+b&page=1": "?q=a+b",
        "?page=2&situation=": "?page=2",
        "?x=1": "",
    }.items():
        response = client.get(f"{PATH}{said}")
        assert (response.status_code, response.url) == (302, f"{PATH}{kept}")


def test_an_address_outlives_the_name_of_a_situation(client, history):
    situation = finding.Entry.objects.filter(situation__slug="korea").first().situation
    situation.slug, situation.name = "korean-peninsula", "Korean Peninsula"
    situation.save()
    assert found(client, "?situation=korea")[0] == "2024/06/korean-peninsula"
    assert client.get(f"{PATH}?situation=korean-peninsula").url == f"{PATH}?situation=korea"


def rename(piece, slug):
    """As a form of the admin does it."""
    before = piece.addresses()
    piece.slug = slug
    piece.save()
    keep_old_addresses(before, piece.addresses())


def test_an_address_outlives_every_slug_that_a_situation_or_a_region_had(client, history):
    east, korea = Region.objects.get(slug="east"), Situation.objects.get(slug="korea")
    for slug in ("far-east", "east-asia"):
        rename(east, slug)
    for slug in ("north", "korean-peninsula"):
        rename(korea, slug)
    for said, kept in {
        "?region=east&region=africa": "?region=africa&region=east-asia",
        "?region=far-east": "?region=east-asia",
        "?situation=north&trend=improved": "?situation=korea&trend=improved",
    }.items():
        response = client.get(f"{PATH}{said}")
        assert (response.status_code, response.url) == (302, f"{PATH}{kept}")
        assert client.get(f"/he{PATH}{said}").url == f"/he{PATH}{kept}"
    assert found(client, "?region=east-asia")[0] == "2024/06/korean-peninsula"
    Region.objects.filter(slug="east-asia").update(status="withdrawn")
    page = get(client, "?region=east", 400)
    assert "called “east”" in page
    assert "east-asia" not in page


def test_pages_keep_the_question(client, history, monkeypatch):
    monkeypatch.setattr(finding, "PER_PAGE", 2)
    assert 'rel="next" href="?region=asia&page=2"' in get(client, "?region=asia")
    pages = [found(client, f"?region=asia&page={number}") for number in (2, 3)]
    assert pages == [["2024/05/nepal", "2024/04/korea"], ["2024/04/nepal"]]
    for page in ("4", "0", "-1", "x", "9" * 40, "٣"):
        assert client.get(PATH, {"region": "asia", "page": page}).status_code == 404
    monkeypatch.setattr(finding, "PER_PAGE", 1)
    pages = [found(client, f"?q=crossed{page}") for page in ("", "&page=2")]
    assert sorted(pages) == [["2024/04/korea"], ["2024/06/korea"]]


def test_what_is_asked_is_not_for_search_engines_and_the_whole_list_is(client, history):
    assert "noindex" not in get(client)
    assert '<meta name="robots" content="noindex">' in get(client, "?trend=improved")


def test_a_value_that_makes_no_sense_gets_a_sentence_at_its_field(client, history):
    for query, sentence in {
        "?situation=atlantis": "no situation to choose that is called “atlantis”",
        "?region=asia&region=mu": "no region to choose that is called “mu”",
        "?trend=worse": "no trend to choose that is called “worse”",
        "?alert=x%00y": "no alert to choose",
        "?since=2024-13": "“2024-13” is not a month",
        "?until=2024-04-30": "“2024-04-30” is not a month",
        "?since=0024-01": "is not a month to choose",
        "?since=2024-06&until=2024-05": "This month lies before the one from which you look.",
        f"?q={'a' * 201}": "at most 200 characters (it has 201)",
        "?q=a%00b": "Null characters are not allowed.",
    }.items():
        html = get(client, query, status=400)
        name = re.search(rf'class="error" id="(.*)-error">[^<]*{re.escape(sentence)}', html)[1]
        assert f"{name}=" in query
        assert 'id="results"' not in html
        response = client.get(f"/crisiswatch/database.csv{query}")
        assert response.status_code == 400
        assert sentence in response.content.decode()


NAMES = st.sampled_from("q situation region trend alert since until page utm".split())
VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["korea", "asia", "improved", "2024-05", "2", '"crossed"', "-", "x" * 300]),
)


class AnyAddress(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_history()

    @given(pairs=st.lists(st.tuples(NAMES, VALUES), max_size=5))
    def test_no_address_breaks_the_page_and_the_one_it_leads_to_stays(self, pairs):
        response = self.client.get(PATH, query_params=as_query(pairs))
        if response.status_code == 302:
            response = self.client.get(response.url)
            assert response.status_code != 302
        assert response.status_code in (200, 400, 404)


def as_query(pairs):
    query = {}
    for name, value in pairs:
        query.setdefault(name, []).append(value)
    return query


# What readers may know


def test_only_what_is_public_is_found_counted_and_exported(client, history):
    region = factories.make_region("Africa South")
    for number, (state, fields) in enumerate(factories.hidden_states().items()):
        facts = {"lead": "Zanzibar", "risk_alert": True}
        situation = factories.make_situation(f"Zanzibar {state}", region=region)
        make_month(f"2025-0{number + 1}", (situation, facts), **fields)
    for query in ("", "?q=zanzibar", "?alert=conflict_risk_alert", "?since=2025-01"):
        assert "Zanzibar" not in get(client, query)
        for form in ("csv", "jsonl"):
            assert "Zanzibar" not in exported(client, query, form)
    assert "Africa South" in get(client)
    get(client, "?situation=zanzibar-draft", status=400)


def test_what_an_editor_recommends_elsewhere_does_not_slip_past_the_filters(client, history):
    Promotion.objects.create(words="crossed", piece=finding.Entry.objects.order_by("pk")[0])
    assert found(client, "?q=crossed&since=2024-05") == ["2024/06/korea"]


# Nothing found, or not now


def test_who_finds_nothing_hears_which_filter_to_take_away(client, history):
    html = get(client, "?region=asia&trend=improved&since=2024-05")
    left = re.findall(r'<a href="\?([^"]*)"[^>]*>Without “([^”]*)”</a>\s*<span[^>]*>(\d+)', html)
    assert left == [
        ("trend=improved&since=2024-05", "Region: Asia", "1"),
        ("region=asia&since=2024-05", "Trend: Improved Situation", "3"),
        ("region=asia&trend=improved", "From: May 2024", "1"),
    ]
    assert "no filter alone is the reason" in get(client, "?q=zebra&trend=improved&since=2030-01")


def test_an_empty_house_says_so(client, db):
    assert "There is no entry yet." in get(client)


def test_while_the_index_is_built_the_list_is_whole_and_nothing_is_counted(
    client, history, monkeypatch
):
    monkeypatch.setattr(finding, "ask", lambda *args, **asked: Answer(is_catching_up=True))
    monkeypatch.setattr(finding, "every_key", lambda *args: None)
    assert len(found(client, "?trend=improved")) == 2
    html = get(client)
    assert "catching up" in html
    assert not re.findall(r"</bdi> <span", html)
    response = client.get("/crisiswatch/database.csv?q=crossed")
    assert (response.status_code, response["Retry-After"]) == (503, "60")


def test_the_history_of_a_situation_stands_above_its_entries(client, history):
    assert 'class="strip"' in get(client, "?situation=korea")
    assert 'class="strip"' not in get(client, "?situation=korea&situation=nepal")


# Files


def exported(client, query="", form="csv"):
    response = client.get(f"/crisiswatch/database.{form}{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def test_a_file_holds_all_that_is_listed_on_all_pages(client, history, monkeypatch):
    monkeypatch.setattr("crisiswatch.database.exporting.AT_ONCE", 2)
    for query in ("", "?region=asia&trend=improved", "?q=soldiers"):
        table, lines = (exported(client, query, form) for form in ("csv", "jsonl"))
        assert table.startswith("\ufeffmonth,situation,")
        rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
        records = [json.loads(line) for line in lines.splitlines()]
        listed = [f"http://testserver/crisiswatch/{each}/" for each in found(client, query)]
        assert [row["url"] for row in rows] == [each["url"] for each in records] == listed
        assert f"{len(rows)} entr" in get(client, query)


def test_no_cell_of_a_file_is_a_formula(client, db):
    factories.make_entry(lead="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in exported(client)


def test_a_file_is_named_by_what_was_asked_and_sets_no_cookie(client, history):
    response = client.get("/crisiswatch/database.csv?q=war+“שלום”&trend=improved&since=2024-04")
    assert "filename*=utf-8''crisiswatch_q-war-%D7%A9" in response["Content-Disposition"]
    assert response["Content-Disposition"].endswith("_trend-improved_since-2024-04.csv")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    plain = client.get("/crisiswatch/database.jsonl")
    assert plain["Content-Disposition"] == 'attachment; filename="crisiswatch.jsonl"'


# Cost


def test_as_many_queries_however_many_months(client, history, django_assert_max_num_queries):
    queries = ("", "?region=asia&trend=improved", "?situation=korea", "?q=crossed&since=2024-04")
    for number in range(1, 13):
        facts = [(factories.make_situation(), {"lead": "He crossed.", "trend": "improved"})]
        make_month(f"2023-{number:02}", *facts)
    get(client)
    for query, most in zip(queries, (9, 10, 12, 9), strict=True):
        with django_assert_max_num_queries(most):
            get(client, query)
    with django_assert_max_num_queries(9):
        exported(client)


def test_a_page_far_down_looks_at_its_own_months_only(db):
    for number in range(1, 7):
        facts = [(factories.make_situation(), {}) for _ in range(number % 3)]
        make_month(f"2023-{number:02}", *facts)
    months = finding.ByMonth(finding.Entry.objects.public())
    everything = [each.pk for each in months[0:100]]
    assert months.count() == len(everything) == 6
    for start in range(7):
        for stop in range(start, 8):
            assert [each.pk for each in months[start:stop]] == everything[start:stop]
    assert Edition.objects.count() == 6
