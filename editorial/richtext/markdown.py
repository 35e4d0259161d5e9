"""Texts as Markdown: CommonMark 0.31 with the tables and footnotes of GitHub."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

from editorial.richtext.cleaning import parse
from editorial.richtext.document import Block, Run

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~]|&(?=[#\w])|!$)")
_OPENS_LINE = re.compile(r"(?m)^([#+=-]|\d+(?=[.)]))")
_SIGNS = {"strong": "**", "em": "*"}
_HEADINGS = {"h2": 2, "h3": 3}
_LISTS = {"ul", "ol"}


@dataclass
class MarkdownNotes:
    """The footnotes of one document, in the order in which its texts call them."""

    site: str = ""
    found: list[str] = field(default_factory=list)

    def call(self, runs: tuple[Run, ...]) -> str:
        """The call of a footnote; nothing where it says nothing."""
        if not runs:
            return ""
        self.found.append(inline(runs, self))
        return f"[^{len(self.found)}]"

    def __str__(self):
        return "\n".join(f"[^{number}]: {note}" for number, note in enumerate(self.found, 1))


def to_markdown(
    html: str,
    *,
    notes: MarkdownNotes | None = None,
    figures: Mapping[str, str] | None = None,
    placed: set[str] | None = None,
    top: int = 2,
) -> str:
    """
    Stored rich text as Markdown, with single empty lines between its paragraphs.

    With ``notes``, those of the whole document, only the calls stand in the text; without, the
    footnotes follow it. ``figures`` are, by their marks, the Markdown that stands where the text
    names them, each once; ``placed`` are those that stand somewhere already, and is added to.
    ``top`` is the level of the highest headings.
    """
    all_notes = MarkdownNotes() if notes is None else notes
    writer = _Writer(all_notes, figures or {}, set() if placed is None else placed, top)
    parts = [writer.blocks(parse(html or ""))]
    if notes is None:
        parts.append(str(all_notes))
    return "\n\n".join(part for part in parts if part)


def escape_markdown(text: str) -> str:
    """Plain words that mean nothing to Markdown but themselves."""
    return _OPENS_LINE.sub(at_start, escaped(text))


def escaped(text):
    return _SPECIAL.sub(r"\\\1", text)


def inline(runs, notes) -> str:
    """Runs in one line; a line break is a backslash and a line end."""
    return _OPENS_LINE.sub(at_start, set_runs(list(runs), 0, notes)).replace("\n", "\\\n")


def at_start(found):
    """What would make a list or a heading of its line: the sign, or the dot after a number."""
    return f"{found[1]}\\" if found[1].isdigit() else f"\\{found[1]}"


def set_runs(runs, depth, notes):
    """Runs that share their marks up to ``depth``, with the signs for the others."""
    written = ""
    by_mark = groupby(runs, key=lambda run: run.marks[depth] if len(run.marks) > depth else None)
    parts = [(mark, list(group)) for mark, group in by_mark]
    for number, (mark, group) in enumerate(parts):
        if mark is None:
            written += "".join(
                escaped(run.text) if run.note is None else notes.call(run.note) for run in group
            )
        else:
            after = first_sign(parts[number + 1][1][0]) if number + 1 < len(parts) else " "
            within = set_runs(group, depth + 1, notes)
            written += marked(mark, within, written[-1:] or " ", after, notes.site)
    return written


def first_sign(run):
    return run.text[:1] if run.note is None and not run.marks else "*"


def marked(mark, within, before, after, site):
    """Words with the signs of a mark, or its tags where the signs would not be seen as such."""
    if mark.tag == "a":
        address = dict(mark.attributes)["href"]
        if address.startswith("/") and not address.startswith("//"):
            address = site + address
        return f"[{within}]({address.replace('(', '%28').replace(')', '%29')})"
    words = within.strip(" \n\xa0")
    start, end = within.split(words)[0], within[len(within.rstrip(" \n\xa0")) :]
    sign = _SIGNS.get(mark.tag)
    before, after = start[-1:] or before, end[:1] or after
    if sign and can_stand(before, words[0]) and can_stand(after, words[-1]):
        return f"{start}{sign}{words}{sign}{end}"
    return f"{start}<{mark.tag}>{words}</{mark.tag}>{end}"


def can_stand(outside, inside):
    """Whether a run of asterisks between the two signs opens or closes (CommonMark 0.31, 6.2)."""
    if "*" in (outside, inside):
        return False
    return inside.isalnum() or outside.isspace()


class _Writer:
    def __init__(self, notes, figures, placed, top):
        self.notes, self.figures, self.placed, self.top = notes, figures, placed, top

    def blocks(self, blocks: list[Block]) -> str:
        parts, before = [], ""
        for block in blocks:
            if block.tag in _LISTS and before == block.tag:
                parts.append("<!-- -->")  # Else they would be one list.
            parts.append(self.block(block))
            before = block.tag
        return "\n\n".join(part for part in parts if part)

    def block(self, block: Block) -> str:
        if block.tag in _HEADINGS:
            words = inline(block.runs, self.notes).replace("\\\n", " ")
            words = re.sub(r"(#+)$", r"\\\1", words)  # They would count as its end.
            return f"{'#' * (_HEADINGS[block.tag] + self.top - 2)} {words}"
        if block.tag in _LISTS:
            return self.list(block)
        if block.tag == "table":
            return self.table(block)
        if block.tag == "figure":
            return self.figure(block.attributes["data-mark"])
        if block.blocks:  # A quotation, a box or a pull quote.
            return indented(self.blocks(block.blocks), "> ", "> ").replace("> \n", ">\n")
        return inline(block.runs, self.notes)

    def figure(self, mark):
        if mark in self.placed or mark not in self.figures:
            return ""
        self.placed.add(mark)
        return self.figures[mark]

    def list(self, block):
        first = int(block.attributes.get("start", 1))
        written = []
        for number, item in enumerate(block.blocks, max(first, 0)):
            sign = f"{number}. " if block.tag == "ol" else "- "
            written.append(indented(self.item(item), sign, " " * len(sign)))
        return "\n".join(written)

    def item(self, item):
        if item.blocks and item.blocks[0].tag == "":
            return "\n".join(self.block(each) for each in item.blocks)
        return self.blocks(item.blocks)

    def table(self, block):
        rows = [self.row(row) for part in block.blocks for row in part.blocks]
        first = next(row for part in block.blocks for row in part.blocks)
        if not all(cell.tag == "th" for cell in first.blocks):
            rows.insert(0, [])
        width = max(map(len, rows))
        rows = [[*row, *[""] * (width - len(row))] for row in rows]
        rows.insert(1, ["---"] * width)
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def row(self, row):
        """The cells; a wide one is followed by empty ones."""
        cells = []
        for cell in row.blocks:
            said = [inline(each.runs, self.notes) for each in cell.walk() if each.runs]
            cells.append("<br>".join(said).replace("\\\n", "<br>"))
            cells += [""] * (int(cell.attributes.get("colspan", 1)) - 1)
        return cells


def indented(text, first, others):
    """Lines with something before the first and before the others."""
    start, *more = text.split("\n")
    return "\n".join(
        [first + start, *(others + line if line or ">" in others else "" for line in more)]
    )
