"""Two changed versions of one text, joined where the changes lie in different paragraphs."""

import re
from itertools import pairwise

from editorial.wording import opcodes

_FRAME = re.compile(r"<(/?)(?:ul|ol|table|blockquote|aside)\b")


def units(text: str) -> list[str]:
    """The lines of a text; all those of a list, table, quotation or box are one."""
    found, depth = [], 0
    for line in text.split("\n"):
        if depth > 0:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
        depth = max(0, depth + sum(-1 if end else 1 for end in _FRAME.findall(line)))
    return found


def join_texts(base: str, theirs: str, mine: str) -> str | None:
    """
    Return the text with the changes of both, or None where they touch each other.

    Texts are plain, or rich ones with a block to a line (``editorial.richtext.clean_html``).
    """
    old = units(base)
    changes = {}
    for side, new in enumerate([units(theirs), units(mine)]):
        for tag, i, i_end, j, j_end in opcodes(old, new):
            if tag != "equal":
                changes.setdefault((i, i_end, tuple(new[j:j_end])), side)
    changes = sorted((i, i_end, side, new) for (i, i_end, new), side in changes.items())
    for (i, i_end, side, _new), (j, j_end, other, _other) in pairwise(changes):
        inserted = i == i_end or j == j_end
        if side != other and (j < i_end or (inserted and j == i_end)):
            return None
    joined, reached = [], 0
    for i, i_end, _side, new in changes:
        joined += [*old[reached:i], *new]
        reached = i_end
    return "\n".join([*joined, *old[reached:]])
