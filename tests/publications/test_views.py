import datetime
import re
import xml.etree.ElementTree as ET

import pytest

from tests import factories

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def get(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def report():
    person = factories.make_person("Han Bora")
    series = factories.make_series("War and Talks")
    piece = factories.make_publication(
        "The Risk",
        kind="report",
        number=293,
        subtitle="A subtitle",
        regions=[factories.make_region("Korean Peninsula")],
        authors=[person],
        tags=["Nuclear Weapons"],
        body="<h2>Background</h2>\n<p>It began.</p>",
        series=series,
        part=1,
        image=factories.picture(),
        image_alt="A bridge",
        image_caption="The bridge",
        image_credit="Us",
        original_outlet=factories.make_outlet("Demo Magazine"),
        original_url="https://example.org/risk",
    )
    piece.bylines.update(title="Senior Analyst")
    piece.findings.create(label="What’s new?", text="<p>This.</p>")
    piece.questions.create(question="Why now?", answer="<p>Because.</p>")
    piece.recommendations.create(addressee="To the UN", text="<p>Act.</p>")
    piece.figures.create(image=factories.picture(), alt="A chart", caption="Trade by year")
    piece.attachments.create(file=factories.picture("r.pdf"), label="Full report")
    piece.corrections.create(corrected_on=datetime.date(2024, 1, 2), text="Not 3 but 4.")
    factories.make_publication("The Way Out", series=series, part=2)
    factories.make_publication("הסיכון", slug="risk-he", language="he", translation_of=piece)
    return piece


def test_a_publication_shows_all_its_parts(client, report):
    html = get(client, "/publications/the-risk/")
    for shown in [
        "Report 293",
        "A subtitle",
        "Han Bora",
        "Senior Analyst",
        "Korean Peninsula",
        "Nuclear Weapons",
        "Background",
        "What’s new?",
        "Why now?",
        "To the UN",
        "A chart",
        "Trade by year",
        "A bridge",
        "Full report",
        "Not 3 but 4.",
        "Demo Magazine",
        "https://example.org/risk",
        "The Way Out",
        "/publications/risk-he/",
        "War and Talks",
    ]:
        assert shown in html, shown


def test_a_hebrew_piece_reads_right_to_left_on_an_english_page(client, report):
    html = get(client, "/publications/risk-he/")
    assert re.search(r'lang="he" dir="rtl"', html)
    assert "/publications/the-risk/" in html


def test_pieces_stand_newest_first(client):
    for year in (2019, 2021):
        factories.make_publication(
            f"Of {year}", publish_at=datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)
        )
    html = get(client, "/publications/")
    assert html.index("Of 2021") < html.index("Of 2019")


def test_markup_in_a_title_is_text(client):
    factories.make_publication("<b>Bold</b> & co", slug="bold")
    for path in ("/publications/", "/publications/bold/"):
        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; co" in get(client, path)


def test_a_script_in_the_database_never_reaches_a_reader(client):
    piece = factories.make_publication(slug="x", body="<p>A</p><script>alert(1)</script>")
    piece.questions.create(question="<script>q</script>", answer="<script>a</script>")
    html = get(client, "/publications/x/")
    assert "<script>" not in html


def test_no_list_grows_a_query_for_each_row(client, django_assert_max_num_queries):
    series = factories.make_series()
    for part in range(1, 12):
        factories.make_publication(
            authors=[factories.make_person(), factories.make_person()],
            regions=[factories.make_region()],
            tags=["war", "peace"],
            series=series,
            part=part,
            original_outlet=factories.make_outlet(),
        )
    get(client, "/publications/")  # The first to ask brings the index up to date.
    with django_assert_max_num_queries(16):
        get(client, "/publications/")
    with django_assert_max_num_queries(20):
        get(client, series.publications.first().get_absolute_url())


@pytest.mark.parametrize("path", ["/updates.atom", "/regions/korean-peninsula/updates.atom"])
def test_the_feed_is_atom_with_absolute_addresses(client, report, path):
    response = client.get(path)
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(response.content)
    entries = {e.find("a:title", ATOM).text: e for e in feed.findall("a:entry", ATOM)}
    link = entries["The Risk"].find("a:link", ATOM).get("href")
    assert link == "http://testserver/publications/the-risk/"
    assert entries["The Risk"].find("a:author/a:name", ATOM).text == "Han Bora"


def test_a_control_character_does_not_break_the_feed(client):
    factories.make_publication("A\x0bB", slug="ab", standfirst="C\x00\x1bD".replace("\x00", ""))
    assert b"CD" in client.get("/updates.atom").content


def test_an_attachment_has_no_renditions(client, report):
    name = report.attachments.get().file.name
    assert client.get(f"/media/{name}/card-320-0.5x0.5-123456.webp").status_code == 404
    picture = report.image.name
    assert client.get(f"/media/{picture}/card-320-0.5x0.5-ffffff.webp").status_code == 404


def test_an_attachment_is_downloaded_under_the_name_of_its_content(client, report):
    name = report.attachments.get().file.name
    response = client.get(f"/media/{name}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    b"".join(response)
