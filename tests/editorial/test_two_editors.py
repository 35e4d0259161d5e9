"""
Two editors at the same page, in a thousand turns: nobody overwrites anybody unseen, nothing that
was typed is lost, and nobody is asked about a conflict that is none.
"""

import itertools
import random
import re

import pytest
from django.test import Client

from editorial import drafting
from editorial.models import Revision, Status
from people.models import Person
from tests import factories
from tests.forms import change, fields_of

pytestmark = pytest.mark.django_db

TOKEN = re.compile(r"token\d+x")
TEXTS = ["contact", "portrait_credit", "sort_name", "biography"]


def tokens(value):
    return set(TOKEN.findall(str(value)))


class Editor:
    """Somebody with a browser: a form that was opened some time ago, and what was typed into it."""

    def __init__(self, piece, dice, numbers, fields_of):
        self.piece, self.dice, self.numbers = piece, dice, numbers
        self.fields_of = fields_of
        self.client = Client()
        self.user = factories.make_editor()
        self.client.force_login(self.user)
        self.fields = None

    def open(self):
        self.fields = self.fields_of(self.client, change(self.piece))
        self.seen = current(self.piece)

    def type(self):
        """Change a text, a row, add a row or take one out; return what this writes over."""
        word = f"token{next(self.numbers)}x"
        rows = int(self.fields["appointments-TOTAL_FORMS"])
        there = int(self.fields["appointments-INITIAL_FORMS"])
        act = self.dice.choice(["text", "text", "row", "add", "delete"])
        if act == "text" or (act in ("row", "delete") and not there):
            name = self.dice.choice(TEXTS)
            over, self.fields[name] = tokens(self.fields.get(name, "")), word
        elif act == "add":
            prefix = f"appointments-{rows}"
            self.fields["appointments-TOTAL_FORMS"] = rows + 1
            self.fields |= {f"{prefix}-title": word, f"{prefix}-started_on": "2020-01-01"}
            self.fields |= {f"{prefix}-position": "0"}
            over = set()
        else:
            prefix = f"appointments-{self.dice.randrange(there)}"
            name = f"{prefix}-title" if act == "row" else f"{prefix}-DELETE"
            over = tokens(self.fields[f"{prefix}-title"])
            self.fields[name] = word if act == "row" else "on"
        return over

    def save(self):
        gone = tuple(name.removesuffix("DELETE") for name in self.fields if name.endswith("DELETE"))
        kept = [value for name, value in self.fields.items() if not name.startswith(gone or "-")]
        self.typed = {word for value in kept for word in tokens(value)}
        response = self.client.post(change(self.piece), {**self.fields, "_save": "1"})
        assert response.status_code == 302, response.context["errors"]
        self.fields = None
        return response["Location"]

    def settle(self, address):
        """Take either side of every difference, by the dice."""
        joining = self.client.get(address).context["joining"]
        sides = {
            f"take-{each.name}": self.dice.choice(["mine", "theirs"]) for each in joining.found
        }
        piece = Person.objects.get(pk=self.piece.pk)
        response = self.client.post(address, {"version": piece.version, "_join": "1", **sides})
        assert response.status_code == 302
        chosen = {each.name: sides[f"take-{each.name}"] for each in joining.found}
        return {
            word
            for each in joining.found
            for word in tokens(each.theirs if chosen[each.name] == "mine" else each.mine)
            | tokens(each.base)
        }


def current(piece):
    return drafting.current(Person.objects.get(pk=piece.pk))


def fields_without_page(client, path):
    """What ``fields_of`` reads from the page, without rendering it: that takes most of the time."""
    piece = Person.objects.get()
    snapshot, shown = drafting.current(piece), drafting.shown(piece)
    fields = {"_version": f"{piece.version}.{shown.number if shown else ''}"}
    rows = snapshot.pop("appointments")
    fields |= {"appointments-TOTAL_FORMS": len(rows), "appointments-INITIAL_FORMS": len(rows)}
    for number, row in enumerate(rows):
        row["id"], row["person"] = row.pop("pk"), piece.pk
        fields |= {f"appointments-{number}-{name}": value for name, value in row.items()}
    fields |= {name: value for name, value in snapshot.items() if name != "publish_at"}
    return {name: value for name, value in fields.items() if value or type(value) is int}


def test_the_quick_way_to_fill_in_the_form_is_that_of_the_page(client):
    client.force_login(factories.make_editor())
    piece = factories.make_person("Han Bora", contact="A line")
    factories.make_appointment(piece, ended_on=None)
    page = {name: value for name, value in fields_of(client, change(piece)).items() if value}
    quick = fields_without_page(client, change(piece))
    assert {name: str(page[name]) for name in quick if name in page} == {
        name: str(value) if value is not True else "on" for name, value in quick.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("state", [Status.APPROVED, Status.DRAFT])
def test_no_interleaving_of_two_editors_loses_or_overwrites_anything(state):
    let_two_editors_loose(4, state, 60, fields_without_page)


@pytest.mark.audit
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("state", [Status.APPROVED, Status.DRAFT])
def test_nor_does_any_of_a_thousand(seed, state):
    let_two_editors_loose(seed, state, 125, fields_without_page)


@pytest.mark.parametrize("state", [Status.APPROVED, Status.DRAFT])
def test_the_same_holds_through_the_pages(state):
    let_two_editors_loose(99, state, 15, fields_of)


def let_two_editors_loose(seed, state, turns, fields_of):
    dice, numbers = random.Random(seed), itertools.count(1)
    piece = factories.make_person("Han Bora", status=state)
    editors = [Editor(piece, dice, numbers, fields_of) for _ in range(2)]
    ever_typed, saves, conflicts = set(), 0, 0
    while saves < turns:
        editor = dice.choice(editors)
        if editor.fields is None:
            editor.open()
            continue
        if dice.random() < 0.3:
            editor.open()  # Looks again before typing.
        before = current(piece)
        over = editor.type()
        somebody_else_saved = before != editor.seen
        where = editor.save()
        saves += 1
        ever_typed |= editor.typed
        after = current(piece)
        if "/merge/" not in where:
            if somebody_else_saved:  # Both did the same.
                assert after == before, "a silent overwrite"
                assert editor.typed == tokens(after)
            assert tokens(before) - tokens(after) <= over, "a lost text"
            continue
        conflicts += 1
        assert somebody_else_saved, "a false conflict"
        assert after == before
        aside = Revision.objects.of(piece).filter(is_aside=True).newest()
        assert editor.typed <= tokens(aside.snapshot)
        if dice.random() < 0.8:
            given_up = editor.settle(where)
            both = tokens(before) | tokens(aside.snapshot)
            deleted = tokens(editor.seen) - (tokens(before) & tokens(aside.snapshot))
            assert both - tokens(current(piece)) <= given_up | deleted
    assert conflicts > turns / 12
    kept = [tokens(revision.snapshot) for revision in Revision.objects.of(piece)]
    assert ever_typed <= set().union(*kept), "a text that is in no revision"
