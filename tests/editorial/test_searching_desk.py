"""What editors have of the index: their lists, promoted results, files that are read."""

import pytest
from django.core.files.base import ContentFile

from editorial.models import Promotion
from editorial.searching import attached, keeping
from editorial.searching.asking import ask
from tests import factories
from tests.forms import change, send

pytestmark = pytest.mark.django_db

PAGE = b"BT /F1 12 Tf 20 100 Td (%s) Tj ET"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
SHEET = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 %s>>>>>>"
)


def pdf_of(text):
    """The smallest PDF (ISO 32000-1) that says something."""
    stream = PAGE % text.encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        SHEET % FONT,
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    body, rows = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, each in enumerate(objects, 1):
        rows += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"xref\n0 5\n%strailer\n<</Size 5/Root 1 0 R>>\n" % rows
    return ContentFile(body + table + b"startxref\n%d\n%%%%EOF\n" % len(body), "report.pdf")


@pytest.fixture
def desk(client):
    client.force_login(factories.make_editor())
    return client


def listed(desk, words):
    page = desk.get("/admin/publications/publication/", {"q": words})
    return {str(row) for row in page.context["cl"].result_list}


def test_the_list_of_the_desk_finds_texts_of_live_pieces_and_titles_of_drafts(desk):
    factories.make_publication("Live", body="<p>Quagga.</p>")
    factories.make_publication("Quaggas", status="draft")
    factories.make_publication("Other")
    assert listed(desk, "quagga") == {"Live", "Quaggas"}


def test_the_list_of_the_desk_is_read_row_by_row_where_there_is_no_index(desk, monkeypatch):
    factories.make_publication("Live quagga")
    monkeypatch.setattr("editorial.searching.asking.fresh", lambda: (None, True))
    assert listed(desk, "quagga") == {"Live quagga"}


def test_where_there_are_too_many_for_a_list_of_keys_none_is_missing(desk, monkeypatch):
    monkeypatch.setattr("editorial.searching.asking.MOST_KEYS", 2)
    names = {factories.make_publication(f"Quagga {number}").title for number in range(4)}
    assert listed(desk, "quagga") == names
    monkeypatch.setattr("editorial.searching.asking.MOST_KEYS", 4)
    assert listed(desk, "quagga") == names


def test_an_editor_promotes_what_readers_have_by_its_address(desk):
    piece = factories.make_publication("Start here")
    draft = factories.make_publication("Draft", status="draft")
    form = {"words": "  War in  KOREA ", "position": "0"}
    add = "/admin/editorial/promotion/add/"
    desk.post(add, {**form, "address": f"http://testserver{draft.get_absolute_url()}"})
    assert not Promotion.objects.exists()
    desk.post(add, {**form, "address": f"http://testserver{piece.get_absolute_url()}"})
    promotion = Promotion.objects.get()
    assert (promotion.words, promotion.piece) == ("war in korea", piece)
    again = desk.post(add, {**form, "address": piece.get_absolute_url()})
    assert "stands on top" in again.text
    send(desk, change(promotion), position="3")
    assert [str(hit.object) for hit in ask("war in korea").hits] == ["Start here"]


@pytest.mark.slow
def test_the_text_of_a_file_is_found_when_it_has_been_read(monkeypatch):
    monkeypatch.setattr(keeping, "in_background", lambda act: None)
    piece = factories.make_publication("Report")
    piece.attachments.create(file=pdf_of("The quagga of Khartoum"), label="Full report")
    assert ask("khartoum").total == 0
    assert ask("report").total == 1
    keeping.read_files()
    answer = ask("khartoum")
    assert [str(hit.object) for hit in answer.hits] == ["Report"]
    assert "<mark>Khartoum</mark>" in answer.hits[0].extract


@pytest.mark.slow
def test_a_file_that_cannot_be_read_is_not_tried_again():
    piece = factories.make_publication("Report")
    file = ContentFile(b"%PDF-1.4 and nothing more", "broken.pdf")
    row = piece.attachments.create(file=file, label="Full report")
    attached.keep_text(row.sha256, row.file.name)
    assert attached.known_text(row.sha256) == ""
