"""What became of each paragraph of a text."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.utils.html import format_html
from django.utils.safestring import SafeString

from editorial.blocks import Block
from editorial.wording import ADDED, REMOVED, SAME, Work, align, marked, opcodes, word_runs

CHANGED, LAYOUT = "changed", "layout"
SHORT = 160  # Signs of an unchanged paragraph that is not worth folding.
STEPS_TO_SHOW = 200  # What it takes to show a paragraph: see ``Work``.


@dataclass(eq=False)
class BlockChange:
    """A paragraph before and after; None where there was none."""

    before: Block | None
    after: Block | None
    moved: bool = False
    work: Work | None = None

    @property
    def state(self) -> str:
        if not self.before or not self.after:
            return ADDED if self.after else REMOVED
        if self.before.text != self.after.text:
            return CHANGED
        return SAME if self.before.layout == self.after.layout else LAYOUT

    @property
    def block(self) -> Block:
        return self.after or self.before

    @cached_property
    def html(self) -> SafeString:
        """Its visible words, those that came and went marked."""
        if self.state in {SAME, LAYOUT}:
            return format_html("{}", self.block.text)
        if self.state == CHANGED:
            return marked(word_runs(self.before.text, self.after.text, self.work))
        return marked([(self.state, self.block.text)])

    @property
    def links(self) -> SafeString:
        """The addresses that its links lead to, where they are others than before."""
        if not self.before or not self.after or self.before.links == self.after.links:
            return ""
        codes = opcodes(self.before.links, self.after.links, self.work)
        runs = []
        for tag, i, i_end, j, j_end in codes:
            if tag != "equal":
                runs += [(REMOVED, f"{address} ") for address in self.before.links[i:i_end]]
                runs += [(ADDED, f"{address} ") for address in self.after.links[j:j_end]]
        return marked(runs)


@dataclass
class Stretch:
    """Paragraphs that follow each other; ``folded`` where nothing happened in them."""

    blocks: list[BlockChange]
    folded: bool


def block_changes(
    before: list[Block], after: list[Block], work: Work | None = None
) -> list[BlockChange]:
    """
    Pair the paragraphs of two texts, in reading order. Where a page has compared enough already,
    each text is one paragraph.
    """
    work = work or Work()
    if not work.may(STEPS_TO_SHOW * (len(before) + len(after))):
        return [BlockChange(as_one(before), as_one(after), work=work)]
    changes = []
    texts = [block.text for block in before], [block.text for block in after]
    for tag, i, i_end, j, j_end in opcodes(*texts, work):
        old, new = before[i:i_end], after[j:j_end]
        if tag == "equal":
            changes += map(BlockChange, old, new)
            continue
        for left, right in align(texts[0][i:i_end], texts[1][j:j_end], work):
            changes.append(
                BlockChange(
                    None if left is None else old[left],
                    None if right is None else new[right],
                    work=work,
                )
            )
    went = {change.before.text for change in changes if change.state == REMOVED}
    came = {change.after.text for change in changes if change.state == ADDED}
    for change in changes:
        if change.state in {ADDED, REMOVED}:
            change.moved = change.block.text in went & came
    return changes


def as_one(blocks: list[Block]) -> Block | None:
    layout = "".join(f"{block.layout}{len(block.text)}" for block in blocks)
    return Block(" ".join(block.text for block in blocks), layout=layout) if blocks else None


def stretches(changes: list[BlockChange]) -> list[Stretch]:
    """Fold what did not change, unless it is one short paragraph."""
    found = []
    for same, run in groupby(changes, key=lambda change: change.state == SAME):
        blocks = list(run)
        short = len(blocks) == 1 and len(blocks[0].block.text) <= SHORT
        found.append(Stretch(blocks, folded=same and not short))
    return found


def count_changed(before: list[Block], after: list[Block]) -> int:
    """How many paragraphs came, went or changed; quick, for a line in a history."""
    count = 0
    for tag, i, i_end, j, j_end in opcodes([b.text for b in before], [a.text for a in after]):
        if tag == "equal":
            pairs = zip(before[i:i_end], after[j:j_end], strict=True)
            count += sum(one.layout != other.layout for one, other in pairs)
        else:
            count += max(i_end - i, j_end - j)
    return count
