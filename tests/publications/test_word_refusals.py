"""*Start from a Word document*: what is refused, always with a sentence."""

import struct
import time
import zlib

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from editorial.models import Revision
from publications.models import Publication
from publications.word import package, reading
from tests import factories
from tests.word_documents import files_of, packed, report

pytestmark = pytest.mark.django_db
PAGE = "/admin/publications/publication/from-word/"
VALID = report(pages=1, notes=2)
FILES = files_of(VALID)
MAIN, PICTURE = "word/document.xml", "word/media/image1.png"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


def upload(client, content, name="report.docx", **fields):
    data = {"kind": "report", "language": "en", "file": SimpleUploadedFile(name, content)}
    return client.post(PAGE, data | fields)


def changed(name, old, new):
    assert old in FILES[name]
    return packed(FILES | {name: FILES[name].replace(old, new, 1)})


def locked():
    """The flag that says: encrypted (APPNOTE.TXT 4.4.4), in each entry of the directory."""
    content = bytearray(VALID)
    place = content.find(b"PK\1\2")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\1\2", place + 4)
    return bytes(content)


def without(name):
    return packed({each: text for each, text in FILES.items() if each != name})


ENTITIES = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><w:document'
TABLES = b"<w:tbl><w:tr><w:tc>" * 60 + b"</w:tc></w:tr></w:tbl>" * 60
REFUSED = {
    "no zip": (lambda: b"<html>", "not a Word document"),
    "an old document": (lambda: OLD + bytes(99), "old Word"),
    "a password": (lambda: OLD + "EncryptedPackage".encode("utf-16-le"), "password"),
    "an encrypted zip": (locked, "password"),
    "a bomb": (lambda: packed(FILES | {PICTURE: bytes(5_000_000)}), "far larger"),
    "a bomb of text": (lambda: packed(FILES | {MAIN: b" " * 20_000_000}), "far larger"),
    "too many parts": (lambda: packed({f"{n}": b"" for n in range(5001)}), "far larger"),
    "entities": (lambda: changed(MAIN, b"<w:document", ENTITIES), "damaged"),
    "a way up": (lambda: packed(FILES | {"../../etc/passwd": b"x"}), "damaged"),
    "a way from the root": (lambda: packed(FILES | {"/etc/passwd": b"x"}), "damaged"),
    "a way of Windows": (lambda: packed(FILES | {"..\\x": b"x"}), "damaged"),
    "no XML": (lambda: packed(FILES | {MAIN: b"<w"}), "damaged"),
    "no body": (lambda: changed(MAIN, b"w:body>", b"w:corps>"), "damaged"),
    "deep XML": (lambda: packed(FILES | {MAIN: b"<w>" * 5000 + b"</w>" * 5000}), "damaged"),
    "a list of no number": (
        lambda: changed("word/numbering.xml", b"<w:abstractNumId w:val", b"<w:abstractNumId w:x"),
        "damaged",
    ),
    "a sign that is none": (lambda: changed(MAIN, b"<w:t>", b"<w:sym/><w:t>"), "damaged"),
    "tables in tables": (lambda: changed(MAIN, b"<w:sectPr", TABLES + b"<w:sectPr"), "damaged"),
    "half of it": (lambda: VALID[: len(VALID) // 2], "damaged"),
    "a spreadsheet": (
        lambda: packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}),
        "not a Word document",
    ),
    "no text": (lambda: without(MAIN), "not a Word document"),
    "a text from elsewhere": (
        lambda: changed(
            "_rels/.rels", b'"word/document.xml"', b'"http://h/" TargetMode="External"'
        ),
        "not a Word document",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_and_the_choices_stand(client, editor, name):
    make, sentence = REFUSED[name]
    content, start = make(), time.process_time()
    page = upload(client, content, kind="briefing", language="fr")
    assert time.process_time() - start < 2
    form = page.context["form"]
    assert sentence in str(form.errors["file"])
    assert (form["kind"].value(), form["language"].value()) == ("briefing", "fr")
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ("MOST_BYTES", "0 MB are the most"),
        ("MOST_XML", "too long"),
        ("MOST_UNPACKED", "far larger"),
    ],
)
def test_a_file_too_large_is_refused(client, editor, monkeypatch, limit, sentence):
    monkeypatch.setattr(package, limit, 1000)
    page = upload(client, VALID)
    assert sentence in str(page.context["form"].errors["file"])


def wide_png():
    """The header of a picture of 50,000 by 50,000 pixels, with nothing behind it."""
    size = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    check = struct.pack(">I", zlib.crc32(size))
    return b"\x89PNG\r\n\x1a\n\0\0\0\r" + size + check + b"\0\0\0\0IDAT" + bytes(4)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (wide_png(), "more than 60 megapixels"),
        (b"\1\0\0\0" + bytes(36) + b" EMF" + bytes(99), "cannot be read"),
        (b"\xd7\xcd\xc6\x9a" + bytes(99), "cannot be read"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "cannot be read"),
        (FILES[PICTURE][:60], "is damaged"),
    ],
    ids=["wide", "EMF", "WMF", "PostScript", "half"],
)
def test_a_picture_that_cannot_be_shown_is_told(client, editor, content, sentence):
    page = upload(client, packed(FILES | {PICTURE: content}))
    piece = Publication.objects.get()
    assert "<figure" not in piece.body
    assert not piece.figures.exists()
    said = " ".join(map(str, get_messages(page.wsgi_request)))
    assert "1 picture that cannot be shown: “image1.png: This picture" in said
    assert sentence in said


@pytest.mark.parametrize(("limit", "most"), [("MOST_PICTURES", 0), ("MOST_PIXELS", 60 * 40 - 1)])
def test_pictures_too_many_are_told(client, editor, monkeypatch, limit, most):
    monkeypatch.setattr(reading, limit, most)
    upload(client, VALID)
    assert not Publication.objects.get().figures.exists()
    assert "1 picture too many" in Revision.objects.get().note


def test_a_linked_picture_is_not_fetched(client, editor):
    name = "word/_rels/document.xml.rels"
    upload(client, changed(name, b'media/image1.png"', b'http://h/x.png" TargetMode="External"'))
    assert "Not placed: 1 picture that is not in the file" in Revision.objects.get().note


def test_who_may_not_add_may_not_upload(client):
    client.force_login(factories.make_user(is_staff=True))
    assert upload(client, b"").status_code == 403


PARTS = [MAIN, "word/styles.xml", "word/numbering.xml", "word/footnotes.xml", *FILES]


def harmed(part, way, one, other):
    """A document cut off, or with one part of it changed at a place."""
    if way == "cut":
        return VALID[: one % len(VALID)]
    content = FILES[part]
    if way == "flip" or not part.endswith((".xml", ".rels")):
        place = one % len(content)
        content = content[:place] + bytes([other % 256]) + content[place + 1 :]
        return packed(FILES | {part: content})
    root = etree.fromstring(content)
    elements = list(root.iter("*"))
    element, another = elements[one % len(elements)], elements[other % len(elements)]
    if way == "bare":
        element.attrib.clear()
    elif way == "name":
        element.tag = another.tag
    elif another not in element.iter():
        another.append(element)
    return packed(FILES | {part: etree.tostring(root)})


@pytest.mark.slow
@pytest.mark.one_database
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    part=st.sampled_from(PARTS),
    way=st.sampled_from(["bare", "move", "name", "flip", "cut"]),
    one=st.integers(0, 9999),
    other=st.integers(0, 9999),
)
def test_a_damaged_file_becomes_a_draft_or_is_refused(client, editor, part, way, one, other):
    page = upload(client, harmed(part, way, one, other))
    assert page.status_code == 302 or page.context["form"].errors["file"]
