"""What an import did, or would have done."""

from collections import Counter
from itertools import product

KINDS = {
    "situations": "situations",
    "coverage": "stretches of coverage",
    "editions": "editions",
    "entries": "entries",
    "corrections": "corrections",
}
FATES = ("made", "changed", "untouched")


class Report:
    """Counts, and ``notes`` on what is otherwise on the site than in the file, and stays so."""

    def __init__(self):
        self.counts = Counter()
        self.notes = {}

    def count(self, kind, fate, number=1):
        self.counts[kind, fate] += number

    def note(self, code, column, value):
        self.notes[code, column] = f"{code}: {column} stays “{value}”."

    @property
    def has_changed(self) -> bool:
        return any(self.counts[pair] for pair in product(KINDS, ("made", "changed")))

    def __str__(self):
        lines = [*self.notes.values()]
        for kind, name in KINDS.items():
            said = [f"{self.counts[kind, fate]:,} {fate}" for fate in FATES]
            lines.append(f"{name}: {', '.join(said)}")
        return "\n".join(lines)
