"""A text as its paragraphs: the words that a reader sees, and apart from them how they look."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from editorial.richtext import document, parse
from editorial.richtext.document import words_of
from editorial.richtext.writing import runs_html, tags


@dataclass(frozen=True)
class Block:
    """
    A paragraph, heading, item of a list, row of a table, figure or footnote.

    ``text`` is what a reader sees, with single spaces; ``layout`` is everything else that could
    change: bold, italics, links, what it stands in. ``links`` are the addresses.
    """

    text: str
    kind: str = "p"
    layout: str = ""
    links: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """What it is, where that is not plain to see."""
        names = {"footnote": _("Footnote"), "box": _("Box"), "pull": _("Pull quote")}
        return names.get(self.kind, "")


def plain_blocks(text: str) -> list[Block]:
    """The lines of a plain text, without the empty ones."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [Block(line) for line in lines if line]


def rich_blocks(html: str) -> list[Block]:
    """The blocks of an HTML text, outermost and nested alike, in reading order."""
    try:
        blocks = parse(html)
    except ValidationError:  # Older than the bounds that are set today.
        return plain_blocks(strip_tags(html))
    return [found for block in blocks for found in found_in(block, ())]


def found_in(block: document.Block, around: tuple[document.Block, ...]) -> Iterator[Block]:
    """What a block and those in it say; ``around`` are those that it stands in."""
    around = (*around, block)
    if block.tag == "tr":
        yield from said(around, [part for cell in block.blocks for part in cell.walk()], " | ")
    elif block.tag == "figure":
        mark = block.attributes["data-mark"]
        yield Block(_("Figure %(mark)s") % {"mark": mark}, "figure", mark)
    else:
        yield from said(around, [block], "")
        for inner in block.blocks:
            yield from found_in(inner, around)


def said(around, parts, between) -> Iterator[Block]:
    """One block of the words of ``parts``, then one for each of their footnotes."""
    words = between.join(part.words for part in parts if part.runs)
    layout = "".join(map(layout_of, [*around, *parts]))
    runs = [run for part in parts for run in part.runs]
    if text := " ".join(words.split()):
        yield Block(text, kind_of(around), layout, addresses(runs))
    for note in (run.note for run in runs if run.note):
        text = " ".join(words_of(note).split())
        yield Block(text, "footnote", runs_html(note, str), addresses(note))


def layout_of(block):
    """How it is set, and where footnotes are called in it."""
    start, _end = tags(block) if block.tag else ("<p>", "")
    return start + runs_html(block.runs, lambda note: "<sup>")


def kind_of(around):
    """The tag that says most about it."""
    return next((block.tag for block in reversed(around) if block.tag not in {"", "p"}), "p")


def addresses(runs):
    """Those of its links; a link that is set in several ways leads there once."""
    links = [mark for run in runs for mark in run.marks if mark.tag == "a"]
    return tuple(dict(mark.attributes)["href"] for mark, _again in groupby(links))
