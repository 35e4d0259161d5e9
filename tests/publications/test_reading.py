"""The page of a piece, as its readers get it."""

import datetime
import gzip
import re

import pytest
from django.conf import settings

from publications.models import Publication
from publications.reading import read
from tests import factories
from tests.forms import change, send

pytestmark = pytest.mark.django_db

Kind = Publication.Kind
NOTE = '<span class="footnote">{}</span>'


def page(client, piece, prefix=""):
    response = client.get(f"{prefix}{piece.get_absolute_url()}")
    assert response.status_code == 200
    return response.content.decode()


def words(html):
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def in_order(text, *parts):
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def dated(year):
    return datetime.datetime(year, 6, 1, tzinfo=datetime.UTC)


# What the seeds show


def test_a_q_and_a_has_an_address_for_each_question(client):
    analyst = factories.make_person("Duyeon Kim")
    piece = factories.make_publication("Behind It", kind=Kind.QUESTIONS, body="<h2>Why now?</h2>")
    piece.bylines.create(person=analyst, role="interviewee", title="Senior Adviser")
    for question in ("What happened?", "Why now?", "מה עכשיו?"):
        piece.questions.create(question=question, answer="<p>It did.</p>")
    html = page(client, piece)
    for anchor in ("what-happened", "why-now-2", "מה-עכשיו"):
        assert f'<h2 id="{anchor}">' in html
        assert html.count(f'href="#{anchor}"') == 3  # Beside it and in both lists of contents.
    assert "(interviewee)" in words(html)


def test_two_reports_of_a_series_lead_to_each_other(client):
    series = factories.make_series("A Two-Part Series")
    first, second = (
        factories.make_publication(title, series=series, part=part)
        for part, title in enumerate(["The Risk", "The Way Out"], 1)
    )
    factories.make_publication("Das Risiko", series=series, part=1, language="de")
    html = page(client, first)
    assert "A Two-Part Series First of two" in words(html)
    assert f'rel="next" href="{second.get_absolute_url()}"' in html
    assert 'rel="prev"' not in html
    html = page(client, second)
    assert "Second of two" in words(html)
    assert f'rel="prev" href="{first.get_absolute_url()}"' in html
    assert "Das Risiko" not in html


@pytest.mark.parametrize(
    ("part", "count", "says"),
    [(1, 1, "Part 1"), (3, 3, "Third of three"), (2, 6, "Part 2 of 6"), (7, 9, "Part 7 of 9")],
)
def test_a_part_says_which_one_it_is(client, part, count, says):
    series = factories.make_series()
    pieces = [factories.make_publication(series=series, part=n) for n in range(1, count + 1)]
    assert says in words(page(client, pieces[part - 1]))


def test_an_op_ed_names_where_it_was_published_first(client):
    politico = factories.make_outlet("Politico Magazine")
    address = "https://example.org/patience"
    piece = factories.make_publication(
        kind=Kind.OP_ED, original_outlet=politico, original_url=address
    )
    html = page(client, piece)
    assert "Originally published in Politico Magazine" in words(html)
    assert f'<link rel="canonical" href="{address}">' in html
    assert f'<meta property="og:url" content="http://testserver{piece.get_absolute_url()}">' in html


def test_a_report_opens_with_its_findings_and_ends_with_what_to_do(client):
    piece = factories.make_publication(
        summary=f"<p>In short{NOTE.format('Short.')}</p>",
        body=f"<p>At length{NOTE.format('L.')}</p>",
    )
    for label in ("What’s new?", "Why does it matter?", "What should be done?"):
        piece.findings.create(label=label, text="<p>This.</p>")
    for addressee, text in [("To the UN", "Act"), ("To the UN", "Wait"), ("To all", "Rest")]:
        piece.recommendations.create(addressee=addressee, text=f"<p>{text}</p>")
    html = page(client, piece)
    in_order(html, "What’s new?", "Why does it", "Executive summary", "In short", "At length")
    in_order(html, "At length", "To the UN", "Act", "Wait", "To all", 'id="note-1"', 'id="note-2"')
    in_order(html, 'id="call-1"', 'id="call-2"', "Short.", "L.")
    assert html.count(">To the UN<") == 1


def test_a_byline_keeps_the_title_held_then(client):
    person = factories.make_person(
        "Christopher Green", portrait=factories.picture(), portrait_alt="Him"
    )
    factories.make_appointment(
        person,
        title="Senior Adviser",
        started_on=datetime.date(2018, 1, 1),
        ended_on=datetime.date(2022, 6, 30),
    )
    factories.make_appointment(
        person, title="Senior Consultant", started_on=datetime.date(2022, 7, 1)
    )
    piece = factories.make_publication(authors=[person], publish_at=dated(2019))
    piece.keep_titles()
    html = page(client, piece)
    assert "Christopher Green Senior Adviser" in words(html)
    assert "Consultant" not in html
    assert f"/media/{person.portrait.name}" in html


def test_who_is_not_public_is_named_and_no_more(client):
    hidden = factories.make_person(
        "Han Bora", slug="han", status="draft", portrait=factories.picture()
    )
    html = page(client, factories.make_publication(authors=[hidden]))
    assert "Han Bora" in html
    assert "/people/han/" not in html
    assert hidden.portrait.name not in html


# The parts of the page


def test_contents_lead_to_headings_where_there_are_some(client):
    body = "<h2>One</h2><p>a</p><h3>Two &amp; a half</h3><p>b</p><h2>One</h2><p>c</p>"
    html = page(client, factories.make_publication(body=body))
    for anchor in ("one", "two-a-half", "one-2"):
        assert html.count(f'id="{anchor}"') == 1
        assert html.count(f'href="#{anchor}"') == 2
    short = page(client, factories.make_publication(body="<h2>One</h2><h2>Two</h2>"))
    assert "Contents" not in short


def test_no_heading_takes_an_id_of_the_page(client):
    body = "<h2>Main</h2><h2>Share</h2><h2>Corrections</h2><h2>Note 1</h2><h2>To cite</h2>"
    html = page(client, factories.make_publication(body=f"{body}<p>A{NOTE.format('B')}</p>"))
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', html)) <= set(ids)


def test_a_figure_stands_where_the_text_names_it_else_below(client):
    piece = factories.make_publication(
        summary='<figure data-mark="chart"></figure>',
        body='<p>A</p><figure data-mark="chart"></figure><p>B</p>'
        '<figure data-mark="map"></figure><p>C</p><figure data-mark="gone"></figure>',
    )
    for mark in ("map", "chart", "rest"):
        piece.figures.create(image=factories.picture(), alt=f"The {mark}", mark=mark)
    html = page(client, piece)
    in_order(html, 'alt="The chart"', "<p>B</p>", 'alt="The map"', "<p>C</p>", 'alt="The rest"')
    assert html.count('alt="The chart"') == 1
    assert "data-mark" not in html


def test_reading_time_counts_all_texts():
    piece = factories.make_publication(body=f"<p>{'word ' * 460}</p>", summary="<p>w</p>")
    assert read(piece).minutes == 2
    piece.questions.create(question="Q", answer=f"<p>{'word ' * 230}</p>")
    assert read(Publication.objects.as_page().get()).minutes == 3
    assert read(factories.make_publication(body="")).minutes == 1


def test_a_correction_is_told_at_the_top_and_leads_down(client):
    piece = factories.make_publication(updated_on=datetime.date(2024, 2, 3))
    piece.corrections.create(corrected_on=datetime.date(2024, 1, 2), text="Not 3 but 4.")
    html = page(client, piece).partition("</head>")[2]
    assert "Corrected 2 Jan 2024" in words(html)
    assert "Updated 3 Feb 2024" in words(html)
    in_order(html, 'href="#corrections"', "What it says.</p>", 'id="corrections"', "Not 3 but 4.")


def test_attachments_say_what_they_are_before_they_are_opened(client):
    piece = factories.make_publication()
    piece.attachments.create(file=factories.picture("r.pdf"), label="Full report")
    piece.attachments.update(size=1_258_291, pages=42, sha256="ab" * 32)
    html = page(client, piece)
    assert "Full report ( English ) PDF, 42 pages, 1.2 MB" in words(html)
    assert f'title="SHA-256: {"ab" * 32}"' in html
    assert (
        f'name="citation_pdf_url" content="http://testserver/media/{piece.attached_pdf.file.name}"'
        in html
    )


@pytest.mark.parametrize(("kind", "says"), [(Kind.PODCAST, "Listen"), (Kind.VIDEO, "Watch")])
def test_film_and_sound_are_a_link_and_sound_of_ours_plays(client, kind, says):
    piece = factories.make_publication(kind=kind, media_url="https://example.org/1")
    piece.attachments.create(file=factories.picture("talk.mp3"), label="The talk")
    html = page(client, piece)
    assert re.search(rf'<a[^>]* href="https://example.org/1">{says}</a>', html)
    assert re.search(r'<audio[^>]* controls preload="none" src="/media/[^"]*\.mp3"', html)


def test_a_whole_lists_its_parts_and_they_lead_up(client):
    whole = factories.make_publication("Ten Conflicts", kind=Kind.WATCH_LIST)
    parts = [factories.make_publication(parent=whole, part=part) for part in (2, 1)]
    factories.make_publication("Hidden", parent=whole, part=3, status="draft")
    html = page(client, whole)
    in_order(html, parts[1].title, parts[0].title)
    assert "Hidden" not in html
    html = page(client, parts[1])
    assert f'<a href="{whole.get_absolute_url()}" rel="up">Ten Conflicts</a>' in html
    assert "First of two" in words(html)
    Publication.objects.filter(pk=whole.pk).update(status="draft")
    assert "Ten Conflicts" not in page(client, parts[1])


def test_topics_lead_to_their_pages_and_sharing_needs_no_script(client):
    piece = factories.make_publication("War & “Peace”?", slug="war", tags=["Sanctions"])
    html = page(client, piece)
    assert '<a href="/topics/sanctions/">Sanctions</a>' in html
    title, address = "War%20%26%20%E2%80%9CPeace%E2%80%9D%3F", "http%3A%2F%2Ftestserver%2Fpubl"
    assert f'href="mailto:?subject={title}&amp;body={address}' in html
    assert f"https://share.joinmastodon.org/#text={title}%20{address}" in html
    assert html.count('rel="nofollow noopener noreferrer"') == 8
    assert "onclick" not in html


# Where the page is


def test_every_language_of_the_frame_leads_to_one_address(client):
    piece = factories.make_publication("The Risk")
    for prefix in ("", "/he"):
        html = page(client, piece, prefix)
        assert '<link rel="canonical" href="http://testserver/publications/the-risk/">' in html
        assert "hreflang" not in html.partition("</head>")[0]


def test_translations_name_each_other_and_the_original(client):
    piece = factories.make_publication("The Risk")
    factories.make_publication("Le Risque", language="fr", translation_of=piece)
    factories.make_publication("Draft", language="ko", translation_of=piece, status="draft")
    site = "http://testserver/publications"
    for path in ("the-risk", "le-risque"):
        head, _, body = client.get(f"/publications/{path}/").content.decode().partition("</head>")
        found = dict(re.findall(r'hreflang="([^"]*)" href="([^"]*)"', head))
        assert found == {
            "en": f"{site}/the-risk/",
            "fr": f"{site}/le-risque/",
            "x-default": f"{site}/the-risk/",
        }
        assert "Also available in" in body
    assert 'property="og:locale" content="fr"' in head
    assert 'property="og:locale:alternate" content="en"' in head


def test_other_sites_get_a_picture_with_its_size_and_words(client):
    piece = factories.make_publication(
        image=factories.picture(size=(1600, 900)), image_alt="A bridge", tags=["war"]
    )
    head = page(client, piece).partition("</head>")[0]
    (address,) = re.findall(r'"og:image" content="http://testserver(/media/[^"]*)"', head)
    assert b"".join(client.get(address)).startswith(b"\xff\xd8\xff")
    assert 'property="og:image:width" content="1200"' in head
    assert 'property="og:image:alt" content="A bridge"' in head
    assert 'name="twitter:card" content="summary_large_image"' in head
    assert 'property="article:tag" content="war"' in head


def test_scholars_find_a_numbered_report(client):
    person = factories.make_person("Han Bora", sort_name="Han, Bora")
    asia = factories.make_region("Asia")
    piece = factories.make_publication(
        number=294, numbered_in=asia, authors=[person], publish_at=dated(2019)
    )
    html = page(client, piece)
    for name, says in [
        ("title", piece.title),
        ("author", "Han, Bora"),
        ("publication_date", "2019/06/01"),
        ("language", "en"),
        ("technical_report_number", "294"),
        ("technical_report_institution", "crisishub"),
        ("pdf_url", f"http://testserver/publications/{piece.slug}.pdf"),
    ]:
        assert f'<meta name="citation_{name}" content="{says}">' in html


# For editors


def test_a_draft_is_previewed_with_all_its_new_parts(client):
    client.force_login(factories.make_editor())
    piece = factories.make_publication("The Risk", body="<p>Old.</p>")
    added = {
        "findings-TOTAL_FORMS": 1,
        "findings-0-position": 0,
        "findings-0-label": "Why now?",
        "findings-0-text": "<p>So.</p>",
        "recommendations-TOTAL_FORMS": 1,
        "recommendations-0-position": 0,
        "recommendations-0-addressee": "To all",
        "recommendations-0-text": "<p>Act.</p>",
    }
    send(client, change(piece), body=f"<p>New{NOTE.format('A note.')}</p>", **added)
    preview = client.get(change(piece).replace("change", "preview")).content.decode()
    for shown in ('id="why-now"', "To all", "Act.", "A note.", 'id="call-1"', "How to cite"):
        assert shown in preview
    assert "A note." not in page(client, piece)


# What it weighs


def prose(count):
    """So many words of the demonstration, with a heading for every hundred and fifty."""
    files = sorted((settings.BASE_DIR / "demo/publications").glob("*.html"))
    texts = (file.read_text().rpartition("---")[2] for file in files if "-ar" not in file.name)
    every = list(dict.fromkeys(" ".join(map(words, texts)).split(". ")))
    found = ". ".join(every).split()[:count]
    parts = [found[start : start + 75] for start in range(0, count, 75)]
    return "".join(
        f"<h2>{' '.join(part[:5])}</h2><p>{' '.join(part)}</p>"
        if n % 2
        else f"<p>{' '.join(part)}</p>"
        for n, part in enumerate(parts)
    )


def packed(content):
    return len(gzip.compress(content, 6))


def test_html_and_css_of_1500_words_stay_within_14_kilobytes(client):
    asia = factories.make_region("Asia")
    authors = [
        factories.make_person(name, portrait=factories.picture(), portrait_alt=name)
        for name in ("Han Bora", "Lee Somi")
    ]
    piece = factories.make_publication(
        "Reopening the Line and What It Takes",
        number=294,
        numbered_in=asia,
        regions=[asia],
        authors=authors,
        tags=["war", "peace"],
        body=prose(1500),
        standfirst="What was said about it, by whom, and what can be done before the year ends.",
        image=factories.picture(size=(1600, 900)),
        image_alt="A bridge over a river",
    )
    piece.attachments.create(file=factories.picture("r.pdf"), label="Full report")
    for number in range(4):
        factories.make_publication(f"Another Piece {number}", regions=[asia], tags=["war"])
    html = client.get(piece.get_absolute_url()).content
    # What is for paper is fetched when everything else is there.
    styles = re.findall(r'href="/static/(css/[^"]*\.css)">', html.decode())
    assert len(styles) == 5
    css = sum(packed((settings.BASE_DIR / "static" / style).read_bytes()) for style in styles)
    assert packed(html) + css <= 14 * 1024, (packed(html), css)


def test_what_has_lost_its_file_is_left_out(client):
    piece = factories.make_publication(
        kind="podcast", body='<figure data-mark="lost0001"></figure>'
    )
    piece.attachments.create(label="Lost")
    piece.figures.create(alt="Lost", mark="lost0001")
    for address in (piece.get_absolute_url(), f"/publications/{piece.slug}.md", "/updates.atom"):
        response = client.get(address)
        assert response.status_code == 200
        assert "Lost" not in response.content.decode()
