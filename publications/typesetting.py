"""A piece as a PDF, set by Typst: the data says what, the sheet ``print/piece.typ`` says how."""

import json
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import typst
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.html import linebreaks
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from editorial.addresses import absolute
from editorial.dates import format_day
from editorial.images import rendition_file
from editorial.languages import spoken_for
from editorial.richtext import parse
from editorial.richtext.tables import fit_spans, placed_cells

FOLDER = Path(__file__).parent / "print"
FONTS = FOLDER / "fonts"
SHEET = FOLDER / "piece.typ"
CONTENTS_FROM = 3  # As many headings as make a table of contents useful.

# Languages whose letters come neither with Typst nor with us; they would be too large to ship.
FONTS_OF_THE_SYSTEM = {
    "zh": "Noto Serif CJK SC",
    "ja": "Noto Serif CJK JP",
    "ko": "Noto Serif CJK KR",
}


@cache
def families() -> set[str]:
    return set(typst.Fonts().families())


def has_letters_of(language: str) -> bool:
    """Whether there is a font for a language; without one a PDF would hold empty boxes."""
    wanted = FONTS_OF_THE_SYSTEM.get(language.partition("-")[0])
    return wanted is None or wanted in families()


def typeset(piece) -> bytes:
    """
    Return a publication as PDF, tagged for screen readers; the same piece gives the same bytes.

    Raises ``typst.TypstError`` if it cannot be set.
    """
    content = content_of(piece)
    with TemporaryDirectory() as name:
        folder = Path(name)
        sheet = folder / SHEET.name
        sheet.write_bytes(SHEET.read_bytes())
        (folder / "piece.json").write_bytes(as_json(content))
        for picture in (*content["figures"].values(), *content["rest"], *content["cover"]):
            with default_storage.open(picture["stored"]) as file:
                (folder / picture["file"]).write_bytes(file.read())
        return typst.compile(sheet, root=folder, font_paths=[FONTS])


def fingerprint(piece) -> str:
    """A hash of all that the PDF of a piece depends on; pictures are named after their content."""
    said = [SHEET.read_bytes(), as_json(content_of(piece)), typst.__version__.encode()]
    return sha256(b"\0".join(said)).hexdigest()[:24]


def as_json(content) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


def content_of(piece):
    with translation.override(spoken_for(piece.language)):
        return said_by(piece)


def said_by(piece):
    parts = list(parts_of(piece))
    outlet = piece.original_outlet
    cover = picture_of(piece.image, piece.image_alt, piece.image_caption, piece.image_credit)
    drawn = {
        each.mark or str(each.pk): picture_of(each.image, each.alt, each.caption, each.credit)
        for each in piece.figures.all()
    }
    figures = {mark: figure for mark, figure in drawn.items() if figure}
    placed = {mark for part in parts for mark in marks_in(part["blocks"])}
    headings = sum(bool(part["heading"]) for part in parts) + sum(
        block["tag"] in {"h2", "h3"} for part in parts for block in part["blocks"]
    )
    return {
        "title": piece.title,
        "subtitle": piece.subtitle,
        "standfirst": piece.standfirst,
        "label": " / ".join(
            isolated(each) for each in (piece.label, *map(str, piece.regions.public()))
        ),
        "running": piece.title if len(piece.title) < 70 else f"{piece.title[:68].rstrip()}…",
        "authors": [byline.name for byline in piece.bylines.all()],
        "byline": [
            ", ".join(filter(None, [each.name, each.title])) for each in piece.bylines.all()
        ],
        "date": isolated(format_day(piece.published_on)),
        "original": _("Originally published in %s") % outlet if outlet else "",
        "address": absolute(piece.get_absolute_url()),
        "shown-address": isolated(absolute(piece.get_absolute_url())),
        "licence": piece.get_licence_display(),
        "site": settings.SITE_NAME,
        "language": piece.language.partition("-")[0],
        "rtl": get_language_info(piece.language)["bidi"],
        "words": {"contents": _("Contents")},
        "contents": headings >= CONTENTS_FROM,
        "parts": parts,
        "cover": [cover] if cover else [],
        "figures": {mark: figures[mark] for mark in figures if mark in placed},
        "rest": [figures[mark] for mark in figures if mark not in placed],
    }


def isolated(words) -> str:
    """Words in the direction of their first letter, whatever stands around (UAX 9, FSI and PDI)."""
    return f"\u2068{words}\u2069"


def parts_of(piece):
    """The texts of a piece, in the order in which its page shows them."""
    for finding in piece.findings.all():
        yield part(finding.label, finding.text)
    yield part(_("Executive Summary") if piece.summary else "", piece.summary)
    yield part("", piece.body)
    for question in piece.questions.all():
        yield part(question.question, question.answer)
    recommendations = piece.recommendations.all()
    yield part(_("Recommendations") if recommendations else "", "")
    for who, rows in groupby(recommendations, lambda row: row.addressee):
        yield part(who, "\n".join(row.text for row in rows), level=2)
    corrections = piece.corrections.all()
    yield part(_("Corrections") if corrections else "", "")
    for each in corrections:
        yield part(format_day(each.corrected_on), linebreaks(each.text, autoescape=True), level=2)


def part(heading, html, level=1):
    return {"heading": heading, "level": level, "blocks": [block_of(each) for each in parse(html)]}


def block_of(block):
    """A block as data; a table says how many columns it has."""
    data = {
        "tag": block.tag,
        "attributes": block.attributes,
        "runs": [run_of(run) for run in block.runs],
        "blocks": [block_of(each) for each in block.blocks],
    }
    return data | table_of(block) if block.tag == "table" else data


def run_of(run):
    marks = [{"tag": tag, "attributes": dict(attributes)} for tag, attributes in run.marks]
    note = None if run.note is None else [run_of(each) for each in run.note]
    return {"text": run.text, "marks": marks, "note": note}


def table_of(block):
    """Where each cell stands, since rows may have fewer than others; and the rows of the head."""
    parts = [part.blocks for part in block.blocks]
    fit_spans(*parts)
    rows = [row for part in parts for row in part]
    numbers = [number for number, row in enumerate(rows) for _cell in row.blocks]
    cells = [
        {
            "x": column,
            "y": number,
            "colspan": width,
            "rowspan": int(cell.attributes.get("rowspan", 1)),
            "strong": cell.tag == "th",
            "blocks": [block_of(each) for each in cell.blocks],
        }
        for number, (cell, column, width) in zip(numbers, placed_cells(rows), strict=True)
    ]
    head = block.blocks[0].blocks if block.blocks and block.blocks[0].tag == "thead" else []
    columns = max((cell["x"] + cell["colspan"] for cell in cells), default=1)
    return {"cells": cells, "head": len(head), "columns": columns, "blocks": []}


def marks_in(blocks):
    return {each["attributes"]["data-mark"] for each in blocks if each["tag"] == "figure"}


def picture_of(image, alt, caption, credit):
    """
    A picture as the sheet wants it; ``stored`` names its file in the storage. None where there is
    none, or where its file is lost.
    """
    if not image:
        return None
    try:
        stored = rendition_file(image, "wide-1280.webp")
    except (OSError, ValueError):
        return None
    return {
        "stored": stored,
        "file": PurePosixPath(stored).name,
        "alt": alt,
        "caption": caption,
        "credit": credit,
    }
