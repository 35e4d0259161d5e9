"""Search, as readers use it: words, kinds, filters, and what it says when there is nothing."""

import json
import re
import xml.etree.ElementTree as ET

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from crisishub import finding
from editorial.models import Promotion
from editorial.searching.asking import Answer
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    factories.make_newsroom()


def search(client, query="", prefix=""):
    response = client.get(f"{prefix}/search/{query}")
    assert response.status_code == 200, query
    return response


def found(response):
    """Title and address of each result, with the words marked."""
    html = response.content.decode()
    return [
        (title, address)
        for address, title in re.findall(r'<h2><a href="([^"]+)">(.*?)</a></h2>', html)
    ]


def test_everything_is_found_with_its_kind_and_its_words_marked(client, house):
    response = search(client, "?q=korea")
    assert ("<mark>Korea</mark>", "/regions/korea/") in found(response)
    assert "/crisiswatch/2024/06/korea/" in [address for _title, address in found(response)]
    html = response.content.decode()
    assert "2 results" in html
    for shown in ["Region</span>", "CrisisWatch</span>", "June 2024"]:
        assert shown in html
    assert '<meta name="robots" content="noindex">' in html
    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies


def test_what_is_found_can_be_narrowed_down(client, house):
    (one,) = found(search(client, "?q=korea&what=regions"))
    assert one[1] == "/regions/korea/"
    (one,) = found(search(client, "?q=korea&year=2024"))
    assert one[1] == "/crisiswatch/2024/06/korea/"
    html = search(client, "?q=korea&year=2024").content.decode()
    assert 'href="?q=korea"' in html
    assert 'href="?q=korea&amp;what=people&amp;year=2024"' in html


def test_nobody_finds_what_is_not_public(client, house):
    for words in ("kept", "withdrawn", "scheduled"):
        assert not [address for _t, address in found(search(client, f"?q={words}"))]
        assert json.loads(client.get(f"/search/suggest?q={words}").content) == {"titles": []}


def test_a_search_for_nothing_and_one_that_finds_nothing_help_on(client, house):
    for query in ("", "?q=", "?q=%20%0A", "?q=xyzzyplugh", '?q="'):
        html = search(client, query).content.decode()
        assert "/crisiswatch/" in html
        assert not re.search(r"<ol class=\"updates\"", html)
    html = search(client, "?q=xyzzyplugh&year=2024").content.decode()
    assert "“xyzzyplugh”" in html
    assert "Take a filter away" in html


def test_what_somebody_typed_is_text(client, house):
    html = search(client, "?q=<script>x</script>%22onload=x").content.decode()
    assert "<script>" not in html
    assert '"onload' not in html


def test_while_the_index_is_built_the_page_says_so_and_is_not_kept_for_long(client, monkeypatch):
    monkeypatch.setattr(finding, "ask", lambda *words, **asked: Answer(is_catching_up=True))
    response = search(client, "?q=war")
    assert "catching up" in response.content.decode()
    assert response["Cache-Control"] == "public, max-age=5"


def test_what_an_editor_recommends_comes_first_and_says_so(client, house):
    piece = factories.make_publication("Deterrence", slug="deterrence")
    Promotion.objects.create(words="korea", piece=piece)
    response = search(client, "?q=Korea")
    assert found(response)[0][1] == "/publications/deterrence/"
    assert response.content.decode().count("Recommended") == 1


def test_pages_keep_words_kind_and_filters(client):
    for number in range(21):
        factories.make_publication(f"War {number}")
    html = search(client, "?q=war&what=publications").content.decode()
    assert 'rel="next" href="?q=war&amp;what=publications&amp;page=2"' in html
    assert len(found(search(client, "?q=war&page=2"))) == 1
    assert client.get("/search/?q=war&page=3").status_code == 404


def test_titles_come_while_somebody_types(client, house):
    response = client.get("/search/suggest?q=kor")
    titles = json.loads(response.content)["titles"]
    assert {"title": "Korea", "address": "/regions/korea/", "label": "Region"} in titles
    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    hebrew = json.loads(client.get("/he/search/suggest?q=kor").content)["titles"]
    assert hebrew[0]["address"].startswith("/he/")


def test_only_the_page_that_asks_may_connect(client):
    assert "connect-src 'self'" in search(client)["Content-Security-Policy"]
    assert "connect-src" not in client.get("/")["Content-Security-Policy"]


def test_browsers_can_add_the_search_to_theirs(client):
    assert 'type="application/opensearchdescription+xml"' in client.get("/").content.decode()
    root = ET.fromstring(client.get("/opensearch.xml").content)
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    assert len(root.findtext("o:ShortName", namespaces=space)) <= 16
    template = root.find("o:Url[@type='text/html']", space).get("template")
    assert template == "http://testserver/search/?q={searchTerms}"


def test_every_page_leads_to_the_search(client):
    assert 'href="/search/"' in client.get("/").content.decode()


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_search_however_odd_is_an_error_of_ours(words, value):
    client = Client()
    for query in ({"q": words, "what": value, "year": value}, {"q": value, "region": words}):
        assert client.get("/search/", query).status_code == 200
        assert client.get("/search/suggest", query).status_code == 200
        assert client.get("/publications/", query).status_code == 200


def test_as_many_queries_however_much_is_found(client, django_assert_max_num_queries):
    region = factories.make_region("Korea")
    for _number in range(3):
        factories.make_publication("Korea", slug=f"korea-{_number}", regions=[region])
    search(client, "?q=korea")
    for number in range(3, 15):
        factories.make_publication("Korea", slug=f"korea-{number}", regions=[region])
        factories.make_quote([region], text="Korea")
    search(client, "?q=korea")
    with django_assert_max_num_queries(16):
        search(client, "?q=korea")
