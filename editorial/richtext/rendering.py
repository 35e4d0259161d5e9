"""Texts as pages show them: headings with anchors, footnotes numbered, figures in their places."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from editorial.richtext.cleaning import parse
from editorial.richtext.document import Block, Mark, Run
from editorial.richtext.tables import fit_spans
from editorial.richtext.words import words_in
from editorial.richtext.writing import runs_html, tags

LONGEST_ANCHOR = 60
HEADINGS = {"h2": 2, "h3": 3}

_OURS = re.compile(r"(?:note|call)-")


@dataclass(frozen=True)
class Heading:
    """A heading of a text, 2 or 3, and the id that it has on its page."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Note:
    """A footnote: its number on the page, and its words."""

    number: int
    runs: tuple[Run, ...]
    html: SafeString


@dataclass
class Notes:
    """
    The footnotes of one page, in the order in which its texts call them, and the ids it has used.

    ``prefix`` goes before the ids, for a page with several such lists. ``taken`` are ids that no
    heading may have. ``site`` goes before links to pages of our own, for readers elsewhere.
    """

    prefix: str = ""
    site: str = ""
    taken: set[str] = field(default_factory=set)
    found: list[Note] = field(default_factory=list)

    def __len__(self):
        return len(self.found)

    def __iter__(self):
        return iter(self.found)

    def add(self, runs: tuple[Run, ...]) -> Note:
        """Give the next number to a footnote."""
        html = mark_safe(self.write(runs))  # noqa: S308 - parsed, escaped
        self.found.append(Note(len(self.found) + 1, runs, html))
        return self.found[-1]

    def write(self, runs) -> str:
        """Runs as HTML, with the calls of their footnotes."""
        return runs_html(self.for_readers(runs), self.call)

    def for_readers(self, runs) -> Iterator[Run]:
        """No space parts a footnote from its word, no link of ours leads from another site."""
        for run, following in pairwise([*runs, Run("")]):
            text = run.text if following.note is None else run.text.rstrip(" \xa0")
            marks = (
                tuple(with_site(each, self.site) for each in run.marks) if self.site else run.marks
            )
            yield Run(text, marks, run.note)

    def call(self, runs: tuple[Run, ...]) -> str:
        """The call of a footnote; nothing where it says nothing (DPUB-ARIA 1.1, doc-noteref)."""
        if not runs:
            return ""
        number, prefix = self.add(runs).number, self.prefix
        return (
            f'<sup class="call"><a href="#{prefix}note-{number}" id="{prefix}call-{number}"'
            f' role="doc-noteref">{number}</a></sup>'
        )

    def anchor(self, words: str) -> str:
        """A readable id for a heading, which no other on the page has."""
        base = slug(words) or "section"
        base = f"section-{base}" if _OURS.match(base) else base
        anchor, count = base, 1
        while anchor in self.taken:
            count += 1
            anchor = f"{base}-{count}"
        self.taken.add(anchor)
        return anchor

    @property
    def html(self) -> SafeString:
        """The list of all footnotes, each with the way back; nothing where there is none."""
        return render_to_string("includes/_notes.html", {"notes": self}) if self.found else ""


@dataclass(frozen=True)
class Rendered:
    """
    A text as HTML, its headings, the marks of the figures that stand in it, and the number of its
    words, footnotes apart.
    """

    html: SafeString
    headings: list[Heading]
    placed: set[str]
    words: int

    def __str__(self):
        return self.html

    __html__ = __str__


def with_site(mark, site):
    """A link to a page of ours with the address of our site before it."""
    (name, address), *others = mark.attributes or [("", "")]
    if name != "href" or not address.startswith("/") or address.startswith("//"):
        return mark
    return Mark(mark.tag, (("href", f"{site}{address}"), *others))


def slug(words: str) -> str:
    """Words in small letters with hyphens between them, of whatever script."""
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in words.lower())
    short = unicodedata.normalize("NFC", "".join(kept)).split()
    return "-".join(short)[:LONGEST_ANCHOR].strip("-")


def render_text(
    html: str,
    *,
    notes: Notes,
    figures: Mapping[str, str] | None = None,
    prefix: str = "",
    top: int = 2,
    anchors: bool = True,
) -> Rendered:
    """
    Stored rich text for a page, cleaned once more.

    ``notes`` are those of the whole page. ``figures`` are, by their marks, safe HTML that stands
    where the text names them, each once. ``prefix`` goes before the anchors of headings. ``top`` is
    the level of the highest headings. A heading that would skip a level is lifted. Without
    ``anchors`` no heading has an id.
    """
    page = _Page(notes, figures or {}, prefix, top, anchors)
    written = "\n".join(filter(None, map(page.block, page.read(html))))
    html = mark_safe(written)  # noqa: S308 - parsed, escaped
    return Rendered(html, page.headings, page.placed, page.words)


class _Page:
    """What is known while one text is written."""

    def __init__(self, notes, figures, prefix, top, anchors):
        self.notes, self.figures, self.prefix, self.top = notes, figures, prefix, top
        self.anchors = anchors
        self.headings, self.placed, self.level = [], set(), 1
        self.paragraphs, self.words = "", 0

    def read(self, html):
        """The blocks of a text, words without a paragraph in one."""
        blocks = parse(html or "")
        for block in blocks:
            block.tag = block.tag or "p"
        self.paragraphs = "\n".join(block.words for block in blocks if block.tag == "p")
        self.words = words_in(blocks)
        return blocks

    def block(self, block: Block) -> str:
        return self.WRITERS.get(block.tag, _Page.plain)(self, block)

    def plain(self, block, more=""):
        if not block.tag:
            return self.inside(block)
        start, end = tags(block)
        return f"{start[:-1]}{more}>{self.inside(block)}{end}"

    def inside(self, block):
        return self.notes.write(block.runs) + "".join(map(self.block, block.blocks))

    def heading(self, block, within_box=False):
        """Beside a skipped level nobody finds the way (WCAG 2.2, technique G141)."""
        level = min(HEADINGS[block.tag], self.level + 1)
        tag = f"h{min(level + self.top - 2, 6)}"
        words = " ".join(block.words.split())
        if not within_box:
            self.level = level
        if within_box or not self.anchors:
            return f"<{tag}>{self.inside(block)}</{tag}>"
        anchor = self.prefix + self.notes.anchor(words)
        self.headings.append(Heading(level, words, anchor))
        return f'<{tag} id="{anchor}">{self.inside(block)}</{tag}>'

    def figure(self, block):
        mark = block.attributes["data-mark"]
        if mark in self.placed or mark not in self.figures:
            return ""
        self.placed.add(mark)
        return str(self.figures[mark])

    def box(self, block):
        within = (
            self.heading(each, within_box=True) if each.tag == "h3" else self.block(each)
            for each in block.blocks
        )
        return f'<aside class="box">{"".join(within)}</aside>'

    def pull(self, block):
        """Where the text says the same, it is not read out twice."""
        words = "\n".join(each.words for each in block.blocks)
        return self.plain(block, ' aria-hidden="true"' if self.repeats(block, words) else "")

    def repeats(self, block, words):
        to_focus = any(
            run.note is not None or any(mark.tag == "a" for mark in run.marks)
            for each in block.walk()
            for run in each.runs
        )
        return not to_focus and words.strip(' “”"«»„') in self.paragraphs

    def table(self, block):
        """A wide table scrolls, by keyboard too; rows of headings alone are its head."""
        rows = [row for part in block.blocks for row in part.blocks]
        count = 0
        while count < len(rows) and all(cell.tag == "th" for cell in rows[count].blocks):
            count += 1
        head, body = rows[:count], rows[count:]
        fit_spans(head, body)
        parts = [self.part("thead", head, "col"), self.part("tbody", body, "row")]
        return format_html(
            '<div class="scroll" role="group" tabindex="0" aria-label="{}"><table>{}</table></div>',
            _("Table"),
            mark_safe("".join(parts)),  # noqa: S308 - parsed, escaped
        )

    def part(self, tag, rows, scope):
        written = "".join(f"<tr>{''.join(self.cells(row, scope))}</tr>" for row in rows)
        return f"<{tag}>{written}</{tag}>" if rows else ""

    def cells(self, row, scope):
        for cell in row.blocks:
            yield self.plain(cell, f' scope="{scope}"' if cell.tag == "th" else "")

    WRITERS = {
        "h2": heading,
        "h3": heading,
        "figure": figure,
        "box": box,
        "pull": pull,
        "table": table,
    }
