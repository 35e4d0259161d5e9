"""Two snapshots of an object, told apart field by field. See ``editorial.snapshots``."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from imagefield.fields import PPOIField

from editorial.blocks import plain_blocks, rich_blocks
from editorial.naming import Names, field_of, label_of
from editorial.paragraphs import block_changes, count_changed, stretches
from editorial.richtext import RichTextField
from editorial.rows import moved, pair
from editorial.snapshots import columns, owned
from editorial.wording import ADDED, REMOVED, SAME, Work, marked

EMPTY = (None, "", [])


@dataclass
class Change:
    """
    A field that differs; ``name`` is dotted below rows: ``bylines.3.title``.

    ``kind`` names the template that shows it.
    """

    kind = "value"

    name: str
    label: str

    @property
    def template(self) -> str:
        return f"admin/publishable/_change_{self.kind}.html"

    def in_words(self) -> str:
        """The field and, where there is more than one, how many parts of it."""
        return self.label


@dataclass
class ValueChange(Change):
    before: str
    after: str


@dataclass
class TextChange(Change):
    kind = "text"

    before: str
    after: str
    rich: bool
    work: Work = field(default_factory=Work)

    def blocks_of(self, text):
        return rich_blocks(text) if self.rich else plain_blocks(text)

    @cached_property
    def sides(self):
        return self.blocks_of(self.before), self.blocks_of(self.after)

    @cached_property
    def stretches(self):
        return stretches(block_changes(*self.sides, self.work))

    @property
    def is_layout_only(self) -> bool:
        """Whether the words are the same, in the same paragraphs."""
        before, after = self.sides
        return [block.text for block in before] == [block.text for block in after]

    def in_words(self):
        if max(map(len, self.sides)) < 2:
            return self.label
        if count := count_changed(*self.sides):
            said = ngettext("%d paragraph", "%d paragraphs", count) % count
        else:
            said = _("layout")
        return f"{self.label} ({said})"


@dataclass
class SetChange(Change):
    kind = "set"

    kept: list[str]
    removed: list[str]
    added: list[str]

    @property
    def items(self):
        """All of them as HTML, those that came and went marked."""
        parts = {SAME: self.kept, REMOVED: self.removed, ADDED: self.added}
        return [marked([(state, name)]) for state, names in parts.items() for name in names]

    def in_words(self):
        return f"{self.label} ({in_numbers(added=self.added, removed=self.removed)})"


@dataclass
class FileChange(Change):
    """The names of the files; their addresses are empty where there is none."""

    kind = "file"

    before: str
    after: str
    before_url: str
    after_url: str


class PictureChange(FileChange):
    kind = "picture"


@dataclass
class RowChange:
    """A row that came, went, changed or moved; places count from 1."""

    name: str
    label: str
    state: str
    changes: list[Change] = field(default_factory=list)
    places: tuple[int, int] | None = None


@dataclass
class RowsChange(Change):
    kind = "rows"

    rows: list[RowChange]

    def in_words(self):
        by_state = {}
        for row in self.rows:
            by_state.setdefault(row.state, []).append(row)
        return f"{self.label} ({in_numbers(**by_state)})"


def in_numbers(**found) -> str:
    words = {
        "added": _("%d added"),
        "removed": _("%d removed"),
        "changed": _("%d changed"),
        "moved": _("%d moved"),
    }
    return ", ".join(says % len(found[state]) for state, says in words.items() if found.get(state))


def compare(model, before: dict, after: dict) -> list[Change]:
    """
    What differs between two snapshots of an object of ``model``.

    One change for each field, in the order of the model, then relations and tags, then the rows
    that the object owns. Takes one query for each kind of objects referred to.
    """
    return Comparing(Names(model, before, after)).of(model, before, after)


def changes_in_words(model, before: dict, after: dict) -> str:
    """One line such as “Title, Body (2 paragraphs), Bylines (1 added)”; no queries."""
    if not before:
        return ""
    return ", ".join(change.in_words() for change in Comparing(Nameless()).of(model, before, after))


class Nameless(Names):
    """Where only numbers are asked for, nothing is looked up."""

    def __init__(self):
        super().__init__(None)

    def of(self, model, pk):
        return str(pk)


class Comparing:
    def __init__(self, names: Names):
        self.names, self.work = names, Work()

    def of(self, model, before, after, prefix="") -> list[Change]:
        found = []
        for name in self.fields(model, before, after):
            old, new = before.get(name), after.get(name)
            if old == new or (old in EMPTY and new in EMPTY):
                continue
            dotted = f"{prefix}{name}"
            if name in owned(model):
                change = self.rows(owned(model)[name], dotted, label_of(model, name), old, new)
            else:
                kind = field_of(model, name)
                change = self.field(kind, dotted, label_of(model, name), old, new)
            if change:
                found.append(change)
        return found

    def fields(self, model, before, after):
        """Those of today's model in its order, then what a snapshot of an older one holds."""
        known = [f.name for f in (*columns(model), *model._meta.many_to_many)] + list(owned(model))
        there = before.keys() | after.keys()
        hidden = {"pk", *self.mere_places(model)}
        return [
            name
            for name in [*known, *sorted(there.difference(known))]
            if name in there and name not in hidden
        ]

    def mere_places(self, model):
        """A position that says nothing but where a row stands among its like is seen by that."""
        return ["position"] if tuple(model._meta.ordering[:2]) == ("position", "pk") else []

    def field(self, kind, name, label, old, new):
        if isinstance(kind, models.FileField):
            return self.file(kind, name, label, old or "", new or "")
        if kind is not None and kind.many_to_many:
            return self.set(kind, name, label, old or [], new or [])
        if is_text(kind) and isinstance(old or "", str) and isinstance(new or "", str):
            rich = isinstance(kind, RichTextField)
            return TextChange(name, label, old or "", new or "", rich, self.work)
        return ValueChange(name, label, self.names.say(kind, old), self.names.say(kind, new))

    def file(self, kind, name, label, old, new):
        shown = PictureChange if isinstance(kind, models.ImageField) else FileChange
        says = [self.names.say(kind, each) for each in (old, new)]
        urls = [kind.storage.url(each) if each else "" for each in (old, new)]
        return shown(name, label, *says, *urls)

    def set(self, kind, name, label, old, new):
        parts = [
            [value for value in old if value in new],
            [value for value in old if value not in new],
            [value for value in new if value not in old],
        ]
        return SetChange(name, label, *(self.names.all(kind, part) for part in parts))

    def rows(self, link, name, label, old, new):
        model, old, new = link.model, old or [], new or []
        choices = [f.name for f in model._meta.concrete_fields if f.choices]
        pairs = pair(old, new, choices)
        counted = bool(self.mere_places(model))
        was = {id(row): place for place, row in enumerate(old, 1)}
        went = moved([was[id(one)] for one, other in pairs if one and other]) if counted else ()
        place, rows = 0, []
        for one, other in pairs:
            place += other is not None
            key = (other or one)["pk"]
            changes = self.of(model, one or {}, other or {}, f"{name}.{key}.")
            row = RowChange(f"{name}.{key}", self.names.row(model, other or one), "", changes)
            if one and other and was[id(one)] in went:
                row.places = was[id(one)], place
            row.state = state_of(one, other, row)
            if row.state:
                rows.append(row)
        return RowsChange(name, label, rows) if rows else None


def state_of(one, other, row):
    if not one:
        return "added"
    if not other:
        return "removed"
    if row.changes:
        return "changed"
    return "moved" if row.places else ""


def is_text(kind) -> bool:
    """Words that somebody wrote; not a choice, an address or a part of one."""
    return (
        isinstance(kind, models.CharField | models.TextField)
        and not isinstance(kind, models.SlugField | models.URLField | models.EmailField | PPOIField)
        and not kind.choices
    )
