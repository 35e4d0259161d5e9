"""What the page for two texts of one piece asks, and what comes of the answers."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from editorial import drafting
from editorial.comparing import Comparing, is_text
from editorial.merging import BOTH, MINE, NOTHING, THEIRS, Difference, differences, merge
from editorial.naming import Names, field_of, label_of
from editorial.richtext import RichTextField, clean_html
from editorial.snapshots import columns, owned, take_snapshot

WRITTEN = "written"


@dataclass
class Question:
    """
    A difference as the page shows it, and the answer to it.

    ``mine`` and ``theirs`` are the changes that either side made, None where it made none;
    ``answers`` are triples: a value, what it says, whether it is chosen.
    """

    difference: Difference
    label: str
    mine: object
    theirs: object
    answers: list[tuple[str, str, bool]]
    full_texts: list[tuple[str, str]]
    written: forms.BoundField | None = None
    open: bool = False
    is_written: bool = False


class Joining:
    """
    A text, what others saved or published meanwhile, and what both began with.

    The text is one that was set aside, or a draft on top of which something else went live.
    """

    def __init__(self, request, piece, revision):
        self.model, self.piece, self.revision = type(piece), piece, revision
        self.data = request.POST
        self.base, self.mine = drafting.base_of(revision), revision.snapshot
        if revision.is_aside:
            self.theirs, self.by = drafting.current(piece), drafting.shown(piece)
        else:
            self.theirs, self.by = take_snapshot(piece), drafting.newest_published(piece)
        self.is_own = revision.author == request.user
        self.found = sorted(differences(self.base, self.theirs, self.mine), key=self.place_of)
        self.names = Names(self.model, self.base, self.theirs, self.mine)
        self.form = self.writing()

    def place_of(self, difference):
        """Conflicts come first; then the order of the form's fields counts."""
        model = self.model
        names = [f.name for f in (*columns(model), *model._meta.many_to_many)] + list(owned(model))
        first = difference.name.split(".")[0]
        return not difference.is_conflict, names.index(first) if first in names else len(names)

    @property
    def our_name(self):
        if not self.revision.is_aside:
            return _("The draft")
        return _("Mine") if self.is_own else str(self.revision.author)

    @property
    def their_name(self):
        if not self.revision.is_aside:
            return _("What went live")
        return str(self.by.author) if self.by and self.by.author else _("Theirs")

    def writing(self):
        """A form with a field for each text that both changed, to be written together."""
        texts = {each.name: each for each in self.found if each.is_conflict and not each.is_row}
        fields, initial = {}, {}
        for name, difference in texts.items():
            kind = self.place(name)[1]
            if is_text(kind) and not kind.unique:
                fields[name] = kind.formfield(required=False)
                initial[name] = difference.mine if difference.joined is None else difference.joined
        form = type("WritingForm", (forms.Form,), fields)
        first = {f"{WRITTEN}-{name}": text for name, text in initial.items()}
        return form({**first, **self.data.dict()}, prefix=WRITTEN, use_required_attribute=False)

    def place(self, name):
        """The model and the field that a dotted name leads to; None for a row; and its label."""
        model, labels, parts = self.model, [], name.split(".")
        rows = [self.mine, self.theirs, self.base]
        while len(parts) > 1:
            relation, pk, *parts = parts
            labels.append(label_of(model, relation))
            model = owned(model)[relation].model
            rows = [r for side in rows for r in side.get(relation, []) if str(r["pk"]) == pk]
            labels.append(self.names.row(model, rows[0]))
        if not parts:
            return model, None, " › ".join(labels)
        return model, field_of(model, parts[0]), " › ".join([*labels, label_of(model, parts[0])])

    def chosen(self, name) -> str:
        return self.data.get(f"take-{name}", "")

    def merged(self):
        """The joined text, or None while a conflict is undecided. Raises ``ValidationError``."""
        chosen = {each.name: self.chosen(each.name) for each in self.found}
        written = [name for name in self.form.fields if chosen.get(name) == WRITTEN]
        choices = chosen | dict.fromkeys(written, MINE)
        merged, conflicts = merge(self.base, self.theirs, self.mine, choices)
        if conflicts:
            return None
        for name in written:
            _model, kind, label = self.place(name)
            try:
                put(merged, name, kind.clean(self.form.data[f"{WRITTEN}-{name}"], None))
            except ValidationError as error:
                raise ValidationError([f"{label}: {said}" for said in error.messages]) from error
        return merged

    @property
    def questions(self):
        return [self.question(each) for each in self.found]

    def question(self, each):
        kind, label = self.place(each.name)[1:]
        sides = {
            side: self.change(each, value) if value != each.base else None
            for side, value in ((MINE, each.mine), (THEIRS, each.theirs))
        }
        chosen = self.chosen(each.name) or ("" if each.is_conflict else each.by)
        answers = [(value, says, value == chosen) for value, says in self.answers(each)]
        return Question(
            each,
            label,
            **sides,
            answers=answers,
            full_texts=self.full_texts(each, kind),
            written=self.form[each.name] if each.name in self.form.fields else None,
            open=each.is_conflict and not any(ticked for _v, _s, ticked in answers),
            is_written=chosen == WRITTEN,
        )

    def full_texts(self, each, kind):
        """The texts of both sides where both changed one."""
        if not (each.is_conflict and is_text(kind)):
            return []
        sides = [(self.our_name, each.mine), (self.their_name, each.theirs)]
        return [(name, show(kind, text)) for name, text in sides if isinstance(text, str)]

    def answers(self, each):
        yield MINE, self.our_name if each.by != THEIRS else _("As it was")
        yield THEIRS, self.their_name if each.by != MINE else _("As it was")
        if isinstance(each.joined, str):
            yield BOTH, _("Both: they lie in different paragraphs")
        elif each.joined is not None:
            yield BOTH, _("Both")
        if each.name in self.form.fields:
            yield WRITTEN, _("Written together, below")

    def change(self, each, value):
        """What one side did to it."""
        model, kind, label = self.place(each.name)
        comparing = Comparing(self.names)
        name = each.name.rpartition(".")[2]
        old = None if each.base is NOTHING else each.base
        new = None if value is NOTHING else value
        if each.is_row:
            relation, _dot, _pk = each.name.rpartition(".")
            link = self.link(relation)
            rows = [[row] if row else [] for row in (old, new)]
            return comparing.rows(link, relation, label, *rows)
        return comparing.field(kind, each.name, label_of(model, name), old, new)

    def link(self, relation):
        model, parts = self.model, relation.split(".")
        while len(parts) > 1:
            model = owned(model)[parts[0]].model
            parts = parts[2:]
        return owned(model)[parts[0]]


def put(snapshot, name, value):
    """Set what a dotted name leads to."""
    *way, last = name.split(".")
    while way:
        relation, pk, *way = way
        snapshot = next(row for row in snapshot[relation] if str(row["pk"]) == pk)
    snapshot[last] = value


def show(kind, text):
    """A text as readers would see it, safe to print."""
    if isinstance(kind, RichTextField):
        return mark_safe(clean_html(text))  # noqa: S308 - cleaned here
    return linebreaks(text, autoescape=True)
