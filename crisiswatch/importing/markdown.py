"""Markdown, as the data files hold texts with structure, read back as HTML."""

import re

from markdown_it import MarkdownIt

NOTE = re.compile(r"(?m)^\[\^(\d+)\]: (.*)\n?")
CALL = re.compile(r"(?<!\\)((?:\\\\)*)\[\^(\d+)\]")

_reader = MarkdownIt("commonmark").enable("table")


def from_markdown(text: str) -> str:
    """
    Read what ``editorial.richtext.to_markdown`` writes: CommonMark with the tables and footnotes of
    GitHub. The HTML is not clean yet.
    """
    notes = dict(NOTE.findall(text))
    body = CALL.sub(lambda call: called(call, notes), NOTE.sub("", text))
    return _reader.render(body).replace("<br />\n", "<br>")


def called(call, notes):
    """A footnote, standing where it is called; what no note belongs to stays as it is."""
    note = notes.get(call[2])
    return call[0] if note is None else f'{call[1]}<span class="footnote">{note}</span>'
