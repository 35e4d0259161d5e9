"""
What does CrisisWatch cost after 23 years instead of one?

    .venv/bin/python -m bench.crisiswatch [--postgresql] [EDITIONS ...]     (12 280)

Each site has a process and a database of its own, 75 situations, and so many public editions with
two to four paragraphs in each entry. The acts are done in turn, one site after the other, so that
all of them see the same machine; medians of the processor's time, their ratio and the numbers of
queries are printed. Then the data files of each site are read into a new one, twice.
"""

import multiprocessing
import os
import statistics
import sys
import tempfile
from collections import Counter

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.publications import postgresql, sqlite

SITUATIONS = 75
ROUNDS = 9
ACTS = {
    "open the sheet": "open_sheet",
    "save a row": "save_row",
    "publish an edition, with its data files": "publish",
    "latest edition": "/crisiswatch/",
    "edition, to print": "/crisiswatch/2026/10/print/",
    "entry": "/crisiswatch/2026/10/situation-3/",
    "history of a situation": "/crisiswatch/situations/situation-3/",
    "all situations": "/crisiswatch/situations/",
    "archive": "/crisiswatch/archive/",
    "database": "/crisiswatch/database/",
    "database, by trend and months": (
        "/crisiswatch/database/?trend=deteriorated&since=2026-05&until=2026-10"
    ),
    "database, by words": "/crisiswatch/database/?q=w345",
    "page of the data": "/crisiswatch/data/",
    "all entries, as a file": "/data/crisiswatch/latest/entries.csv",
}


def fill(editions, situations=SITUATIONS):
    """Make a site with such a history, once Django is set up: see ``bench.history``."""
    from bench import history  # noqa: PLC0415 - after Django is set up

    return history.fill(editions, situations)


def site(pipe, size, folder, database, data):
    """One site: fill it, then do what comes through the pipe; or read the data of another."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database,
        "TESTS_FOLDER": folder,
        "VAR_DIR": folder,
    }
    import django  # noqa: PLC0415 - after the environment is set, in a process of its own

    django.setup()
    from bench import history  # noqa: PLC0415

    if size is None:
        pipe.send(history.read_back(data))
        return
    pipe.send(fill(size))
    desk = history.Desk()
    for what, count in iter(pipe.recv, None):
        pipe.send(desk.measure(what, count=count))
    history.write_down(data)
    pipe.send("written")


def start(context, name, size, database, data):
    here, there = context.Pipe()
    folder = tempfile.mkdtemp(prefix=f"bench-{name}-")
    url = database(name, folder)
    context.Process(target=site, args=(there, size, folder, url, data), daemon=True).start()
    return here


def main():
    sizes = [int(each) for each in sys.argv[1:] if each.isdigit()] or [12, 280]
    database = postgresql() if "--postgresql" in sys.argv else sqlite
    context = multiprocessing.get_context("spawn")
    show = Console().print
    sites, folders = {}, {size: tempfile.mkdtemp(prefix="bench-data-") for size in sizes}
    for size in sizes:
        sites[size] = start(context, size, size, database, folders[size])
        for name, value in sites[size].recv().items():
            show(f"{size:>7} {name}: {value}")
    show(table(sizes, *measure(sites)))
    for size, pipe in sites.items():
        pipe.send(None)
        pipe.recv()
        new = start(context, f"again_{size}", None, database, folders[size])
        for name, value in new.recv().items():
            show(f"{size:>7} {name}: {value}")


def measure(sites):
    taken, queries = {}, Counter()
    for number in track(range(ROUNDS + 2), description="Rounds"):
        for name, what in ACTS.items():
            for size, pipe in sites.items():
                pipe.send((what, number == 1))
                seconds, worked, count = pipe.recv()
                queries[name, size] += count
                if number >= 2:  # The first rounds warm up.
                    taken.setdefault((name, size), []).append((worked, seconds))
    return taken, queries


def table(sizes, taken, queries):
    """Medians of the processor and their ratio; the medians by the clock."""
    shown = Table("", *[f"{size:,} editions" for size in sizes], "ratio", "by the clock", "queries")
    for name in ACTS:
        medians = [statistics.median(worked for worked, _ in taken[name, size]) for size in sizes]
        clock = [statistics.median(seconds for _, seconds in taken[name, size]) for size in sizes]
        shown.add_row(
            name,
            *[f"{each * 1000:.1f} ms" for each in medians],
            f"{medians[-1] / medians[0]:.2f}",
            " ".join(f"{each * 1000:.0f}" for each in clock) + " ms",
            " ".join(str(queries[name, size]) for size in sizes),
        )
    return shown


if __name__ == "__main__":
    main()
