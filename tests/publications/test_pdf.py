"""The PDF of a piece that has none attached."""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from pypdf import PdfReader

from editorial.models import Status
from publications import pdf
from publications.models import Publication
from publications.pdf import make_pdf
from tests import factories

pytestmark = pytest.mark.django_db

NOTE = '<span class="footnote">Interview, <em>Dandong</em>, May 2024.</span>'
BODY = (
    f"<h2>At the ford</h2><p>Trucks wait.{NOTE} #set text(red) *plain* $x$ @ref</p>"
    "<h3>By night</h3><ul><li>one</li></ul><h2>Later</h2>"
    '<table><thead><tr><th colspan="2">Month</th></tr></thead><tbody><tr><td>May</td><td>4</td>'
    '</tr></tbody></table><aside class="box"><h3>A box</h3><p>Within.</p></aside>'
    '<figure data-mark="abcd1234"></figure>'
)


def make_report(**fields):
    author = factories.make_person("Han Bora")
    facts = {"title": "A ford in winter", "body": BODY, "authors": [author], **fields}
    return factories.make_publication(**facts)


def read(client, piece):
    response = client.get(f"/publications/{piece.slug}.pdf")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(b"".join(response)))


def kept():
    return {path.name for path in Path(settings.PDF_DIR).glob("*.pdf")}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.PDF_DIR = tmp_path


@pytest.fixture
def report():
    piece = make_report()
    piece.figures.create(
        image=factories.picture(), alt="A lorry", caption="A lorry waits.", mark="abcd1234"
    )
    piece.findings.create(label="What’s new?", text="<p>Ice.</p>")
    piece.recommendations.create(
        addressee="To both armies", text="<ol><li>Mark the ford.</li></ol>"
    )
    return piece


def test_it_says_all_that_the_page_says(client, report):
    made = read(client, report)
    cover, contents, *rest = [page.extract_text() for page in made.pages]
    assert "A ford in winter" in cover
    assert "Han Bora" in cover
    assert f"http://testserver/publications/{report.slug}/" in cover
    for heading in ("What’s new?", "At the ford", "By night", "Later", "To both armies"):
        assert heading in contents
    assert "A box" not in contents
    text = "\n".join(rest)
    for said in (
        "Ice.",
        "Trucks wait.",
        "Interview",
        "Within.",
        "A lorry waits.",
        "Mark the ford.",
    ):
        assert said in text
    assert made.metadata.title == "A ford in winter"


def test_markup_of_the_typesetter_is_only_text(client, report):
    text = "".join(page.extract_text() for page in read(client, report).pages)
    assert "#set text(red) *plain* $x$ @ref" in text


def test_pages_have_numbers_and_a_running_head(client, report):
    second = read(client, report).pages[1].extract_text()
    assert settings.SITE_NAME in second
    assert "2" in second.split()


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "هدنة عند المخاضة"), ("he", "הפסקת אש במעבר")]
)
def test_right_to_left_texts_have_all_their_letters_and_begin_at_the_right(client, language, words):
    piece = make_report(language=language, title=words, slug="ford", body=f"<p>{words}</p>")
    cover, *rest = read(client, piece).pages
    begins = {}
    text = cover.extract_text(visitor_text=lambda said, at, *_: begins.setdefault(said, at[4]))
    assert set(words) <= set(text + "".join(page.extract_text() for page in rest))
    assert begins["Han Bora"] > cover.mediabox.width / 2


@pytest.mark.parametrize(("state", "answer"), [("draft", 404), ("scheduled", 404)])
def test_nobody_gets_it_before_the_piece_is_public(client, state, answer):
    piece = make_report(**factories.hidden_states()[state])
    assert client.get(f"/publications/{piece.slug}.pdf").status_code == answer


def test_it_is_gone_with_the_piece(client, report):
    read(client, report)
    report.withdraw("It names a source.")
    assert client.get(f"/publications/{report.slug}.pdf").status_code == 410


def test_it_is_made_once_and_anew_when_the_piece_changes(client, report):
    read(client, report)
    first = kept()
    read(client, report)
    assert kept() == first
    Publication.objects.filter(pk=report.pk).update(title="A ford in spring")
    assert "A ford in spring" in read(client, report).pages[0].extract_text()
    mine = [name for name in kept() if name.startswith(f"{report.pk}-")]
    assert len(mine) == 1
    assert not first & set(mine)


def test_it_is_made_in_the_background_when_the_piece_is_approved(
    report, django_capture_on_commit_callbacks
):
    before = kept()
    report.rework()
    with django_capture_on_commit_callbacks(execute=True):
        report.approve(by=factories.make_editor())
    assert report.status == Status.APPROVED
    assert len(kept() - before) == 1


def test_the_background_makes_none_for_what_is_not_public():
    piece = make_report(status="draft")
    before = kept()
    make_pdf.enqueue(piece.pk)
    assert kept() == before


def test_one_that_is_attached_goes_first(client, report):
    attached = report.attachments.create(
        file=factories.picture("report.pdf"), label="Full report", language="en"
    )
    response = client.get(f"/publications/{report.slug}.pdf")
    assert response.status_code == 302
    assert response["Location"] == f"/media/{attached.file.name}"


def test_each_cell_stays_in_its_row_and_column(client):
    """Also where rows are shorter than others, and where a cell spans more than there is."""
    rows = [
        "<tr><td>A1</td><td>A2</td></tr>",
        "<tr><td>B1</td></tr>",
        '<tr><td colspan="2" rowspan="9">C1</td></tr>',
        '<tr><td rowspan="2">D1</td><td>D2</td></tr>',
    ]
    piece = make_report(body=f"<p>Before.</p><table><tbody>{''.join(rows)}</tbody></table>")
    lines = read(client, piece).pages[-1].extract_text().splitlines()
    places = {word: lines.index(line) for line in lines for word in line.split()}
    assert places["A1"] == places["A2"] < places["B1"] < places["C1"]


def test_what_somebody_is_told_stands_under_one_heading(client, report):
    report.recommendations.create(addressee="To both armies", text="<p>Wait.</p>", position=1)
    text = "".join(page.extract_text() for page in read(client, report).pages[2:])
    assert text.count("To both armies") == 1


def test_an_op_ed_says_where_it_stood_first(client):
    piece = make_report(original_outlet=factories.make_outlet("Politico Magazine"))
    assert (
        "Originally published in Politico Magazine" in read(client, piece).pages[0].extract_text()
    )


def test_a_picture_whose_file_is_lost_is_left_out(client):
    piece = make_report()
    figure = piece.figures.create(
        image=factories.picture(size=(31, 17)), alt="A boat", caption="A boat waits."
    )
    figure.image.storage.delete(figure.image.name)
    assert "A boat waits." not in read(client, piece).pages[-1].extract_text()


def test_the_picture_of_the_piece_is_on_its_cover(client):
    picture = {"image": factories.picture(), "image_alt": "A ferry"}
    cover, *rest = read(client, make_report(**picture, image_caption="The last ferry.")).pages
    assert "The last ferry." in cover.extract_text()
    assert len(cover.images) == 1
    assert not any(page.images for page in rest)


def test_a_long_piece_is_left_to_the_background(client, monkeypatch):
    piece = make_report()
    monkeypatch.setattr("publications.pdf.LONG", 10)
    response = client.get(f"/publications/{piece.slug}.pdf")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert read(client, piece).pages


def test_nobody_waits_while_another_is_made(client, report, monkeypatch):
    made = []
    monkeypatch.setattr("publications.pdf.make_pdf", SimpleNamespace(enqueue=made.append))
    with pdf._one_at_a_time:
        assert client.get(f"/publications/{report.slug}.pdf").status_code == 503
    assert made == [report.pk]


@pytest.mark.parametrize("has_font", [True, False])
def test_no_pdf_is_offered_without_letters_for_its_language(client, monkeypatch, has_font):
    fonts = {"Noto Serif CJK KR"} if has_font else set()
    monkeypatch.setattr("publications.typesetting.families", lambda: fonts)
    piece = make_report(language="ko", title="겨울의 여울", slug="ford")
    page = client.get("/publications/ford/").content.decode()
    assert ("/publications/ford.pdf" in page) == has_font
    response = client.get("/publications/ford.pdf")
    b"".join(response)
    assert response.status_code == (200 if has_font else 404)
    make_pdf.enqueue(piece.pk)
    assert bool(kept()) == has_font
