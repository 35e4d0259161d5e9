"""A sanitised tree of HTML, read into blocks: each in a place where the editor allows it."""

import re
from typing import NamedTuple

from editorial.richtext.document import Block, Mark, Run
from editorial.richtext.links import is_address, tidy_address

SPACES = " \t\n\xa0"
MARKS = {"strong", "em", "sup", "a"}
# As what those of others are kept.
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
LISTS = {"ul", "ol"}
ROWS = {"tr", "td", "th", "tbody", "thead"}
# Blocks that are not kept (HTML, 15.3): all they do is to part the words in them from others.
PARTING = set(
    "address article center dd details dialog dir div dl dt fieldset figcaption footer form header"
    " hgroup hr legend main menu nav option pre search section summary".split()
)
BLOCKS = {"p", "li", "blockquote", "table", "aside", "figure", *HEADINGS, *LISTS, *ROWS}
DEEPEST_LIST = 6
IN_ITEMS = {"p", "", *LISTS}
RELATIONS = {"noopener", "noreferrer", "nofollow", "external"}

_LINE_END = re.compile(r"[ \t]*[\r\n][ \t\r\n]*")
_SPACES = re.compile(" {2,}")
_MARK_OF_FIGURE = re.compile(r"[A-Za-z0-9_-]{1,20}")
_NUMBER = re.compile(r"-?[0-9]{1,4}")
_SPAN = re.compile(r"[1-9][0-9]?")


class Place(NamedTuple):
    """Where a block stands: in a body, box, quote or cell, or where paragraphs alone may: flat."""

    name: str = "body"
    lists: int = 0


BODY, BOX, QUOTE, CELL, FLAT = map(Place, ("body", "box", "quote", "cell", "flat"))


class Gathering:
    """Blocks as they are found; words between them are gathered into blocks without a tag."""

    def __init__(self):
        self.blocks, self.runs = [], []

    def add(self, text, marks=()):
        if text:
            one_line = _LINE_END.sub(" ", text) if "\n" in text or "\r" in text else text
            self.runs.append(Run(one_line, marks))

    def end_block(self, *following: Block):
        if runs := tidy(self.runs):
            self.blocks.append(Block("", runs))
        self.runs = []
        self.blocks += following


def blocks_of(body) -> list[Block]:
    """The blocks of a text. Words outside paragraphs stay as they are, in a block of their own."""
    blocks = within(body, BODY)
    for together in grouped(blocks, {""}):
        if len(together) > 1:
            in_paragraphs(together)
    return blocks


def within(element, place: Place) -> list[Block]:
    """The blocks in an element; those that may not stand there are taken apart."""
    found = Gathering()
    gather(element, (), place, found)
    found.end_block()
    return found.blocks


def gather(element, marks, place, found):
    found.add(element.text, marks)
    for child in element:
        gather_one(child, marks, place, found)
        found.add(child.tail, marks)


def gather_one(child, marks, place, found):
    if child.tag in BLOCKS:
        found.end_block(*READERS[child.tag](child, place))
    elif child.tag in PARTING:
        gather_parted(child, marks, place, found)
    elif child.tag == "br":
        found.runs.append(Run("\n", marks))
    elif child.get("class") == "footnote":
        found.runs.append(Run("", (), tuple(note(child))))
    elif child.tag in MARKS and not holds_blocks(child):
        gather(child, with_mark(marks, child), place, found)
    else:
        gather(child, marks, place, found)


def gather_parted(element, marks, place, found):
    """Paragraphs of their own; of a heading they remain a part."""
    found.end_block()
    before = len(found.blocks)
    gather(element, marks, place, found)
    found.end_block()
    if next(element.iterancestors(*HEADINGS), None) is None:
        in_paragraphs(found.blocks[before:])


def holds_blocks(element):
    return len(element) > 0 and any(each.tag in BLOCKS for each in element.iter())


def with_mark(marks, element):
    """Marks and that of an element; a mark within the same counts once."""
    mark = Mark(element.tag, tuple(attributes_of_link(element)) if element.tag == "a" else ())
    if (mark.tag == "a" and not mark.attributes) or any(mark.tag == each.tag for each in marks):
        return marks
    return (*marks, mark)


def attributes_of_link(element):
    """Of links that lead somewhere."""
    if not is_address(element.get("href", "")):
        return
    yield "href", tidy_address(element.get("href"))
    if relations := [each for each in element.get("rel", "").split() if each in RELATIONS]:
        yield "rel", " ".join(relations)
    if title := " ".join(element.get("title", "").split()):
        yield "title", title


def note(element) -> list[Run]:
    """The words of a footnote, in one line."""
    found = Gathering()
    gather_words(element, (), found)
    return [Run(_SPACES.sub(" ", run.text), run.marks) for run in tidy(found.runs)]


def gather_words(element, marks, found):
    found.add(element.text, marks)
    for child in element:
        parted = child.tag in BLOCKS or child.tag in PARTING or child.tag == "br"
        found.add(" " if parted else "")
        inner = with_mark(marks, child) if child.tag in MARKS else marks
        gather_words(child, inner, found)
        found.add(" " if parted else "")
        found.add(child.tail, marks)


def tidy(runs: list[Run]) -> list[Run]:
    """Runs without white space at the ends, and those that are set alike joined."""
    joined = []
    for text, marks, its_note in runs:
        run = Run(text, marks if text.strip(SPACES) else (), its_note)
        before = joined[-1] if joined else None
        if before and before.note is its_note is None and before.marks == run.marks:
            joined[-1] = Run(before.text + text, run.marks, its_note)
        elif text or its_note is not None:
            joined.append(run)
    return trimmed(trimmed(joined, 0), -1)


def trimmed(runs, end):
    """``runs`` without white space at one end, 0 or -1."""
    strip = str.lstrip if end == 0 else str.rstrip
    while runs and runs[end].note is None:
        if text := strip(runs[end].text, SPACES):
            runs[end] = Run(text, runs[end].marks)
            break
        del runs[end]
    return runs


# One reader for each kind of block: it takes the element and its place, and returns what that is.


def paragraph(element, place):
    return in_paragraphs(within(element, place))


def in_paragraphs(blocks):
    for block in blocks:
        block.tag = block.tag or "p"
    return blocks


def heading(element, place):
    blocks = within(element, place)
    for block in blocks:
        if block.tag == "" and place.name in {"body", "box"}:
            block.tag = "h3" if place.name == "box" else HEADINGS[element.tag]
        elif block.tag == "":  # Contents list no headings of cells; they were set in bold.
            block.tag, block.runs = "p", [bold(run) for run in block.runs]
    return blocks


def bold(run):
    strong = Mark("strong")
    if run.note is not None or strong in run.marks or not run.text.strip(SPACES):
        return run
    return run._replace(marks=(strong, *run.marks))


def listing(element, place):
    if place.name == "flat" or place.lists >= DEEPEST_LIST:
        return [block for item in items(element, FLAT) for block in in_paragraphs(item)]
    deeper = Place("quote" if place.name == "body" else place.name, place.lists + 1)
    found, current = [], None
    for item in items(element, deeper):
        for together in grouped(item, IN_ITEMS):
            if together[0].tag not in IN_ITEMS:
                found, current = found + together, None
                continue
            if current is None:
                current = Block(element.tag, attributes=attributes_of_list(element))
                found.append(current)
            current.blocks.append(Block("li", blocks=loosened(together)))
    return found


def items(element, place):
    """The blocks of each item. What stands beside the items belongs to the one before."""
    found = [words_alone(element.text)]
    for child in element:
        if child.tag == "li":
            found.append(within(child, place))
        elif child.tag in PARTING and child.find("li") is not None:
            found += items(child, place)
        else:
            beside = Gathering()
            gather_one(child, (), place, beside)
            beside.end_block()
            found[-1] += beside.blocks
        found[-1] += words_alone(child.tail)
    return [item for item in found if item]


def words_alone(text):
    found = Gathering()
    found.add(text)
    found.end_block()
    return found.blocks


def attributes_of_list(element):
    """Where it begins to count, and how (HTML, 4.4.5)."""
    wanted = {}
    if element.tag == "ol" and _NUMBER.fullmatch(element.get("start", "")):
        wanted["start"] = str(int(element.get("start")))
    if element.tag == "ol" and element.get("type") in {"1", "a", "A", "i", "I"}:
        wanted["type"] = element.get("type")
    return {name: value for name, value in wanted.items() if (name, value) != ("start", "1")}


def grouped(blocks, allowed):
    """Blocks that may stand together in one list, quotation or box; others stand alone."""
    found = []
    for block in blocks:
        if found and block.tag in allowed and found[-1][0].tag in allowed:
            found[-1].append(block)
        else:
            found.append([block])
    return found


def loosened(blocks):
    """A paragraph that is alone in its item or cell, but for lists, stands there without a tag."""
    first, *rest = blocks
    if first.tag in {"p", ""} and all(block.tag in LISTS for block in rest):
        first.tag = ""
        return blocks
    return in_paragraphs(blocks)


def quotation(element, place):
    if place.name != "body":
        return in_paragraphs(within(element, place))
    return framed(within(element, QUOTE), "blockquote", {"p", "", *LISTS})


def framed(blocks, tag, allowed):
    """Blocks in a frame, which is divided where something stands that it may not hold."""
    found = []
    for together in grouped(blocks, allowed):
        if together[0].tag in allowed:
            found.append(Block(tag, blocks=in_paragraphs(together)))
        else:
            found += together
    return found


def aside(element, place):
    kind = element.get("class", "")
    if place.name == "body" and kind == "box":
        return framed(within(element, BOX), "box", {"p", "", "h3", *LISTS})
    if place.name == "body" and kind == "pull":
        return framed(within(element, FLAT), "pull", {"p", ""})
    return in_paragraphs(within(element, place))


def figure(element, place):
    mark = element.get("data-mark", "")
    if _MARK_OF_FIGURE.fullmatch(mark):
        return [Block("figure", attributes={"data-mark": mark})]
    return in_paragraphs(within(element, place))


def table(element, place):
    """
    A table; where none may stand, what its cells say. Its figures follow it, and what stands in it
    but in no cell precedes it.
    """
    if place.name in {"cell", "flat"}:
        return in_paragraphs(within(element, place))
    beside, figures = Gathering(), []
    parts = {"thead": Block("thead"), "tbody": Block("tbody")}
    for part in children(element, {"thead", "tbody", "tr"}, beside):
        is_head = part.tag == "thead" and not parts["tbody"].blocks
        rows = [part] if part.tag == "tr" else children(part, {"tr"}, beside)
        parts["thead" if is_head else "tbody"].blocks += table_rows(rows, beside, figures)
    beside.end_block()
    kept = [part for part in parts.values() if part.blocks]
    whole = [Block("table", blocks=kept)] if kept else []
    return [*in_paragraphs(beside.blocks), *whole, *figures]


def table_rows(rows, beside, figures):
    found = []
    for row in rows:
        cells = [table_cell(each, figures) for each in children(row, {"td", "th"}, beside)]
        if cells:
            found.append(Block("tr", blocks=cells))
    return found


def children(element, wanted, beside):
    """The wanted elements in another; all else is put beside."""
    beside.add(element.text)
    for child in element:
        if child.tag in wanted:
            beside.end_block()
            yield child
        else:
            gather_one(child, (), FLAT, beside)
        beside.add(child.tail)


def table_cell(element, figures):
    blocks = within(element, CELL)
    figures += [block for block in blocks if block.tag == "figure"]
    text = [block for block in blocks if block.tag != "figure"]
    spans = {
        name: value
        for name in ("rowspan", "colspan")
        if _SPAN.fullmatch(value := element.get(name, "")) and value != "1"
    }
    return Block(element.tag, blocks=loosened(text) if text else [], attributes=spans)


def alone(element, place):
    """An item outside a list, or a cell outside a table."""
    return in_paragraphs(within(element, place))


READERS = {
    "p": paragraph,
    "blockquote": quotation,
    "table": table,
    "aside": aside,
    "figure": figure,
    **dict.fromkeys(HEADINGS, heading),
    **dict.fromkeys(LISTS, listing),
    **dict.fromkeys({"li", *ROWS}, alone),
}
