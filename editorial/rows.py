"""Which row of one snapshot is which row of another."""

import re
from bisect import bisect

from django.utils.html import strip_tags

from editorial.snapshots import is_draft_key

MORE_THAN_HALF = 0.5
MOST_PAIRS = 20_000


def pair(before: list[dict], after: list[dict], ignored=()) -> list[tuple]:
    """
    Pair rows by their primary keys; what is left over, by what they say.

    A row of a draft gets another key once it is published, and one that was restored may have got
    a new one: only where one of two keys is such a key, rows that say the same, or nearly, are
    taken for one. ``ignored`` names the fields that say too little. Returns pairs in the order of
    ``after``, with None where there is no counterpart; what went stands at its old place.
    """
    theirs = {row["pk"]: row for row in after}
    paired = {row["pk"]: theirs[row["pk"]]["pk"] for row in before if row["pk"] in theirs}
    left = [row for row in before if row["pk"] not in paired]
    free = [row for row in after if row["pk"] not in set(paired.values())]
    paired |= {one["pk"]: other["pk"] for one, other in alike(left, free, ignored)}
    return interleave(before, after, paired)


def interleave(before, after, paired):
    old = {paired.get(row["pk"]): row for row in before if row["pk"] in paired}
    pairs = [(old.get(row["pk"]), row) for row in after]
    for number, row in enumerate(before):
        if row["pk"] not in paired:
            previous = before[number - 1] if number else None
            at = next((i for i, (one, _o) in enumerate(pairs, 1) if one and one is previous), 0)
            pairs.insert(at, (row, None))
    return pairs


def alike(left: list[dict], free: list[dict], ignored=()):
    """Pairs of rows that say more than half the same, the most alike first."""
    if len(left) * len(free) > MOST_PAIRS:
        return
    said = {id(row): sayings(row, ignored) for row in (*left, *free)}
    scored = []
    for i, one in enumerate(left):
        for j, other in enumerate(free):
            if (is_draft_key(one["pk"]) or is_draft_key(other["pk"])) and same_objects(one, other):
                a, b = said[id(one)], said[id(other)]
                score = 2 * len(a & b) / (len(a) + len(b)) if a or b else 1
                if score > MORE_THAN_HALF:
                    scored.append((-score, i, j))
    lefts, frees = set(), set()
    for _score, i, j in sorted(scored):
        if i not in lefts and j not in frees:
            lefts.add(i)
            frees.add(j)
            yield left[i], free[j]


def same_objects(one, other) -> bool:
    """Not two rows that name objects, and none of them the same: two people's bylines."""
    both = [
        one[name] == other.get(name)
        for name, value in one.items()
        if is_number(value) and is_number(other.get(name)) and name not in {"pk", "position"}
    ]
    return any(both) or not both


def is_number(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def sayings(row: dict, ignored=()) -> set:
    """The words of a row and what it refers to."""
    said = set()
    for name, value in row.items():
        if name in {"pk", "position", *ignored}:
            continue
        if isinstance(value, str):
            said |= set(re.findall(r"\w+", strip_tags(value)))
        elif isinstance(value, list):
            for each in value:
                said |= sayings(each) if isinstance(each, dict) else {(name, each)}
        elif is_number(value):
            said.add((name, value))
    return said


def moved(places: list[int]) -> set[int]:
    """
    Of old places listed in the new order, the fewest that must have moved.

    They are those outside of a longest rising run (the “patience” method).
    """
    tops, ends, before = [], [], {}
    for number, place in enumerate(places):
        at = bisect(tops, place)
        before[number] = ends[at - 1] if at else None
        tops[at : at + 1], ends[at : at + 1] = [place], [number]
    stayed, number = set(), ends[-1] if ends else None
    while number is not None:
        stayed.add(places[number])
        number = before[number]
    return set(places) - stayed
