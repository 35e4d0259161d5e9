"""A text as what it consists of, apart from how it is written down."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Mark(NamedTuple):
    """How a run of words is set: ``strong``, ``em``, ``sup`` or ``a`` with its attributes."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()


class Run(NamedTuple):
    """
    Words that are set alike, a line break being ``\\n``; or, where ``note`` is given, a footnote.

    The marks stand from the outermost to the innermost; a footnote has none.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    note: tuple["Run", ...] | None = None


@dataclass
class Block:
    """
    A paragraph or heading with its ``runs``, or what holds such ``blocks``.

    ``tag`` is that of HTML; ``box`` and ``pull`` are the two kinds of ``aside``. It is empty for
    words that stand in no paragraph: in most items of lists and cells of tables.
    """

    tag: str
    runs: list[Run] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def walk(self) -> Iterator["Block"]:
        """The block and all within, in reading order."""
        yield self
        for block in self.blocks:
            yield from block.walk()

    @property
    def words(self) -> str:
        """What it says, without its footnotes."""
        return words_of(self.runs)


def words_of(runs) -> str:
    return "".join(run.text for run in runs)


def walk(blocks: list[Block]) -> Iterator[Block]:
    """All blocks, outermost and nested alike, in reading order."""
    for block in blocks:
        yield from block.walk()


def notes_of(block: Block) -> list[tuple[Run, ...]]:
    """The footnotes called in a paragraph, not in what it holds."""
    return [run.note for run in block.runs if run.note is not None]
