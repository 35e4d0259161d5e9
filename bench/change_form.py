"""
What do drafts cost an editor: the change form of a live publication, against Django's own?

    .venv/bin/python -m bench.change_form [--postgresql]

The publication has 60 kB of body and 30 inline rows; one paragraph and one row are changed by each
save. The same is done in turn, in one process, through all of Django, by ours and by the stock
``ModelAdmin`` with the same fields, widgets and inlines. Then once more with 300 times as many
revisions, and with 300 times as many publications. Printed are queries, medians, and the ratios.
"""

import os
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.contrib import admin
from django.db import connection, models
from django.test import Client, override_settings
from django.test.utils import (
    CaptureQueriesContext,
    setup_databases,
    setup_test_environment,
    teardown_databases,
    teardown_test_environment,
)
from django.urls import path
from rich.console import Console
from rich.progress import track
from rich.table import Table

from crisishub.desk import Desk
from crisishub.urls import urlpatterns as ours
from editorial import drafting, scheduling
from editorial.models import Revision
from editorial.snapshots import take_snapshot
from publications import admin as desk
from publications.models import Correction, Publication
from tests import factories
from tests.forms import change, fields_of

ROUNDS = 30
FEW, MANY = 10, 3000
PARAGRAPH = "Much was said on both sides of the river, and little of it was written down. " * 8
SAVES = ("save the first draft", "save on a draft")
OPENS = ("open", "open a draft")


class StockCorrections(admin.StackedInline):
    model = Correction
    extra = 0


class Stock(admin.ModelAdmin):
    """What Django would do with the same declarations."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    autocomplete_fields = desk.PublicationAdmin.autocomplete_fields
    prepopulated_fields = desk.PublicationAdmin.prepopulated_fields
    inlines = [*desk.PublicationAdmin.inlines[:-1], StockCorrections]
    fieldsets = desk.PublicationAdmin.fieldsets[:-1]


site = Desk("stock")  # The frame around the form is the same.
site.register(Publication, Stock)
for model, options in admin.site._registry.items():
    if model is not Publication:  # Autocomplete fields ask whether their model has a page.
        site.register(model, type(options))

urlpatterns = [path("stock/", site.urls), *ours]


def make_piece(region, people, name):
    body = "\n".join(f"<p>{number} {PARAGRAPH}</p>" for number in range(60_000 // 630))
    piece = factories.make_publication(
        name, regions=[region], authors=people, tags=["war", "peace"], body=body
    )
    for number in range(7):
        piece.findings.create(label="What’s new?", text=f"<p>{number}</p>", position=number)
        piece.questions.create(question=f"Why {number}?", answer="<p>So.</p>", position=number)
        piece.recommendations.create(addressee="To all", text="<p>Do.</p>", position=number)
    for number in range(2):
        picture = factories.picture(colour=f"#{number}0a000")
        piece.figures.create(image=picture, alt="A chart", position=number)
        piece.attachments.create(
            file=factories.picture(f"{number}.pdf"), label="Full report", position=number
        )
    return piece


def give_revisions(piece, count, *, draft):
    """So many revisions of a live piece; the newest one is a draft of it, or what readers see."""
    snapshot = take_snapshot(piece)
    drafting.keep_revision(piece, snapshot, by=None, published_at=piece.publish_at)
    Revision.objects.bulk_create(
        Revision(
            piece=piece,
            number=number,
            snapshot=snapshot | {"subtitle": str(number)},
            based_on=number - 1,
            published_at=piece.publish_at if number < count or not draft else None,
        )
        for number in range(2, count + 1)
    )


def expect(response, status):
    if response.status_code != status or "/merge/" in response.get("Location", ""):
        raise SystemExit(f"{response.request['PATH_INFO']} answered {response.status_code}.")


class Editor:
    """Opens and saves the form of one publication; every save begins with what there was."""

    def __init__(self, client, piece, address):
        self.client, self.piece, self.address = client, piece, address
        self.form = fields_of(client, address)
        self.count = 0

    def open(self):
        expect(self.client.get(self.address), 200)

    def save(self):
        expect(self.client.post(self.address, self.data), 302)

    def type(self):
        """Change a paragraph and a row."""
        self.count += 1
        text = self.form["body"].replace("<p>7 ", f"<p>7 Typed {self.count}. ", 1)
        changed = {"body": text, "findings-3-text": f"<p>{self.count}</p>", "_continue": "1"}
        newest = drafting.newest(self.piece)
        version = Publication.objects.get(pk=self.piece.pk).version
        token = {"_version": f"{version}.{newest.number}"} if newest else {}
        self.data = {**self.form, **changed, **token}
        self.last = newest.number if newest else 0

    def act(self, name, take):
        """Let ``take`` measure that the form is opened or saved; afterwards all is as before."""
        if name.startswith("open"):
            return take(self.open)
        self.type()
        taken = take(self.save)
        Revision.objects.of(self.piece).filter(number__gt=self.last).delete()
        return taken


def seconds(act):
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def queries(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def measure(stock, editors, publications):
    """
    Yield rows of the table. ``editors`` are those of ours by the act and the number of revisions;
    right before each of them, the stock one does the same.
    """
    counted, taken = {}, {key: [] for key in editors}
    for number in track(range(ROUNDS + 1), description=f"{publications} publications"):
        for (act, revisions), editor in editors.items():
            take = seconds if number else queries  # The first round warms up.
            pair = stock.act(act, take), editor.act(act, take)
            if number:
                taken[act, revisions].append(pair)
            else:
                counted[act, revisions] = pair
    for (act, revisions), pairs in taken.items():
        stocks, ours = (statistics.median(each) * 1000 for each in zip(*pairs, strict=True))
        ratio = statistics.median(our / plain for plain, our in pairs)
        numbers = [publications, revisions, *reversed(counted[act, revisions])]
        yield [act, *map(str, numbers), f"{ours:.0f}", f"{stocks:.0f}", f"{ratio:.2f}"]


def report(rows):
    table = Table("", "publications", "revisions", "queries", "stock", "ms", "stock", "ratio")
    for row in rows:
        table.add_row(*row)
    show = Console(width=100).print
    show(f"{connection.vendor}, medians of {ROUNDS} pairs")
    show(table)


def prepare():
    region = factories.make_region("Sahel")
    people = [factories.make_person() for _ in range(5)]
    client = Client()
    client.force_login(factories.make_member("Publisher"))
    stock = make_piece(region, people, "Stock")
    address = change(stock).replace("/admin/", "/stock/")
    stock = Editor(client, stock, address)
    editors = {}
    for revisions in (1, 300):
        for act in (*OPENS, *SAVES):
            draft = act.endswith("a draft")
            piece = make_piece(region, people, f"{act} {revisions}")
            give_revisions(piece, revisions + draft, draft=draft)
            editors[act, revisions] = Editor(client, piece, change(piece))
    return stock, editors


def main():
    setup_test_environment()
    scheduling.LOOK_EVERY = float("inf")  # It would be counted every now and then.
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with override_settings(ROOT_URLCONF=__name__):
            stock, editors = prepare()
            teardown_test_environment()  # It would copy the context of every template.
            rows = [*measure(stock, editors, FEW)]
            for _ in track(range(MANY - FEW), description="Publications"):
                factories.make_publication(body=PARAGRAPH)
            rows += measure(stock, editors, MANY)
    finally:
        teardown_databases(databases, verbosity=0)
    report(rows)


if __name__ == "__main__":
    main()
