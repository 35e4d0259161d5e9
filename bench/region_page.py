"""
How much slower is the region page when there is a hundred times as much on the site?

    .venv/bin/python -m bench.region_page [--postgresql]

Both pages are asked for in turn, in one process, through all of Django; the medians and their
ratio are printed. The globe of one country is drawn in the same run, for scale.
"""

import datetime
import os
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.test import Client
from django.test.utils import setup_databases, setup_test_environment, teardown_databases
from rich.console import Console
from rich.progress import track

from regions.globe import globe
from tests import factories

ROUNDS = 40


def fill(name, pieces):
    """A region with so many publications, half as many quotes, and two years of entries."""
    region = factories.make_region(name, countries=["KR", "KP"])
    situation = factories.make_situation(name, region=region)
    person = factories.make_person(f"Person of {name}")
    factories.make_appointment(person, region=region)
    for number in range(pieces):
        day = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(days=number)
        factories.make_publication(regions=[region], authors=[person], publish_at=day)
        if number % 2:
            factories.make_quote([region], speaker=person, said_on=day.date())
    return situation


def follow(situations):
    for number in track(range(24), description="Editions"):
        month = datetime.date(2022 + number // 12, number % 12 + 1, 1)
        edition = factories.make_edition(month)
        for situation in situations:
            factories.make_entry([("A.", "B.")] * 3, situation=situation, edition=edition)


def seconds(act):
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def main():
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        follow([fill("Small", pieces=30), fill("Large", pieces=3000)])
        client = Client()
        pages = {name: f"/regions/{name}/" for name in ("small", "large")}
        taken = {name: [] for name in (*pages, "globe")}
        for _ in track(range(ROUNDS), description="Rounds"):
            for name, path in pages.items():
                taken[name].append(seconds(lambda path=path: client.get(path)))
            taken["globe"].append(seconds(lambda: globe(["KR"])))
    finally:
        teardown_databases(databases, verbosity=0)
    medians = {name: statistics.median(each) for name, each in taken.items()}
    show = Console().print
    for name, median in medians.items():
        show(f"{name:6} {median * 1000:6.1f} ms, median of {ROUNDS}")
    show(f"large / small = {medians['large'] / medians['small']:.2f}")


if __name__ == "__main__":
    main()
