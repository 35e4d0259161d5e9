"""Attachments: a file is what its ending says, and does nothing by itself."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from editorial import attaching
from editorial.files import MEGABYTE, HashedStorage, SmallerThan
from publications.models import Attachment
from tests import factories
from tests.forms import change, send

pytestmark = pytest.mark.django_db

FILE = Attachment._meta.get_field("file")


def pdf(pages=1, prepare=lambda writer: None):
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(200, 200)
    prepare(writer)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def package(*names, start="", size=3, way=zipfile.ZIP_STORED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", way) as packed:
        if start:
            packed.writestr("mimetype", start)
        for name in names:
            packed.writestr(name, "x" * size)
    return content.getvalue()


def acts(kind):
    return DictionaryObject({NameObject("/S"): NameObject(kind)})


def act_when_opened(writer):
    writer.root_object[NameObject("/OpenAction")] = acts("/Launch")


def scripts_by_name(writer):
    tree = DictionaryObject({NameObject("/Names"): ArrayObject()})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): tree})


def act_after_a_link(writer):
    link = acts("/URI")
    link[NameObject("/URI")] = TextStringObject("https://example.org")
    link[NameObject("/Next")] = acts("/SubmitForm")
    note = {NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): link}
    writer.pages[0][NameObject("/Annots")] = ArrayObject([DictionaryObject(note)])


def send_file(client, content, name, *, refused):
    client.force_login(factories.make_editor())
    piece = factories.make_publication()
    row = {
        "attachments-TOTAL_FORMS": 1,
        "attachments-0-file": ContentFile(content, name=name),
        "attachments-0-label": "Full report",
        "attachments-0-language": "en",
        "attachments-0-position": 0,
    }
    button = "_save" if refused else "_publish"
    response = send(client, change(piece), button, refused=refused, standfirst="Typed", **row)
    return piece, response


def refusal(client, content, name):
    piece, response = send_file(client, content, name, refused=True)
    assert "Typed" in response.content.decode()
    assert not piece.attachments.exists()
    for rows in response.context["inline_admin_formsets"]:
        for form in rows.formset.forms:
            if form.errors:
                [error] = form.errors["file"]
                return error
    return None


WORD = package("[Content_Types].xml", "word/document.xml")
GOOD = {
    "docx": WORD,
    "xlsx": package("[Content_Types].xml", "xl/workbook.xml"),
    "epub": package("META-INF/container.xml", start="application/epub+zip"),
    "csv": "﻿land,année\nKR,2024\n".encode(),
    "mp3": b"ID3\x04" + bytes(100),
}


def take(ending, content):
    """The sentence that refuses a new file of this ending, or nothing."""
    attachment = Attachment(file=ContentFile(content, name=f"a.{ending}"))
    try:
        attaching.check_attachment(attachment.file)
    except attaching.ValidationError as error:
        return error.messages[0]
    return ""


@pytest.mark.parametrize("ending", GOOD)
def test_a_file_is_taken_that_is_what_its_ending_says(ending):
    assert take(ending, GOOD[ending]) == ""
    assert take("mp3", b"\xff\xfb\x90\x00") == ""


@pytest.mark.parametrize("ending", [*GOOD, "pdf"])
def test_a_file_is_refused_that_is_not_what_its_ending_says(ending):
    lies = [b"<!doctype html><script>alert(1)</script>", b"  <svg/>", b"\0\1\2", package("x.html")]
    if ending != "docx":
        lies.append(WORD)
    for content in lies:
        assert take(ending, content).startswith(f"This is no {ending.upper()} file")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<script>x</script>" + WORD, "This is no DOCX file"),
        (WORD[:40], "This file is damaged"),
        (package("word/document.xml", "word/vbaProject.bin"), "This file has macros"),
    ],
    ids=["something before it", "a part of it", "with macros"],  # A package says when it was made.
)
def test_a_word_document_is_whole_and_without_macros(content, says):
    assert take("docx", content).startswith(says)


def test_a_file_that_unpacks_to_very_much_is_refused(monkeypatch):
    monkeypatch.setattr(attaching, "UNPACKED", 1000)
    assert "larger than 1 GB" in take("docx", package("word/document.xml", size=1001))


def test_a_file_that_swells_as_no_document_does_is_refused(monkeypatch):
    monkeypatch.setattr(attaching, "HARMLESS", 100_000)
    for size, refused in [(99_000, False), (101_000, True)]:
        content = package("word/document.xml", size=size, way=zipfile.ZIP_DEFLATED)
        assert len(content) < 500
        assert ("more than 100 times as large" in take("docx", content)) == refused
    assert not take("docx", package("word/document.xml", size=101_000))  # It is large, packed, too.


def test_a_pdf_is_counted_when_it_comes(client):
    content = pdf(3)
    piece, _response = send_file(client, content, "a.pdf", refused=False)
    attachment = piece.attachments.get()
    assert (attachment.pages, attachment.size) == (3, len(content))
    attachment.label = "Another"
    attachment.save()
    assert attachment.pages == 3
    attachment.file = ContentFile(b"a,b", name="b.csv")
    attachment.save()
    assert (attachment.pages, attachment.size) == (None, 3)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<!doctype html><title>%PDF-1.4</title>", "This is no PDF file"),
        (b"%PDF-1.7\n<script>alert(1)</script>", "This file is damaged"),
        (
            pdf(prepare=lambda writer: writer.encrypt("secret", algorithm="RC4-40")),
            "This PDF is locked",
        ),
        (pdf(prepare=scripts_by_name), "This PDF has scripts"),
        (pdf(prepare=act_when_opened), "This PDF has scripts or actions"),
        (pdf(prepare=act_after_a_link), "This PDF has scripts or actions"),
        (pdf(prepare=lambda w: w.add_attachment("a.exe", b"MZ")), "This PDF has other files in it"),
    ],
)
def test_a_pdf_does_nothing_by_itself(content, says):
    assert take("pdf", content).startswith(says)


def test_links_in_a_pdf_may_stay():
    link = Link(rect=(1, 1, 9, 9), url="https://example.org/")
    assert take("pdf", pdf(prepare=lambda writer: writer.add_annotation(0, link))) == ""


def test_a_pdf_that_keeps_its_reader_busy_is_given_up_on(monkeypatch, tmp_path):
    busy = tmp_path / "busy.py"
    busy.write_text("while True: pass")
    monkeypatch.setattr(attaching, "PDF_FACTS", busy)
    monkeypatch.setattr(attaching, "SECONDS", 0.1)
    assert take("pdf", pdf()).startswith("This file is damaged")


def test_a_refused_file_is_told_at_its_field_and_nothing_typed_is_lost(client):
    error = refusal(client, b"<!doctype html>", "report.pdf")
    assert error == (
        "This is no PDF file, though its name says so. Save it as one and choose it again."
    )


def test_a_file_beyond_all_limits_runs_into_nothing(client, monkeypatch):
    monkeypatch.setattr("editorial.uploading.NoMoreThanWeTake.most", MEGABYTE)
    [validator] = [each for each in FILE.validators if isinstance(each, SmallerThan)]
    monkeypatch.setattr(validator, "megabytes", 1)
    monkeypatch.setattr(attaching, "MEGABYTES", 1)
    error = refusal(client, b"%PDF-1.4" + bytes(2 * MEGABYTE), "report.pdf")
    assert error == "This file has 2.0 MB; the limit is 1 MB. Make it smaller."


def test_nobody_meets_half_a_file(tmp_path):
    class Broken(io.BytesIO):
        def read(self, *_size):
            raise OSError("cut off")

    storage = HashedStorage(location=tmp_path)
    with pytest.raises(OSError, match="cut off"):
        storage.keep("room/model/field/a.pdf", Broken())
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    storage.keep("room/model/field/a.pdf", io.BytesIO(b"whole"))
    assert (tmp_path / "room/model/field/a.pdf").read_bytes() == b"whole"
