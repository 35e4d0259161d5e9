"""
What do pages cost when there are a thousand times as many publications?

    .venv/bin/python -m bench.publications [--postgresql] [SIZE ...]     (100 10000 100000)

Each site has a process, a database and a search index of its own, with publications of 1,500 words
drawn as words are in a language (Zipf). The pages are then asked for in turn, one site after the
other, so that all of them see the same machine; medians of the processor's time, their ratio to the
smallest site and the numbers of queries are printed, with the rate of the index.
"""

import multiprocessing
import os
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from rich.console import Console
from rich.progress import track
from rich.table import Table

ROUNDS = 20
PAGES = {
    "region page": "/regions/part-0/",
    "publication page": "/publications/piece-7/",
    "list with facets": "/publications/",
    "list, chosen": "/publications/?kind=report&region=part-0",
    "search, commonest": "/search/?q=w0",
    "search, two words": "/search/?q=w12+w345",
    "search, rare": "/search/?q=w19999",
    "search, phrase": "/search/?q=%22w1+w0%22",
    "admin list": "/admin/publications/publication/",
    "admin search": "/admin/publications/publication/?q=w345",
}


def site(pipe, size, folder, database):
    """One site: fill it, then answer the paths that come through the pipe."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database,
        "TESTS_FOLDER": folder,
        "VAR_DIR": folder,
    }
    import django  # noqa: PLC0415 - after the environment is set, in a process of its own

    django.setup()
    from bench import filling  # noqa: PLC0415

    pipe.send(filling.fill(size))
    client = filling.clients()
    for path, count in iter(pipe.recv, None):
        pipe.send(filling.ask(client, path, count=count))


def start(context, size, database):
    here, there = context.Pipe()
    folder = tempfile.mkdtemp(prefix=f"bench-{size}-")
    url = database(size, folder)
    process = context.Process(target=site, args=(there, size, folder, url), daemon=True)
    process.start()
    return here, process


def sqlite(size, folder):
    return f"sqlite:///{folder}/bench.sqlite3"


def postgresql():
    """A function that makes a database on a server of our own."""
    import psycopg  # noqa: PLC0415

    from tests.postgresql import start as start_server  # noqa: PLC0415

    server = start_server(Path(tempfile.mkdtemp(prefix="bench-postgresql-")))

    def database(size, folder):
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE bench_{size}")
        return urlunsplit(urlsplit(server)._replace(path=f"/bench_{size}"))

    return database


def main():
    arguments = [each for each in sys.argv[1:] if not each.startswith("-")]
    sizes = [int(each) for each in arguments] or [100, 10_000, 100_000]
    database = postgresql() if "--postgresql" in sys.argv else sqlite
    context = multiprocessing.get_context("spawn")
    show = Console().print
    sites = {}
    for size in sizes:
        sites[size], _process = start(context, size, database)
        for name, value in sites[size].recv().items():
            show(f"{size:>7} {name}: {value}")
    taken = {(name, size): [] for name in PAGES for size in sizes}
    queries = Counter()
    for number in track(range(ROUNDS + 2), description="Rounds"):
        for name, path in PAGES.items():
            for size, pipe in sites.items():
                pipe.send((path, number == 1))
                seconds, worked, count = pipe.recv()
                queries[name, size] += count
                if number >= 2:  # The first rounds warm up.
                    taken[name, size].append((worked, seconds))
    for pipe in sites.values():
        pipe.send(None)
    show(table(sizes, taken, queries))


def table(sizes, taken, queries):
    """Medians and the 95th of a hundred, of the processor; the median by the clock."""
    shown = Table("", *[f"{size:,}" for size in sizes], "ratio", "p95", "by the clock", "queries")
    for name in PAGES:
        worked = {size: sorted(worked for worked, _ in taken[name, size]) for size in sizes}
        medians = [statistics.median(each) for each in worked.values()]
        last = worked[sizes[-1]]
        clock = statistics.median(seconds for _, seconds in taken[name, sizes[-1]])
        shown.add_row(
            name,
            *[f"{each * 1000:.1f} ms" for each in medians],
            f"{medians[-1] / medians[0]:.2f}",
            f"{last[int(len(last) * 0.95)] * 1000:.1f} ms",
            f"{clock * 1000:.1f} ms",
            " ".join(str(queries[name, size]) for size in sizes),
        )
    return shown


if __name__ == "__main__":
    main()
