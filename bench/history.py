"""A site with a history of CrisisWatch, for ``bench.crisiswatch``, once Django is set up."""

import datetime
import itertools
import random
import time

from django.core.management import call_command

from bench.filling import words
from crisiswatch.models import Coverage, Development, Edition, Entry, Situation
from crisiswatch.months import last_months, months_on
from crisiswatch.releasing import release
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
