"""A site with a history of CrisisWatch, for ``bench.crisiswatch``, once Django is set up."""

import datetime
import io
import itertools
import random
import resource
import time
from contextlib import nullcontext
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.filling import words
from crisiswatch.models import Coverage, Development, Edition, Entry, Situation
from crisiswatch.months import last_months, months_on
from crisiswatch.releasing import release
from crisiswatch.sheet import tokens
from editorial import drafting
from editorial.models import Status
from regions.models import Country
from tests import factories

LAST = datetime.date(2026, 10, 1)  # The month after it is being written.
REGIONS = 10
# As they go over the years: many months are like the one before.
TRENDS = {"unchanged": 80, "deteriorated": 15, "improved": 5}


def fill(editions, situations) -> dict[str, str]:
    """
    Make a site with so many public editions, the last of October 2026, each with an entry for
    every situation; November is a draft with all its entries. Return what was measured on the way.
    """
    call_command("migrate", verbosity=0)
    months = last_months(LAST, editions)
    editor = factories.make_editor(username="bench")
    followed = make_situations(situations, months[0])
    dice = random.Random(1)  # noqa: S311 - the same words each time
    source = words(dice)
    for month in months:
        make_edition(month, followed, dice, source, editor)
    make_edition(months_on(LAST, 1), followed, dice, source, editor, is_draft=True)
    started, worked = time.perf_counter(), time.process_time()
    release(Edition.objects.all(), said="All of it.")
    worked, taken = time.process_time() - worked, time.perf_counter() - started
    call_command("build_search", verbosity=0, stdout=io.StringIO())
    return {"first data files": f"{taken:.1f} s ({worked:.1f} s of the processor)"}


def make_situations(count, first_month):
    regions = [factories.make_region(f"Area {number}") for number in range(min(REGIONS, count))]
    countries = list(Country.objects.order_by("alpha3"))
    made = []
    for number in range(count):
        situation = Situation.objects.create(
            name=f"Situation {number}", slug=f"situation-{number}", region=regions[number % REGIONS]
        )
        several = 1 + (number % 10 == 0)
        situation.countries.set(countries[number : number + several])
        situation.draw_globe()
        Coverage.objects.create(situation=situation, first_month=first_month)
        made.append(situation)
    return made


def make_edition(month, situations, dice, source, editor, *, is_draft=False):
    moment = datetime.datetime.combine(months_on(month, 1), datetime.time(9), datetime.UTC)
    approved = {
        "status": Status.APPROVED,
        "publish_at": moment,
        "approved_at": moment,
        "approved_by": editor,
    }
    edition = Edition.objects.create(
        month=month, overview=f"<p>{said(source, 900)}</p>", **({} if is_draft else approved)
    )
    entries = Entry.objects.bulk_create(
        Entry(edition=edition, situation=each, author=editor, **facts(dice, source))
        for each in situations
    )
    Development.objects.bulk_create(
        Development(
            entry=entry,
            position=position,
            lead_sentence=said(source, 60),
            body=said(source, 440),
        )
        for entry in entries
        for position in range(dice.randint(2, 4))
    )
    return edition


def facts(dice, source):
    return {
        "trend": dice.choices(list(TRENDS), TRENDS.values())[0],
        "risk_alert": dice.random() < 0.04,
        "resolution_opportunity": dice.random() < 0.02,
        "lead": said(source, 200),
        "state": Entry.State.READY,
    }


def said(source, length):
    """A sentence of about so many letters."""
    text = " ".join(itertools.islice(source, length // 5))
    return f"{text[: length - 1].capitalize()}."


# What is measured


class Desk:
    """A reader and an editor who ask the site for things; each method is one act."""

    def __init__(self):
        self.reader, self.editor = Client(), Client()
        self.user = factories.make_editor()
        self.editor.force_login(self.user)
        self.draft = Edition.objects.get(status=Status.DRAFT)
        self.situation = Situation.objects.order_by("pk")[3]
        self.sheet = f"/admin/crisiswatch/edition/{self.draft.pk}/sheet/"
        self.saves = itertools.count(1)

    def get(self, path):
        """A page, or a file to its last byte."""
        client = self.editor if path.startswith("/admin/") else self.reader
        response = client.get(path, headers={"Accept-Encoding": "gzip"})
        size = sum(map(len, response)) if response.streaming else len(response.content)
        if response.status_code != 200 or not size:
            raise RuntimeError(f"{path} answers {response.status_code}")

    def open_sheet(self):
        self.get(self.sheet)

    def save_row(self, token, number):
        """As the script of the sheet does it."""
        changes = {"fields": "lead", "lead": f"Saved {number} times.", "token": token}
        path = f"{self.sheet}rows/{self.situation.slug}/"
        response = self.editor.post(path, changes, headers={"Accept": "application/json"})
        if response.status_code != 200:
            raise RuntimeError(f"{path} answers {response.status_code}")

    def publish(self):
        """All of it but the commit, after which there would be no draft to publish again."""
        with transaction.atomic():
            edition = Edition.objects.get(pk=self.draft.pk)
            moment = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
            drafting.approve(edition, by=self.user, version=edition.version, publish_at=moment)
            transaction.set_rollback(True)

    def act(self, what):
        """The act by its name, or by the path that is asked for, ready to be done."""
        if what.startswith("/"):
            return lambda: self.get(what)
        if what == "save_row":
            token = tokens(Edition.objects.get(pk=self.draft.pk))[self.situation.pk]
            return lambda: self.save_row(token, next(self.saves))
        return getattr(self, what)

    def measure(self, what, *, count) -> tuple[float, float, int]:
        """Seconds by the clock and of the processor, and the number of queries if wanted."""
        caught = CaptureQueriesContext(connection) if count else nullcontext(())
        act = self.act(what)
        with caught:
            started, worked = time.perf_counter(), time.thread_time()
            act()
            worked, seconds = time.thread_time() - worked, time.perf_counter() - started
        return seconds, worked, len(caught) if count else 0


TABLES = ("situations", "coverage", "editions")


def write_down(folder):
    """The newest data files, as ``read_back`` wants them."""
    for name in ("entries", *TABLES):
        response = Client().get(f"/data/crisiswatch/latest/{name}.csv")
        Path(folder, f"{name}.csv").write_bytes(b"".join(response))


def read_back(folder) -> dict[str, str]:
    """Import the files of another site into a new one, and then once more."""
    call_command("migrate", verbosity=0)
    factories.make_editor(username="bench")
    for number in range(REGIONS):
        factories.make_region(f"Area {number}")
    options = [part for name in TABLES for part in (f"--{name}", f"{folder}/{name}.csv")]
    found = {}
    for name in ("import", "second import"):
        started, worked = time.perf_counter(), time.process_time()
        call_command(
            "import_crisiswatch", f"{folder}/entries.csv", *options, by="bench", verbosity=0
        )
        worked, taken = time.process_time() - worked, time.perf_counter() - started
        count = f"{Entry.objects.count():,} entries"
        found[name] = f"{count} in {taken:.1f} s ({worked:.1f} s of the processor)"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found | {"memory of the imports": f"{memory:,.0f} MB at most"}
