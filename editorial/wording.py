"""Two texts, told apart word by word; and lists of texts, paired with what became of them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, zip_longest

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# Chinese and Japanese write no spaces: there each sign is a word.
_SIGN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SIGN}]\s*|[^\s{_SIGN}]+\s*|\s+")
_SENTENCE = re.compile(r".+?(?:[.!?…。！？]+[\s”’\"')\]]+|$)", re.DOTALL)

# People paste anything. Above these numbers nothing is weighed against each other one by one:
# texts of two lists, words of two texts, and pairs among them that are equal.
MOST_PAIRS = 160_000
MOST_WORDS, MOST_EQUAL_WORDS = 600, 3_000
MOST_TEXTS, MOST_EQUAL_TEXTS = 2_000, 20_000
# And all that one page compares, in steps that take a microsecond at worst.
MOST_STEPS = 3_000_000
STEPS_OF_A_PAIR = 5
ALIKE = 0.3

SAME, ADDED, REMOVED = "same", "added", "removed"


class Work:
    """How many steps are left for a page. Once they do not do, nothing is weighed any more."""

    def __init__(self):
        self.left = MOST_STEPS

    def may(self, steps: int) -> bool:
        self.left = self.left - steps if steps <= self.left else 0
        return self.left > 0


def words(text: str) -> list[str]:
    """The words with the space after them: joined, they are the text."""
    return _WORD.findall(text)


def is_quick(before: Sequence, after: Sequence, longest: int, most_equal: int, work: Work) -> bool:
    """
    Whether ``difflib`` is done with them at once: at worst, it goes through the longer list once
    for each item that is in both.
    """
    length = max(len(before), len(after))
    if length > longest:
        return False
    seen = Counter(after)
    equal = sum(seen[item] for item in before)
    return equal <= most_equal and work.may(length * min(length, equal))


def opcodes(before: Sequence, after: Sequence, work: Work | None = None):
    """What ``difflib`` says of two lists; of two that are too long, only how they begin and end."""
    if is_quick(before, after, MOST_TEXTS, MOST_EQUAL_TEXTS, work or Work()):
        return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    start, end = common_ends(before, after)
    i, j = len(before) - end, len(after) - end
    return [
        ("equal", 0, start, 0, start),
        ("replace", start, i, start, j),
        ("equal", i, len(before), j, len(after)),
    ]


def common_ends(before: Sequence, after: Sequence) -> tuple[int, int]:
    """How many items two lists have in common at their beginning, and in the rest at their end."""
    start = _common(zip(before, after, strict=False))
    return start, _common(zip(reversed(before[start:]), reversed(after[start:]), strict=False))


def likeness(before: set, after: set) -> float:
    """From 0, nothing in common, to 1, the same words (the Sørensen–Dice coefficient)."""
    return 2 * len(before & after) / (len(before) + len(after) or 1)


def align(
    before: list[str], after: list[str], work: Work | None = None
) -> list[tuple[int | None, int | None]]:
    """
    Pair the texts of two lists that are alike, without crossing, so that the most is paired.

    Returns pairs of positions in order; None stands where there is no counterpart.
    """
    rows, columns = len(before), len(after)
    weighed = 0 < rows * columns <= MOST_PAIRS
    if not weighed or not (work or Work()).may(STEPS_OF_A_PAIR * rows * columns):
        return list(zip_longest(range(rows), range(columns)))
    mine, theirs = ([frozenset(text.split()) for text in side] for side in (before, after))
    like = [[likeness(one, other) for other in theirs] for one in mine]
    best = [[0.0] * (columns + 1) for _row in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        below, here = best[i + 1], best[i]
        for j in range(columns - 1, -1, -1):
            paired = below[j + 1] + like[i][j] if like[i][j] >= ALIKE else 0.0
            here[j] = max(below[j], here[j + 1], paired)
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if like[i][j] >= ALIKE and best[i][j] == best[i + 1][j + 1] + like[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return [*pairs, *((k, None) for k in range(i, rows)), *((None, k) for k in range(j, columns))]


def word_runs(before: str, after: str, work: Work | None = None) -> list[tuple[str, str]]:
    """
    What stayed, went and came, in reading order: pairs of ``same``/``removed``/``added`` and text.

    Without the added ones they are ``before``, up to white space; without the removed, ``after``.
    """
    return [
        (state, "".join(text for _state, text in run))
        for state, run in groupby(_runs(before, after, work or Work()), key=lambda run: run[0])
    ]


def _runs(before, after, work) -> Iterator[tuple[str, str]]:
    old, new = words(before), words(after)
    start, end = common_ends([w.rstrip() for w in old], [w.rstrip() for w in new])
    yield from ((SAME, word) for word in new[:start])
    last_old, last_new = len(old) - end, len(new) - end
    yield from _middle(old[start:last_old], new[start:last_new], work)
    yield from ((SAME, word) for word in new[last_new:])


def _common(pairs) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _middle(old, new, work):
    """Word by word where that is quick, else sentence by sentence, else as a whole."""
    old_keys, new_keys = [w.rstrip() for w in old], [w.rstrip() for w in new]
    if is_quick(old_keys, new_keys, MOST_WORDS, MOST_EQUAL_WORDS, work):
        codes = SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_opcodes()
        for tag, i, i_end, j, j_end in _calm(codes):
            if tag == "equal":
                yield SAME, "".join(new[j:j_end])
            else:
                yield from _replaced("".join(old[i:i_end]), "".join(new[j:j_end]))
        return
    sentences = [_SENTENCE.findall("".join(side)) for side in (old, new)]
    if min(map(len, sentences)) < 2 or not work.left:
        yield from _replaced("".join(old), "".join(new))
        return
    for left, right in aligned(*sentences, work):
        if left is None or right is None:
            yield from _replaced(left or "", right or "")
        else:
            yield from _runs(left, right, work)


def _replaced(left, right):
    if left:
        yield REMOVED, left
    if right:
        yield ADDED, right


def _calm(codes):
    """A single word that stayed amid changes would only make them hard to read."""
    calm = []
    for number, (tag, i, i_end, j, j_end) in enumerate(codes):
        amid = 0 < number < len(codes) - 1
        if tag == "equal" and not (amid and i_end - i == 1 and len(codes) > 3):
            calm.append(["equal", i, i_end, j, j_end])
        elif calm and calm[-1][0] != "equal":
            calm[-1][2], calm[-1][4] = i_end, j_end
        else:
            calm.append(["replace", i, i_end, j, j_end])
    return calm


def aligned(before: list[str], after: list[str], work: Work | None = None):
    """Pairs of texts in order: equal, alike, or with None where there is no counterpart."""
    for tag, i, i_end, j, j_end in opcodes(before, after, work):
        if tag == "equal":
            yield from zip(before[i:i_end], after[j:j_end], strict=True)
        else:
            old, new = before[i:i_end], after[j:j_end]
            for left, right in align(old, new, work):
                yield None if left is None else old[left], None if right is None else new[right]


def marked(runs: list[tuple[str, str]]) -> SafeString:
    """As HTML: what came in ``<ins>``, what went in ``<del>``, both said to screen readers too."""
    frames = {
        SAME: "{}",
        ADDED: _frame("ins", _("added:")),
        REMOVED: _frame("del", _("removed:")),
    }
    html = []
    for state, text in runs:
        words_alone = text.rstrip() if state != SAME else text
        html += [format_html(frames[state], words_alone), escape(text[len(words_alone) :])]
    return mark_safe("".join(html))  # noqa: S308 - each of them is escaped


def _frame(tag, says):
    said = says.replace("{", "{{").replace("}", "}}")
    return f'<{tag}><span class="visually-hidden">{said} </span>{{}}</{tag}>'
