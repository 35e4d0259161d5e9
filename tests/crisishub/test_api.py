"""What a program hears that asks the API."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crisiswatch.models import Coverage, Entry, Situation
from editorial.addresses import keep_old_addresses
from people.models import Person
from publications.models import Publication
from tests import factories
from tests.crisishub.asking import COLLECTIONS, get, items, whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    factories.make_newsroom()


# One of each kind


def key_of(name, item):
    if name == "entries":
        return f"{item['month']}/{item['situation']['code']}"
    keys = {"editions": "month", "situations": "code", "countries": "alpha3"}
    return item[keys.get(name, "slug")]


def test_each_item_of_a_collection_has_an_address_of_its_own(client, house):
    for name in COLLECTIONS:
        item = items(client, name, limit=1)[0]
        alone = get(client, f"{name}/{key_of(name, item)}")
        assert alone | item == alone
        if name != "countries":
            page = item["url"].removeprefix("http://testserver")
            assert client.get(page).status_code == 200


def test_an_entry_says_all_that_its_page_says(client, house):
    (entry,) = items(client, "entries")
    assert entry == {
        "month": "2024-06",
        "situation": {
            "code": "korea",
            "name": "Korea",
            "url": "http://testserver/crisiswatch/situations/korea/",
        },
        "region": {
            "slug": "korea",
            "name": "Korea",
            "url": "http://testserver/regions/korea/",
        },
        "countries": ["KOR"],
        "trend": "unchanged",
        "conflict_risk_alert": True,
        "resolution_opportunity": False,
        "lead": "The month in one breath.",
        "developments": [
            {"lead_sentence": "Lead.", "body": "Body."},
            {"lead_sentence": "", "body": "One\n\nparagraph: more"},
        ],
        "url": "http://testserver/crisiswatch/2024/06/korea/",
    }


def test_a_publication_has_its_text_where_it_stands_alone(client, house):
    report = get(client, "publications/report")
    assert "<p>B</p>" in report["text"]
    assert report["label"] == "Report 300"
    assert report["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [each["name"] for each in report["bylines"]] == ["Han Bora", "Someone Else"]
    assert [each["slug"] for each in report["translations"]] == ["rapport"]
    assert report["files"][0]["media_type"] == "application/pdf"
    assert report["picture"]["alternative_text"] == "A bridge"
    french = get(client, "publications/rapport")
    assert [each["language"] for each in french["translations"]] == ["en"]
    assert all("text" not in each for each in items(client, "publications"))


def test_moments_are_in_utc_and_rich_texts_are_html_with_whole_addresses(client):
    moment = datetime.datetime(2024, 7, 1, 9, tzinfo=datetime.UTC)
    overview = '<p>See <a href="/regions/korea/">Korea</a>.</p>'
    factories.make_edition(overview=overview, publish_at=moment)
    edition = get(client, "editions/2024-06")
    assert edition["published_at"] == "2024-07-01T09:00:00Z"
    assert 'href="http://testserver/regions/korea/"' in edition["overview"]


def test_a_country_is_found_by_each_of_its_codes(client):
    for code in ("KR", "kor", "410"):
        assert get(client, f"countries/{code}")["name"] == "South Korea"
    get(client, "countries/XX", status=404)


# Filters


@pytest.fixture
def history():
    """Two situations over three months: names, codes and regions differ."""
    east, sahel = factories.make_region("East"), factories.make_region("Sahel")
    coast = factories.make_region("Coast", parent=east)
    situations = [
        factories.make_situation("Taiwan Strait", region=coast, countries=["TW", "CN"]),
        factories.make_situation("Chad", region=sahel, countries=["TD"]),
    ]
    for number, trend in enumerate(Entry.Trend, start=4):
        edition = factories.make_edition(datetime.date(2023, number, 1))
        for situation in situations:
            factories.make_entry(
                edition=edition,
                situation=situation,
                trend=trend if situation.slug == "chad" else Entry.Trend.UNCHANGED,
                risk_alert=number == 4,
                resolution_opportunity=situation.slug == "chad",
            )


def told(client, **query):
    return [
        f"{each['situation']['code']} {each['month']}" for each in items(client, "entries", **query)
    ]


def test_entries_come_from_the_newest_month_and_by_code(client, history):
    assert told(client) == [
        f"{code} 2023-0{month}" for month in (6, 5, 4) for code in ("chad", "taiwan-strait")
    ]


FILTERED = [
    ({"since": "2023-05"}, 4),
    ({"until": "2023-04"}, 2),
    ({"since": "2023-05", "until": "2023-05"}, 2),
    ({"situation": "chad"}, 3),
    ({"region": "east"}, 3),
    ({"region": "coast"}, 3),
    ({"region": "nowhere"}, 0),
    ({"country": "CN"}, 3),
    ({"country": "tcd"}, 3),
    ({"country": "158"}, 3),
    ({"trend": "improved"}, 1),
    ({"trend": "deteriorated", "situation": "chad"}, 1),
    ({"conflict_risk_alert": "true"}, 2),
    ({"conflict_risk_alert": "false"}, 4),
    ({"resolution_opportunity": "true"}, 3),
    ({"changed": "true"}, 2),
    ({"changed": "false"}, 4),
]


def test_entries_are_filtered(client, history):
    for query, count in FILTERED:
        assert len(told(client, **query)) == count, query


def test_entries_are_found_by_words_in_the_order_of_all(client, history, monkeypatch):
    entries = Entry.objects.filter(situation__slug="chad")
    for entry in entries.exclude(edition__month="2023-05"):
        entry.lead = "Peace talks began."
        entry.save()
    assert told(client, words="talks") == ["chad 2023-06", "chad 2023-04"]
    assert told(client, words='"talks peace"') == []
    assert told(client, words="talk", trend="improved") == ["chad 2023-06"]
    monkeypatch.setattr("crisiswatch.api.every_key", lambda *_: None)
    response = client.get("/api/v1/entries?words=talks")
    assert (response.status_code, response.json()["status"]) == (503, 503)


def test_situations_and_editions_are_filtered(client, history):
    chad = Situation.objects.get(slug="chad")
    chad.coverage.update(last_month=datetime.date(2023, 5, 1))
    standby = {"level": "standby", "first_month": datetime.date(2023, 6, 1)}
    Coverage.objects.create(situation=chad, **standby)
    code = [each["code"] for each in items(client, "situations", level="standby")]
    assert code == ["chad"]
    assert len(items(client, "situations", level="monitored", region="east")) == 1
    assert len(items(client, "situations", country="TCD")) == 1
    months = [each["month"] for each in items(client, "editions", since="2023-05")]
    assert months == ["2023-06", "2023-05"]


def test_publications_are_filtered(client, house):
    def found(**query):
        return {each["slug"] for each in items(client, "publications", **query)}

    assert found() == {"report", "rapport"}
    assert found(region="asia") == found(topic="war") == found(author="han-bora") == {"report"}
    assert found(language="fr") == {"rapport"}
    assert found(kind="report", language="en") == {"report"}
    yesterday = timezone.now().astimezone(datetime.UTC).date() - datetime.timedelta(days=1)
    assert found(since=yesterday, until=yesterday) == {"report", "rapport"}
    assert found(since=yesterday + datetime.timedelta(days=1)) == set()
    assert found(until="0001-01-01") == found(since="9999-12-31") == set()
    assert found(until="9999-12-31") == {"report", "rapport"}


def test_people_quotes_regions_and_countries_are_filtered(client, house):
    assert len(items(client, "people", region="asia")) == 0  # The title there has ended.
    assert len(items(client, "people", current="true")) == 1
    assert len(items(client, "people", current="false")) == Person.objects.count() - 1
    assert len(items(client, "quotes", speaker="han-bora", region="asia", language="ko")) == 1
    assert len(items(client, "quotes", since="2023-09-14", until="2023-09-14")) == 1
    assert len(items(client, "quotes", until="2023-09-13")) == 0
    assert [each["slug"] for each in items(client, "regions", region="asia")] == ["asia", "korea"]
    assert [each["slug"] for each in items(client, "regions", country="PRK")] == ["korea"]
    assert [each["alpha2"] for each in items(client, "countries", region="asia")] == ["KP", "KR"]


# Pages


def test_pages_put_together_are_the_collection(client, house, history):
    for name in COLLECTIONS:
        step = 90 if name == "countries" else 1
        assert whole(client, name, limit=step) == whole(client, name, limit=100)


def test_what_is_published_meanwhile_neither_repeats_nor_hides_a_row(client):
    days = [timezone.now() - datetime.timedelta(days=day) for day in range(5)]
    for number in (1, 2, 3):
        factories.make_publication(f"Piece {number}", publish_at=days[number])
    first = get(client, "publications", limit=2, fields="slug")
    factories.make_publication("Newer", publish_at=days[0])
    Publication.objects.get(slug="piece-1").withdraw()
    rest = client.get(first["next"].removeprefix("http://testserver")).json()
    assert [each["slug"] for each in first["items"]] == ["piece-1", "piece-2"]
    assert [each["slug"] for each in rest["items"]] == ["piece-3"]
    assert rest["next"] is None


def test_rows_of_one_moment_are_told_apart(client):
    day = datetime.date(2023, 9, 14)
    for number in range(5):
        factories.make_quote(said_on=day, slug=f"said-{number}")
    assert len(whole(client, "quotes", limit=2)) == 5


def test_the_next_page_is_in_the_header_too(client, history):
    response = client.get("/api/v1/entries?limit=4&region=east&fields=month")
    assert response.json()["next"] is None
    assert "Link" not in response.headers
    response = client.get("/api/v1/entries?limit=1&region=east&fields=month")
    assert response.headers["Link"] == f'<{response.json()["next"]}>; rel="next"'
    assert "region=east" in response.json()["next"]


def test_a_cursor_is_good_for_its_own_question_alone(client, history):
    following = get(client, "entries", limit=1, region="east")["next"]
    cursor = following.rpartition("cursor=")[2]
    for query in (
        {"cursor": cursor},
        {"cursor": cursor, "region": "sahel"},
        {"cursor": cursor[:-1] + "x", "region": "east"},
        {"cursor": "x"},
    ):
        (wrong,) = get(client, "entries", status=404, **query)["errors"]
        assert wrong["field"] == "cursor"
    assert get(client, "entries", cursor=cursor, region="east", limit=50, fields="month")["items"]
    get(client, "situations", status=404, cursor=cursor)


# Fields


def test_fields_are_chosen(client, history):
    assert items(client, "entries", fields="month, trend", limit=1) == [
        {"month": "2023-06", "trend": "improved"}
    ]
    assert get(client, "situations/chad", fields="code") == {"code": "chad"}


def test_an_unknown_field_is_named_and_so_are_those_there_are(client):
    found = get(client, "countries", status=400, fields="name,password,author")
    assert found["errors"] == [
        {
            "field": "fields",
            "detail": "There is no field 'author', 'password'.",
            "remedy": "There are alpha2, alpha3, m49, name.",
        }
    ]


@given(st.text(max_size=40) | st.lists(st.sampled_from(["name", "m49"])).map(",".join))
def test_no_field_is_had_that_the_document_does_not_name(text):
    response = Client().get("/api/v1/countries", {"fields": text, "limit": 1})
    named = [name.strip() for name in text.split(",")]
    is_good = {*named} <= {"alpha2", "alpha3", "m49", "name"} and len({*named}) == len(named)
    assert response.status_code == (200 if is_good else 400)


# Addresses that last


def test_an_old_slug_leads_to_the_new_one(client):
    region = factories.make_region("Corea")
    before = region.addresses()
    region.slug = "korea"
    region.save()
    keep_old_addresses(before, region.addresses())
    response = client.get("/api/v1/regions/corea?fields=slug")
    assert response.status_code == 301
    assert response.headers["Location"] == "http://testserver/api/v1/regions/korea?fields=slug"
    region.withdraw(reason="A source was wrong.")
    gone = get(client, "regions/corea", status=410)
    assert gone["detail"] == "A source was wrong."


# How many queries


QUERIES = {
    "editions": 2,
    "entries": 3,
    "situations": 6,
    "publications": 8,
    "people": 2,
    "quotes": 2,
    "regions": 2,
    "countries": 1,
}


def test_queries_do_not_grow_with_the_page(client, house, history, django_assert_max_num_queries):
    client.get("/api/v1/countries")
    for name, most in QUERIES.items():
        with django_assert_max_num_queries(most):
            get(client, name, limit=100)


def test_the_index_leads_to_every_collection(client):
    found = get(client, "")
    assert sorted(found["collections"]) == sorted(COLLECTIONS)
    assert found["openapi"] == f"http://testserver{reverse('api:openapi-json')}"
