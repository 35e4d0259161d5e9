"""
Two people changed the same text: their snapshots are joined, field by field, on what both began
with. Nothing here knows a model or a database.

Relations and tags are sets: what either added is in, what either took out is out. Rows are matched
by their primary keys, and each one's fields are joined in the same way. Two answers to the same
question are a conflict, which a person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from editorial.joining import join_texts
from editorial.rows import alike
from editorial.snapshots import is_draft_key

MINE, THEIRS, BOTH = "mine", "theirs", "both"
NOTHING = object()  # A field that a snapshot does not have, a row that it does not hold.


@dataclass(frozen=True)
class Difference:
    """
    Something that one side changed, or both, each in its own way: then it is a conflict, but for
    sets, which are joined.

    ``name`` is dotted below rows: ``bylines.3.title``; ``bylines.3`` is a whole row. A value is
    ``NOTHING`` where there is none. ``joined`` has the changes of both: a set, or a text where they
    lie in different paragraphs.
    """

    name: str
    by: str
    base: Any
    theirs: Any
    mine: Any
    joined: str | list | None = None

    @property
    def is_conflict(self) -> bool:
        return self.by == BOTH and not isinstance(self.joined, list)

    @property
    def is_row(self) -> bool:
        return any(isinstance(value, dict) for value in (self.base, self.theirs, self.mine))


def merge(base: dict, theirs: dict, mine: dict, choices: Mapping[str, str] | None = None):
    """
    Join two snapshots that began as ``base``.

    ``choices`` says for the name of a difference whose value counts, ``mine`` or ``theirs``, or for
    texts ``both``. Returns the joined snapshot and the conflicts that no choice decides; in these,
    mine stands in the snapshot for the time being.
    """
    merging = Merging(choices or {})
    merged = merging.fields("", base, theirs, mine)
    return merged, [each for each in merging.differences if merging.is_open(each)]


def differences(base: dict, theirs: dict, mine: dict) -> list[Difference]:
    """Everything that either side changed, in the order of the snapshots; not what both did."""
    merging = Merging({})
    merging.fields("", base, theirs, mine)
    return merging.differences


class Merging:
    def __init__(self, choices):
        self.choices = choices
        self.differences = []

    def is_open(self, difference):
        answers = {MINE, THEIRS, BOTH} if difference.joined is not None else {MINE, THEIRS}
        return difference.is_conflict and self.choices.get(difference.name) not in answers

    def fields(self, prefix, base, theirs, mine):
        merged = {}
        for name in [*base, *(n for n in mine if n not in base)] + [
            n for n in theirs if n not in base and n not in mine
        ]:
            old = base.get(name, NOTHING)
            # A side that does not know a field has not changed it.
            sides = theirs.get(name, old), mine.get(name, old)
            if name == "pk":
                merged[name] = mine.get(name, theirs.get(name))
            else:
                merged[name] = self.value(f"{prefix}{name}", old, *sides)
        return {name: value for name, value in merged.items() if value is not NOTHING}

    def value(self, name, base, theirs, mine):
        if theirs == mine:
            return mine
        if name.rpartition(".")[2] == "position" and "." in name:
            return self.place(base, theirs, mine)
        if self.choices.get(name) in {MINE, THEIRS}:
            self.differ(name, base, theirs, mine)
            return mine if self.choices[name] == MINE else theirs
        lists = [value for value in (base, theirs, mine) if value is not NOTHING]
        if all(isinstance(value, list) for value in lists):
            sides = [[] if value is NOTHING else value for value in (base, theirs, mine)]
            if any(map(any_rows, sides)):
                return self.rows(name, *sides)
            self.differ(name, *sides)
            return join_sets(*sides)
        found = self.differ(name, base, theirs, mine)
        if self.choices.get(name) == BOTH and found.joined is not None:
            return found.joined
        return theirs if mine == base else mine

    def differ(self, name, base, theirs, mine):
        """Note a difference."""
        by = THEIRS if mine == base else MINE if theirs == base else BOTH
        joined = join(base, theirs, mine) if by == BOTH else None
        self.differences.append(Difference(name, by, base, theirs, mine, joined))
        return self.differences[-1]

    def place(self, base, theirs, mine):
        """Where a row stands is nothing to ask people about."""
        changed = [place for place in (theirs, mine) if place != base and place is not NOTHING]
        return min(changed, default=base)

    def rows(self, name, base, theirs, mine):
        base, theirs, mine = same_keys(base, theirs, mine)
        old, their, my = ({row["pk"]: row for row in side} for side in (base, theirs, mine))
        merged = {}
        for pk in dict.fromkeys([*old, *my, *their]):
            sides = [side.get(pk, NOTHING) for side in (old, their, my)]
            row = self.row(f"{name}.{pk}", *sides)
            if row is not NOTHING:
                merged[pk] = row
        if theirs == base or mine == base:
            order = [*(my if theirs == base else their), *old]
            return [merged[pk] for pk in dict.fromkeys(order) if pk in merged]
        return in_order(merged, base, theirs, mine)

    def row(self, name, base, theirs, mine):
        there = [side is not NOTHING for side in (base, theirs, mine)]
        if all(there) and self.choices.get(name) not in {MINE, THEIRS}:
            return self.fields(f"{name}.", base, theirs, mine)
        if theirs == mine:
            return mine
        if base is not NOTHING:
            # A row that was only put elsewhere is not worth a question.
            theirs, mine = (base if is_same(side, base) else side for side in (theirs, mine))
        found = self.differ(name, base, theirs, mine)
        taken = self.choices.get(name)
        if taken not in {MINE, THEIRS}:
            taken = THEIRS if found.by == THEIRS else MINE
        return mine if taken == MINE else theirs


def join(base, theirs, mine):
    """The changes of both to a set or a text, or None where one has to give way."""
    sides = (base, theirs, mine)
    if all(isinstance(side, str) for side in sides):
        return join_texts(*sides)
    if all(isinstance(side, list) and not any_rows(side) for side in sides):
        return join_sets(*sides)
    return None


def any_rows(items) -> bool:
    return any(isinstance(item, dict) for item in items)


def join_sets(base, theirs, mine):
    base, theirs, mine = set(base), set(theirs), set(mine)
    return sorted((base & theirs & mine) | (theirs - base) | (mine - base))


def is_same(row, other) -> bool:
    """Whether two rows say the same, wherever they stand."""
    return row is not NOTHING and {**row, "position": 0} == {**other, "position": 0}


def same_keys(base, theirs, mine):
    """
    The rows of all three; those of a draft that one side has published since get its keys.

    Otherwise each would be one row that was taken out and another that came.
    """
    keys = {row["pk"] for row in base}
    again = {}
    for side in (mine, theirs):
        there = {row["pk"] for row in side}
        lost = [row for row in base if row["pk"] not in there and is_draft_key(row["pk"])]
        came = [row for row in side if row["pk"] not in keys and not is_draft_key(row["pk"])]
        again |= {one["pk"]: other["pk"] for one, other in alike(lost, came)}
    return [
        [{**row, "pk": again.get(row["pk"], row["pk"])} for row in side]
        for side in (base, theirs, mine)
    ]


def in_order(merged: dict, base, theirs, mine) -> list[dict]:
    """
    The joined rows by their places; what came stands after what it stood after on its side.

    Where every row had a place of its own, every one gets one again.
    """
    old = [row["pk"] for row in base]
    came = {}
    for side in (theirs, mine):
        after, chain = None, None
        for row in side:
            if row["pk"] in old:
                after, chain = (row["pk"] if row["pk"] in merged else after), None
            elif chain is None:
                chain = [row["pk"]]
                came.setdefault(after, []).append(chain)
            else:
                chain.append(row["pk"])
    stayed = [pk for pk in old if pk in merged]
    stayed.sort(key=lambda pk: (merged[pk].get("position") or 0, old.index(pk)))
    order = [
        pk
        for anchor in (None, *stayed)
        for pk in [anchor, *(each for chain in sorted(came.get(anchor, [])) for each in chain)]
    ]
    rows = [merged[pk] for pk in dict.fromkeys(order) if pk in merged]
    return numbered(rows) if all(map(is_numbered, (theirs, mine))) else rows


def is_numbered(rows) -> bool:
    places = [row.get("position") for row in rows]
    return None not in places and places == sorted(set(places))


def numbered(rows):
    last, found = -1, []
    for row in rows:
        last = max(row["position"], last + 1)
        found.append({**row, "position": last})
    return found
