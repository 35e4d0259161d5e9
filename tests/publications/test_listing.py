"""The list of publications: filters with counts, one card for each work, addresses to share."""

import datetime
import re
from html import unescape

import pytest
from django.utils import timezone

from editorial.searching.asking import Answer
from publications import listing
from tests import factories

pytestmark = pytest.mark.django_db


def get(client, query="", prefix=""):
    response = client.get(f"{prefix}/publications/{query}")
    assert response.status_code == 200, query
    return response


def titles(response):
    html = response.content.decode()
    return re.findall(r"<h3><a[^>]*>([^<]*)</a>", html)


def choices(response):
    """What is offered: the label of each value, with its count."""
    html = response.content.decode()
    found = re.findall(r"<bdi>([^<]*)</bdi> <span class=\"note\">(\d+)</span>", html)
    return {unescape(label): int(count) for label, count in found}


def links(response, label):
    html = response.content.decode()
    pattern = rf'<a[^>]*href="(\?[^"]*)"[^>]*>(?:<bdi>|<span class="quiet">[^<]*</span> )({label})'
    return [unescape(href) for href, _label in re.findall(pattern, html)]


@pytest.fixture
def archive():
    asia = factories.make_region("Asia")
    korea = factories.make_region("Korea", parent=asia)
    han = factories.make_person("Han Bora")
    for number, (title, kind, regions, year) in enumerate(
        [
            ("One", "report", [korea], 2022),
            ("Two", "report", [korea], 2023),
            ("Three", "briefing", [asia], 2023),
            ("Four", "report", [factories.make_region("Africa")], 2024),
        ]
    ):
        factories.make_publication(
            title,
            kind=kind,
            regions=regions,
            tags=["war"] if number % 2 else ["peace"],
            authors=[han] if kind == "briefing" else [],
            publish_at=datetime.datetime(year, 6, 1, 12, tzinfo=datetime.UTC),
        )
    factories.make_publication("Hidden", kind="report", regions=[korea], status="draft")


def test_filters_say_how_much_there_is(client, archive):
    offered = choices(get(client))
    assert offered == {
        "Asia": 3,
        "Korea": 2,
        "Africa": 1,
        "Report": 3,
        "Briefing": 1,
        "war": 2,
        "peace": 2,
        "Han Bora": 1,
        "English": 4,
        "2024": 1,
        "2023": 2,
        "2022": 1,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Four", "Three", "Two", "One"]),
        ("?kind=report", ["Four", "Two", "One"]),
        ("?region=asia", ["Three", "Two", "One"]),
        ("?kind=report&region=asia&year=2023", ["Two"]),
        ("?topic=war", ["Four", "Two"]),
        ("?author=han-bora", ["Three"]),
        ("?language=en&year=2024", ["Four"]),
        ("?kind=nonsense", []),
        ("?region=nowhere", []),
        ("?year=99999", []),
        ("?language=fr", []),
        ("?page=1&utm_source=mail", ["Four", "Three", "Two", "One"]),
        ("?page=", ["Four", "Three", "Two", "One"]),
        ("?page=&utm_source=mail", ["Four", "Three", "Two", "One"]),
    ],
)
@pytest.mark.parametrize("is_lost", [False, True], ids=["by the index", "by the database"])
def test_an_address_says_what_is_listed(client, archive, query, found, is_lost, monkeypatch):
    if is_lost:
        lose(monkeypatch)
    assert titles(get(client, query)) == found


def lose(monkeypatch):
    monkeypatch.setattr(listing, "ask", lambda **asked: Answer(is_catching_up=True))


def test_while_the_index_is_built_the_list_is_whole_and_says_why_there_are_no_filters(
    client, archive, monkeypatch
):
    lose(monkeypatch)
    response = get(client, "?kind=report")
    assert not choices(response)
    assert "catching up" in response.content.decode()
    assert links(response, "Kind: Report") == ["?"]


def test_each_filter_can_be_taken_away_alone(client, archive):
    response = get(client, "?kind=report&region=asia")
    assert links(response, "Kind: Report") == ["?region=asia"]
    assert links(response, "Region: Asia") == ["?kind=report"]
    assert links(response, "2023") == ["?region=asia&kind=report&year=2023"]
    assert links(response, "Briefing") == []


def test_what_is_filtered_is_not_for_search_engines_and_the_whole_list_is(client, archive):
    assert "noindex" not in get(client).content.decode()
    filtered = get(client, "?kind=report").content.decode()
    assert '<meta name="robots" content="noindex">' in filtered
    assert '<link rel="canonical" href="http://testserver/publications/">' in filtered


def test_pages_keep_the_filters(client, monkeypatch):
    for number in range(3):
        factories.make_publication(f"Report {number}")
    monkeypatch.setattr(listing, "PER_PAGE", 2)
    first = get(client, "?kind=report").content.decode()
    assert 'rel="next" href="?kind=report&amp;page=2"' in first
    assert len(titles(get(client, "?kind=report&page=2"))) == 1
    for page in ("3", "0", "-1", "x", "9" * 40, "٣"):
        assert client.get("/publications/", {"kind": "report", "page": page}).status_code == 404


def test_a_work_has_one_card_in_the_language_of_the_page(client):
    work = factories.make_publication("The Risk")
    for language, title in [("fr", "Le risque"), ("he", "הסיכון")]:
        factories.make_publication(title, slug=language, language=language, translation_of=work)
    factories.make_publication("سر", slug="ar", language="ar", translation_of=work, status="draft")
    english, hebrew = get(client), get(client, prefix="/he")
    assert (titles(english), titles(hebrew)) == (["The Risk"], ["הסיכון"])
    html = english.content.decode()
    assert "Also available in" in html
    for language, there in [("fr", True), ("he", True), ("ar", False)]:
        assert (f'href="/publications/{language}/"' in html) is there
    year = str(work.publish_at.year)
    assert choices(english) == {"English": 1, "français": 1, "עברית": 1, "Report": 1, year: 1}
    assert titles(get(client, "?language=fr")) == ["Le risque"]
    assert titles(get(client, "?language=en", prefix="/he")) == ["The Risk"]


def test_a_translation_stands_alone_where_readers_do_not_have_the_original(client):
    draft = factories.make_publication("Hidden", status="draft")
    factories.make_publication("Le risque", language="fr", translation_of=draft)
    assert titles(client.get("/")) == ["Le risque"]
    assert titles(get(client)) == ["Le risque"]


def test_a_translation_stands_for_its_work_until_the_original_comes(client, time_machine):
    now, day = timezone.now(), datetime.timedelta(days=1)
    original = factories.make_publication("The Risk", publish_at=now + day)
    factories.make_publication("Le risque", language="fr", translation_of=original)
    assert titles(get(client)) == ["Le risque"]
    time_machine.move_to(now + 2 * day)
    page = get(client)
    assert (titles(page), page.context["page"].found) == (["The Risk"], 1)
    assert titles(get(client, "?language=fr")) == ["Le risque"]


@pytest.mark.parametrize("path", ["/", "/regions/asia/", "/regions/asia/updates/", "/topics/war/"])
def test_other_lists_show_a_work_once_too(client, path):
    facts = {"regions": [factories.make_region("Asia")], "tags": ["war"]}
    work = factories.make_publication("The Risk", **facts)
    factories.make_publication("הסיכון", slug="he", language="he", translation_of=work, **facts)
    assert titles(client.get(path)) == ["The Risk"]
    assert titles(client.get(f"/he{path}")) == ["הסיכון"]


def test_as_many_queries_however_many_pieces(client, django_assert_max_num_queries, archive):
    get(client)
    for number in range(12):
        work = factories.make_publication(
            regions=[factories.make_region()],
            authors=[factories.make_person()],
            tags=[f"topic {number}"],
            kind="briefing",
        )
        factories.make_publication(language="fr", translation_of=work)
    get(client)
    for query in ("", "?kind=briefing"):
        with django_assert_max_num_queries(16):
            get(client, query)


def test_topics_are_those_of_public_pieces(client):
    factories.make_publication("Open", tags=["war", "שלום"])
    factories.make_publication("Hidden", tags=["secret", "war"], status="draft")
    html = client.get("/topics/").content.decode()
    assert re.findall(r'/topics/([^/"]+)/"[^>]*>([^<]+)</a> <span class="note">(\d+)', html) == [
        ("war", "war", "1"),
        ("%D7%A9%D7%9C%D7%95%D7%9D", "שלום", "1"),
    ]
    assert titles(client.get("/topics/war/")) == ["Open"]
    assert titles(client.get("/topics/שלום/")) == ["Open"]
    for slug in ("secret", "nothing"):
        assert client.get(f"/topics/{slug}/").status_code == 404
    assert client.get("/topics/war/?page=2").status_code == 404
    assert client.get("/topics/war/?page=").status_code == 200


def test_a_topic_of_signs_alone_has_no_page_and_breaks_none(client):
    piece = factories.make_publication("Signs", tags=["?!"])
    html = client.get(piece.get_absolute_url()).content.decode()
    assert "?!</p>" in html
    assert "?!" not in client.get("/topics/").content.decode()
