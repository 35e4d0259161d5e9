"""What feed readers and podcast players get: read by a real one, and held against the rules."""

import datetime
import re
import xml.etree.ElementTree as ET
from email.utils import parsedate_to_datetime

import feedparser
import pytest
from django.core.files.base import ContentFile

from tests import factories

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
XML = "{http://www.w3.org/XML/1998/namespace}"
HOST = "http://testserver"
# RFC 3339, section 5.6, as RFC 4287, section 3.3 has it: a T and a Z in capitals.
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
MP3 = b"ID3\x03" + b"\x00" * 2000
# The feed of each kind, and the page that leads to it.
FEEDS = {
    "/updates.atom": "/",
    "/he/updates.atom": "/he/",
    "/publications/report.atom": "/publications/?kind=report",
    "/regions/asia/updates.atom": "/regions/asia/",
    "/people/han-bora/updates.atom": "/people/han-bora/",
    "/topics/war/updates.atom": "/topics/war/",
    "/crisiswatch.atom": "/crisiswatch/",
    "/corrections.atom": "/corrections/",
}


@pytest.fixture
def house():
    factories.make_newsroom()


def get(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content


def entries(client, path="/updates.atom"):
    return {entry.title: entry for entry in feedparser.parse(get(client, path)).entries}


def check_atom(content):
    """RFC 4287, sections 4.1.1 and 4.1.2."""
    feed = ET.fromstring(content)
    found = feed.findall(f"{ATOM}entry")
    for node in [feed, *found]:
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"{ATOM}{name}")) == 1, f"{node.tag}: {name}"
    for node in found:
        links = [each.get("rel") for each in node.findall(f"{ATOM}link")]
        assert links.count("alternate") == 1
        assert node.get(f"{XML}lang")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert [each.get("rel") for each in feed.findall(f"{ATOM}link")] == ["alternate", "self"]
    check_values(feed)


def check_values(feed):
    ids = [each.text for each in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    assert all(re.match(r"(tag|https?):\S+$", each) for each in ids)
    dates = [*feed.iter(f"{ATOM}updated"), *feed.iter(f"{ATOM}published")]
    assert all(DATE.fullmatch(each.text) for each in dates)
    for each in feed.iter():
        for name in ("href", "scheme"):
            assert each.get(name, HOST).startswith("http"), each.attrib


@pytest.mark.parametrize("path", FEEDS)
def test_every_feed_keeps_the_rules_and_its_page_leads_to_it(client, house, path):
    content = get(client, path)
    check_atom(content)
    read = feedparser.parse(content)
    assert not read.bozo
    assert read.version == "atom10"
    assert read.entries
    assert "kept back" not in content.decode().lower()
    page = get(client, FEEDS[path]).decode()
    assert re.search(rf'<link rel="alternate" type="application/atom\+xml"[^>]+"{path}"', page)
    self = read.feed.links[1].href
    assert self == f"{HOST}{path}"


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_that_has_not_changed_is_not_sent_again(client, house, path):
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_feed_without_entries_is_a_feed(client):
    for path in ("/updates.atom", "/corrections.atom", "/crisiswatch.atom", "/podcast.rss"):
        read = feedparser.parse(get(client, path))
        assert (read.bozo, read.entries) == (False, [])


@pytest.mark.parametrize(
    "path",
    [
        "/publications/nothing.atom",
        "/topics/nothing/updates.atom",
        "/people/nobody/updates.atom",
        "/regions/nowhere/updates.atom",
    ],
)
def test_there_is_no_feed_of_what_is_not_there(client, path):
    assert client.get(path).status_code == 404


def test_an_entry_is_the_whole_piece_with_absolute_addresses(client):
    body = (
        '<h2>Background</h2><p>It <a href="/about/">began</a>'
        '<span class="footnote">A <em>source</em>.</span>.</p><script>x()</script>'
    )
    piece = factories.make_publication("A < B & C", slug="abc", body=body, standfirst="1 < 2 & 3")
    piece.findings.create(label="What’s new?", text="<p>Much.</p>")
    piece.recommendations.create(addressee="To the UN", text="<p>Act.</p>")
    piece.image = factories.picture(size=(1000, 800))
    piece.image_alt = "A bridge"
    piece.save()
    entry = entries(client)["A < B & C"]
    assert entry.link == f"{HOST}/publications/abc/"
    feed = ET.fromstring(get(client, "/updates.atom"))
    summary = feed.find(f"{ATOM}entry/{ATOM}summary")
    assert (summary.text, summary.get("type", "text")) == ("1 < 2 & 3", "text")
    html = feed.findtext(f"{ATOM}entry/{ATOM}content")
    for shown in ["What’s new?", "Much.", "Background", "To the UN", "Act.", "A bridge", "source"]:
        assert shown in html, shown
    assert f'href="{HOST}/about/"' in html
    assert f'href="{HOST}/publications/abc/#note-1"' in html
    assert "script" not in html
    assert not re.search(r'(?:href|src)="(?!http)', html)


def test_an_entry_is_in_its_own_language_and_names_who_made_it(client):
    hidden = factories.make_person("Kept Back", status="draft")
    piece = factories.make_publication(
        "הסיכון", slug="risk", language="he", authors=[factories.make_person("Han Bora"), hidden]
    )
    piece.bylines.create(outside_name="Ed\x0b Itor", role="editor", position=9)
    piece.recommendations.create(addressee="לכולם", text="<p>א</p>")
    feed = ET.fromstring(get(client, "/updates.atom"))
    entry = feed.find(f"{ATOM}entry")
    assert (feed.get(f"{XML}lang"), entry.get(f"{XML}lang")) == ("en", "he")
    assert "Recommendations" not in entry.findtext(f"{ATOM}content")
    authors = {
        each.findtext(f"{ATOM}name"): each.findtext(f"{ATOM}uri")
        for each in entry.findall(f"{ATOM}author")
    }
    assert authors == {"Han Bora": f"{HOST}/people/han-bora/", "Kept Back": None}
    assert entry.findtext(f"{ATOM}contributor/{ATOM}name") == "Ed Itor"


def test_an_entry_stays_the_same_when_its_title_and_address_change(client):
    piece = factories.make_publication("Before", slug="before")
    before = entries(client)["Before"]
    piece.title, piece.slug = "After", "after"
    piece.save()
    after = entries(client)["After"]
    assert (before.id, before.updated) == (after.id, after.updated)


def test_readers_hear_of_a_change_that_they_should_know_of(client, time_machine):
    time_machine.move_to("2024-03-09T12:00:00Z")
    begun = datetime.datetime(2024, 3, 1, 9, tzinfo=datetime.UTC)
    piece = factories.make_publication("The Risk", publish_at=begun)
    assert entries(client)["The Risk"].updated == "2024-03-01T09:00:00+00:00"
    piece.updated_on = datetime.date(2024, 3, 5)
    piece.save()
    assert entries(client)["The Risk"].updated.startswith("2024-03-05")
    piece.corrections.create(corrected_on=datetime.date(2024, 3, 7), text="Not 3 but 4.")
    assert entries(client)["The Risk"].updated.startswith("2024-03-07")
    # On the day of publication itself, the hour of the change is what moves it.
    time_machine.move_to("2024-03-09T15:00:00Z")
    today = factories.make_publication("Today", publish_at=begun.replace(day=9))
    today.corrections.create(corrected_on=datetime.date(2024, 3, 9), text="Not 5 but 6.")
    assert entries(client)["Today"].updated.startswith("2024-03-09T15:00:00")


def test_no_feed_grows_a_query_for_each_entry(client, house, django_assert_max_num_queries):
    for number in range(6):
        piece = factories.make_publication(
            authors=[factories.make_person()],
            tags=["war", f"tag {number}"],
            kind="podcast",
        )
        piece.attachments.create(file=ContentFile(MP3, "a.mp3"), label="Listen", size=len(MP3))
    for path in [*FEEDS, "/podcast.rss"]:
        with django_assert_max_num_queries(15):
            get(client, path)


def test_a_person_s_topic_s_and_kind_s_feed_hold_what_belongs_there(client):
    person = factories.make_person("Han Bora")
    factories.make_publication("Hers", authors=[person], tags=["war"], kind="briefing")
    factories.make_publication("Another")
    for path in (
        "/people/han-bora/updates.atom",
        "/topics/war/updates.atom",
        "/publications/briefing.atom",
    ):
        assert [*entries(client, path)] == ["Hers"]


def test_crisiswatch_comes_month_by_month_with_every_entry(client, house):
    (entry,) = entries(client, "/crisiswatch.atom").values()
    assert entry.title == "CrisisWatch, June 2024"
    html = entry.content[0].value
    for shown in ["All.", "Korea", "Unchanged Situation", "The month in one breath.", "Lead."]:
        assert shown in html, shown
    assert f"{HOST}/crisiswatch/2024/06/korea/" in html


@pytest.fixture
def podcast():
    facts = {"kind": "podcast", "tags": ["war"], "authors": [factories.make_person("Han Bora")]}
    piece = factories.make_publication("Hold & Fire", slug="hold", standfirst="A < B", **facts)
    piece.attachments.create(file=ContentFile(b"%PDF", "a.pdf"), label="Transcript")
    piece.attachments.create(file=ContentFile(MP3, "a.mp3"), label="Listen", size=len(MP3))
    factories.make_publication("Silent", kind="podcast")
    return piece


def test_the_podcast_feed_has_what_players_ask_for(client, podcast):
    """Apple: A Podcaster’s Guide to RSS; RSS 2.0."""
    response = client.get("/podcast.rss")
    assert response["Content-Type"].startswith("application/rss+xml")
    channel = ET.fromstring(response.content).find("channel")
    for name in ("title", "link", "description", "language"):
        assert channel.findtext(name), name
    assert channel.findtext(f"{ITUNES}explicit") == "false"
    assert channel.findtext(f"{ITUNES}author")
    assert channel.find(f"{ITUNES}category/{ITUNES}category").get("text") == "Politics"
    assert re.match(rf"{HOST}\S+\.png$", channel.find(f"{ITUNES}image").get("href"))
    (item,) = channel.findall("item")
    assert item.findtext("title") == "Hold & Fire"
    assert item.findtext("description") == "A &lt; B"
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("guid").startswith("tag:")
    assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo
    (sound,) = item.findall("enclosure")
    assert sound.get("url") == f"{HOST}/media/{podcast.attachments.last().file.name}"
    assert (sound.get("length"), sound.get("type")) == (str(len(MP3)), "audio/mpeg")
    read = feedparser.parse(response.content)
    assert not read.bozo
    assert read.entries[0].enclosures[0].type == "audio/mpeg"


def test_the_podcast_s_page_leads_to_its_feed(client, podcast):
    assert '"/podcast.rss"' in get(client, "/publications/?kind=podcast").decode()


def test_a_feed_is_named_without_what_no_xml_may_hold(client):
    factories.make_region("Asia\x0b and more", slug="asia")
    feed = ET.fromstring(get(client, "/regions/asia/updates.atom"))
    assert feed.findtext(f"{ATOM}title").endswith("Asia and more")


def test_a_feed_says_that_it_changed_when_its_newest_piece_is_withdrawn(client):
    factories.make_publication("Kept", publish_at=factories.public()["publish_at"])
    piece = factories.make_publication("Secret")
    before = client.get("/updates.atom")
    seen = {"HTTP_IF_NONE_MATCH": before["ETag"]}
    if since := before.headers.get("Last-Modified"):
        seen = {"HTTP_IF_MODIFIED_SINCE": since}
    assert client.get("/updates.atom", **seen).status_code == 304
    piece.withdraw()
    assert client.get("/updates.atom", **seen).status_code == 200
