"""Blocks written down as the HTML that is stored, a block to a line."""

import re
from collections.abc import Callable, Iterable
from html import escape

from editorial.richtext.document import Block, Run

_ODD = re.compile("[&<>\xa0\n]")
_WRITTEN = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\xa0": "&nbsp;", "\n": "<br>"})
ASIDES = {"box", "pull"}
ENDS_LINE = {"", "p", "h2", "h3", "ul", "ol", "table", "blockquote", "figure", *ASIDES}


def to_html(blocks: list[Block]) -> str:
    return "".join(map(block_html, blocks)).strip("\n")


def block_html(block: Block) -> str:
    within = runs_html(block.runs, stored_note) + inner_html(block)
    if not block.tag:
        return f"{within}\n"
    start, end = tags(block)
    return f"{start}{within}{end}" + ("\n" if block.tag in ENDS_LINE else "")


def inner_html(block: Block) -> str:
    """What it holds; words without a paragraph need no line of their own there."""
    parts = [block_html(each) for each in block.blocks]
    if block.blocks and not block.blocks[0].tag:
        parts[0] = parts[0].removesuffix("\n")
    return "".join(parts)


def tags(block: Block) -> tuple[str, str]:
    if block.tag in ASIDES:
        return f'<aside class="{block.tag}">', "</aside>"
    attributes = "".join(f' {name}="{text(value)}"' for name, value in block.attributes.items())
    return f"<{block.tag}{attributes}>", f"</{block.tag}>"


def text(words: str) -> str:
    """Words for HTML, also in an attribute."""
    return escape(words).replace("\xa0", "&nbsp;")


def stored_note(note: tuple[Run, ...]) -> str:
    return f'<span class="footnote">{runs_html(note, stored_note)}</span>'


def runs_html(runs: Iterable[Run], note_html: Callable[[tuple[Run, ...]], str]) -> str:
    """Runs as HTML, footnotes as ``note_html`` writes them; a mark spans all runs that share it."""
    written, opened = [], ()
    for words, marks, note in runs:
        if marks != opened:
            shared = count_shared(opened, marks)
            written += [f"</{mark.tag}>" for mark in reversed(opened[shared:])]
            written += [start_of(mark) for mark in marks[shared:]]
            opened = marks
        written.append(words_html(words) if note is None else note_html(note))
    written += [f"</{mark.tag}>" for mark in reversed(opened)]
    return "".join(written)


def words_html(words: str) -> str:
    return words.translate(_WRITTEN) if _ODD.search(words) else words


def count_shared(one, other) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def start_of(mark) -> str:
    attributes = "".join(f' {name}="{text(value)}"' for name, value in mark.attributes)
    return f"<{mark.tag}{attributes}>"
