"""Word documents, made as Word makes them: python-docx, and the notes that it cannot write."""

import io
import re
import zipfile

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def png(size=(60, 40), colour="teal"):
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, "PNG")
    content.seek(0)
    return content


def call(paragraph, number, kind="footnote"):
    """Call a note at the end of a paragraph."""
    reference = OxmlElement(f"w:{kind}Reference")
    reference.set(qn("w:id"), str(number))
    paragraph.add_run()._r.append(reference)


def saved(document, footnotes=(), endnotes=(), **parts):
    """The bytes of a document with its notes, numbered from 1; ``parts`` replaces others."""
    content = io.BytesIO()
    document.save(content)
    notes = {"footnote": footnotes, "endnote": endnotes}
    files = files_of(content.getvalue())
    for kind, texts in notes.items():
        if texts:
            files |= with_notes(files, kind, texts)
    files |= {name: text for name, text in parts.items() if text is not None}
    return packed(files)


def with_notes(files, kind, texts):
    rows = "".join(
        f'<w:{kind} w:id="{number}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{kind}>'
        for number, text in enumerate(texts, 1)
    )
    relation = f'<Relationship Id="r{kind}" Type="{KINDS}/{kind}s" Target="{kind}s.xml"/>'
    part = f'<Override PartName="/word/{kind}s.xml" ContentType="{TYPES}.{kind}s+xml"/>'
    types, relations = "[Content_Types].xml", "word/_rels/document.xml.rels"
    root = f'<w:{kind}s xmlns:w="{SPACE}">{rows}</w:{kind}s>'
    return {
        f"word/{kind}s.xml": root.encode(),
        types: files[types].replace(b"</Types>", part.encode() + b"</Types>"),
        relations: re.sub(
            b"</Relationships>", relation.encode() + b"</Relationships>", files[relations]
        ),
    }


def files_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in files.items():
            out.writestr(name, text)
    return content.getvalue()


def report(pages=4, notes=10):
    """Three levels of headings, notes, lists; a table and a picture on every tenth page."""
    document = Document()
    document.add_paragraph("The Long Report", style="Title")
    document.add_paragraph("What it says in two sentences. And why.", style="Subtitle")
    document.add_heading("Executive Summary", 1)
    document.add_paragraph("In short: it holds.")
    called = 0
    for page in range(pages):
        document.add_heading(f"Chapter {page + 1}", 1 + page % 3)
        for _ in range(5):
            paragraph = document.add_paragraph("Words that fill a line of a page. " * 14)
            while called < notes * (page + 1) // pages:
                called += 1
                call(paragraph, called)
        document.add_paragraph("One thing", style="List Bullet")
        if page % 10 == 0:
            illustrate(document, page)
    return saved(document, [f"Note {number}." for number in range(1, called + 1)])


def illustrate(document, page):
    table = document.add_table(3, 3)
    for number, cell in enumerate(table._cells):
        cell.text = f"Cell {number}"
    table.cell(0, 0).merge(table.cell(0, 1))
    document.add_picture(png(colour=(page % 255, 90, 90)))
    document.inline_shapes[-1]._inline.docPr.set("descr", f"Picture of page {page}")
    document.add_paragraph("Figure: what it shows", style="Caption")
