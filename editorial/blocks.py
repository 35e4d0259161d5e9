"""A text as its paragraphs: the words that a reader sees, and apart from them how they look."""

from dataclasses import dataclass
from html.parser import HTMLParser

OPENS = {"p", "h2", "h3", "li", "ul", "ol", "blockquote", "table", "thead", "tbody", "tr"}
CELLS = {"td", "th"}


@dataclass(frozen=True)
class Block:
    """
    A paragraph, heading, item of a list or row of a table.

    ``text`` is what a reader sees, with single spaces; ``layout`` is everything else that could
    change: bold, italics, links, what it stands in. ``links`` are the addresses.
    """

    text: str
    kind: str = "p"
    layout: str = ""
    links: tuple[str, ...] = ()


def plain_blocks(text: str) -> list[Block]:
    """The lines of a plain text, without the empty ones."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [Block(line) for line in lines if line]


def rich_blocks(html: str) -> list[Block]:
    """The blocks of an HTML text, outermost and nested alike, in reading order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.finish_block()
    return reader.blocks


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.blocks, self.around, self.texts, self.layout, self.links = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        if tag in OPENS:
            if not self._in_row():
                self.finish_block()
            self.around.append(tag)
        elif tag in CELLS:
            self.texts.append(" | " if self.texts else "")
            self.layout.append(f"<{tag} {attrs}>")
        else:
            self.layout.append(f"<{tag} {attrs}>")
            self.texts.append(" " if tag == "br" else "")
            self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        if tag not in OPENS:
            self.layout.append(f"</{tag}>")
            return
        if tag == "tr" or not self._in_row():
            self.finish_block()
        if tag in self.around:
            while self.around.pop() != tag:
                pass

    def handle_data(self, data):
        self.texts.append(data)
        self.layout.append(data)

    def _in_row(self):
        return "tr" in self.around

    def finish_block(self):
        if text := " ".join("".join(self.texts).split()):
            layout = " ".join("".join(self.layout).split())
            around = ">".join(self.around)
            self.blocks.append(Block(text, self._kind(), f"{around}: {layout}", tuple(self.links)))
        self.texts, self.layout, self.links = [], [], []

    def _kind(self):
        """The tag that says most about it."""
        return next((tag for tag in reversed(self.around) if tag != "p"), "p")
