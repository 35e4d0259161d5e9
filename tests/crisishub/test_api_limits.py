"""What goes wrong, how it is said, and how often somebody may ask."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisishub.api import limits
from editorial.api.problems import KINDS
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def is_a_problem(response, status, name):
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cache-Control"] == "no-store"
    found = response.json()
    assert found["type"] == f"http://testserver/api/#{name}"
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    return found


# Problems


@pytest.mark.parametrize(
    ("name", "query", "field", "remedy"),
    [
        ("entries", {"trend": "worse"}, "trend", "deteriorated"),
        ("entries", {"since": "2024-13"}, "since", "2023-01"),
        ("entries", {"since": "24"}, "since", "2023-01"),
        ("entries", {"until": "1700-01"}, "until", "2023-12"),
        ("entries", {"changed": "yes"}, "changed", "true"),
        ("entries", {"contry": "KR"}, "contry", "country"),
        ("entries", {"country": "Korea"}, "country", "KOR"),
        ("entries", {"situation": "\0"}, "situation", "korean-peninsula"),
        ("entries", {"limit": "0"}, "limit", "20"),
        ("entries", {"limit": "101"}, "limit", "20"),
        ("entries", {"limit": "9" * 400}, "limit", "20"),
        ("entries", {"limit": ["1", "2"]}, "limit", "once"),
        ("publications", {"since": "20240601"}, "since", "2024-01-01"),
        ("publications", {"since": "1717200000"}, "since", "2024-01-01"),
        ("publications", {"kind": "novel"}, "kind", "report"),
        ("publications", {"language": "EN_us"}, "language", "en"),
        ("situations", {"level": "watched"}, "level", "monitored"),
        ("people", {"page": "2"}, "page", "cursor"),
    ],
    ids=str,
)
def test_a_wrong_parameter_is_named_with_its_remedy(name, query, field, remedy, client):
    found = is_a_problem(client.get(f"/api/v1/{name}", query), 400, "bad-request")
    (wrong,) = found["errors"]
    assert wrong["field"] == field
    assert remedy in wrong["remedy"]
    assert found["instance"] == f"/api/v1/{name}"


def test_all_that_is_wrong_is_said_at_once(client):
    found = client.get("/api/v1/entries?trend=worse&since=24&limit=x").json()
    assert [each["field"] for each in found["errors"]] == ["limit", "since", "trend"]


@pytest.mark.parametrize(
    "path",
    [
        "v1/nothing",
        "v1/entries/",
        "v1/editions/2024-13",
        "v1/editions/1700-01",
        "v1/entries/2024-06/nowhere",
        "v1/regions/nowhere",
        "v1/countries/%00",
        "v1/\0",
        "v2/entries",
        "nothing/",
        "ש",
    ],
)
def test_where_nothing_is_stands_a_problem(path, client):
    found = is_a_problem(client.get(f"/api/{path}"), 404, "not-found")
    assert found["instance"].isascii()


def test_what_was_withdrawn_is_gone_with_its_reason(client):
    factories.make_publication("War").withdraw(reason="A source was wrong.")
    found = is_a_problem(client.get("/api/v1/publications/war"), 410, "gone")
    assert found["detail"] == "A source was wrong."


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_other_methods_are_refused_with_those_there_are(method, client):
    for path in ("/api/v1/entries", "/api/v1/", "/api/nowhere"):
        response = getattr(client, method)(path)
        is_a_problem(response, 405, "method-not-allowed")
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_question_may_not_be_endless(client):
    response = client.get("/api/v1/entries", {"cursor": "x" * 3000})
    is_a_problem(response, 414, "question-too-long")
    assert client.get("/api/v1/entries", {"cursor": "x" * 600}).status_code == 400


def test_another_host_hears_of_it_in_json_too(client):
    response = client.get("/api/v1/countries", headers={"host": "evil.example"})
    is_a_problem(response, 400, "bad-request")


def test_our_own_mistakes_tell_nothing_of_the_house(client, monkeypatch):
    def broken(*args):
        raise RuntimeError("CANARY")

    monkeypatch.setattr("regions.api.describe_country", broken)
    client.raise_request_exception = False
    response = client.get("/api/v1/countries")
    is_a_problem(response, 500, "our-mistake")
    assert b"CANARY" not in response.content


def test_every_kind_of_problem_is_explained_on_the_page(client):
    html = client.get("/api/").content.decode()
    for name, meaning in KINDS.values():
        assert f'id="{name}"' in html
        assert meaning in html


def test_pages_for_people_have_problems_for_people(client):
    assert client.get("/nowhere/").headers["Content-Type"].startswith("text/html")
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


# Headers


def test_any_site_may_ask(client):
    response = client.options("/api/v1/entries", headers={"origin": "https://example.org"})
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    for status in (200, 404):
        response = client.get("/api/v1/countries" + "x" * (status == 404))
        assert response.status_code == status
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Link" in response.headers["Access-Control-Expose-Headers"]


def test_what_has_not_changed_is_not_sent_again(client):
    first = client.get("/api/v1/countries")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = client.get("/api/v1/countries", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    factories.make_region("Asia")
    assert "Set-Cookie" not in first.headers
    assert "Cookie" not in first.headers.get("Vary", "")


def test_head_says_what_get_says_without_the_content(client):
    got, head = client.get("/api/v1/countries"), client.head("/api/v1/countries")
    assert head.content == b""
    for name in ("ETag", "Link", "Content-Type", "Content-Length"):
        assert head.headers[name] == got.headers[name]
    assert client.head("/api/v1/nothing").status_code == 404


# How often


@pytest.fixture
def counter(monkeypatch):
    """A counter of its own for each test, which runs within one minute."""
    counter = limits.Counter()
    monkeypatch.setattr(limits, "COUNTER", counter)
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_000.0)
    return counter


def ask(client, **facts):
    return client.get("/api/v1/countries?limit=1", **facts)


def test_who_asks_too_often_is_told_how_long_to_wait(client, counter, settings):
    settings.API_RATE = 2
    assert ask(client).headers["RateLimit"] == '"address";r=1;t=20'
    assert ask(client).headers["RateLimit"] == '"address";r=0;t=20'
    response = ask(client)
    is_a_problem(response, 429, "too-many-requests")
    assert response.headers["Retry-After"] == "20"
    assert response.headers["RateLimit-Policy"] == '"address";q=2;w=60'


def test_a_new_minute_begins_anew(client, counter, settings, monkeypatch):
    settings.API_RATE = 1
    assert [ask(client).status_code, ask(client).status_code] == [200, 429]
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_020.0)
    assert ask(client).status_code == 200


def test_each_address_has_its_own_count(client, counter, settings):
    settings.API_RATE = 1
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8:0:1::1", "2001:db8:0:2::1"):
        assert ask(client, REMOTE_ADDR=address).status_code == 200
    for address in ("192.0.2.1", "::ffff:192.0.2.2", "2001:db8:0:1::ff"):
        assert ask(client, REMOTE_ADDR=address).status_code == 429


def test_only_our_own_proxy_says_who_asks(client, counter, settings):
    settings.API_RATE = 1
    statuses = [
        ask(client, headers={"x-forwarded-for": f"198.51.100.{number}"}).status_code
        for number in (1, 2)
    ]
    assert statuses == [200, 429]
    settings.BEHIND_PROXY = True
    statuses = [
        ask(client, headers={"x-forwarded-for": f"9.9.9.9, 198.51.100.{number}"}).status_code
        for number in (1, 2, 2)
    ]
    assert statuses == [200, 200, 429]


def test_refused_questions_count_and_preflights_do_not(client, counter, settings):
    settings.API_RATE = 2
    client.options("/api/v1/countries")
    client.get("/api/v1/nothing")
    client.get("/api/v1/countries?limit=x")
    assert ask(client).status_code == 429


def test_the_page_for_people_is_not_counted(client, counter, settings):
    settings.API_RATE = 1
    assert {client.get("/api/").status_code for _number in range(3)} == {200}


def test_without_a_limit_nothing_is_counted(client, counter):
    assert "RateLimit" not in ask(client).headers
    assert counter.counts == {}


def test_no_address_is_kept(counter):
    counter.count("192.0.2.1", 9)
    counter.count("no address", 9)
    assert all(len(key) == 16 for key in counter.counts)
    assert "192.0.2.1" not in repr(counter.counts)
    assert limits.Counter().key != counter.key


def test_memory_does_not_grow_with_the_addresses(counter, monkeypatch):
    monkeypatch.setattr(limits, "SEPARATE", 3)
    left = [counter.count(f"192.0.2.{number}", 9).left for number in range(6)]
    assert left == [8, 8, 8, 8, 7, 6]
    assert counter.count("192.0.2.0", 9).left == 7
    assert len(counter.counts) == 4


def test_many_threads_count_together(counter):
    def count():
        for _number in range(200):
            counter.count("192.0.2.1", 9)

    threads = [threading.Thread(target=count) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.count("192.0.2.1", 1000).left == 1000 - 801


@given(st.text() | st.ip_addresses().map(str))
def test_no_address_breaks_the_count(address):
    assert limits.Counter().count(address, 1).left == 0
