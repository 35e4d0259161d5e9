"""
How many publications does ``import_content`` read in a second, and with how much memory?

    .venv/bin/python -m bench.importing [--postgresql] [SIZE ...]     (100 1000 10000)

A folder of publications of 1,500 words each is written and read into an empty site; each site has
a process and a database of its own. The search index is brought up to date afterwards.
"""

import itertools
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from bench.publications import postgresql, sqlite

PIECE = """---
kind: report
title: {title}
standfirst: {standfirst}
regions: [part]
tags: [peace, war]
status: approved
publish_at: 2022-11-22T08:00:00Z
bylines:
- outside_name: Somebody
---
{body}
"""
REGION = """---
name: A part of the world
status: approved
publish_at: 2020-01-01T08:00:00Z
---
<p>What is at stake.</p>
"""


def write(folder, size):
    from bench import filling  # noqa: PLC0415 - Django is set up by now

    source = filling.words(random.Random(1))  # noqa: S311 - the same words each time
    for name in ("regions", "publications"):
        (folder / name).mkdir()
    (folder / "regions" / "part.html").write_text(REGION)
    for number in range(size):
        title = " ".join(itertools.islice(source, 8))
        standfirst = " ".join(itertools.islice(source, 30))
        text = PIECE.format(title=title, standfirst=standfirst, body=filling.body(source))
        (folder / "publications" / f"piece-{number}.html").write_text(text)


def site(pipe, size, folder, database):
    """One site, in a process of its own: write the folder, read it, say what that took."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database,
        "TESTS_FOLDER": folder,
        "VAR_DIR": folder,
    }
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from tests import factories  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    factories.make_editor()
    content = Path(folder) / "content"
    content.mkdir()
    write(content, size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started, worked = time.perf_counter(), time.process_time()
    with Path(os.devnull).open("w") as nowhere:
        call_command("import_content", content, stdout=nowhere)
    taken, worked = time.perf_counter() - started, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send((taken, worked, before, memory))


def main():
    arguments = [each for each in sys.argv[1:] if not each.startswith("-")]
    database = postgresql() if "--postgresql" in sys.argv else sqlite
    context = multiprocessing.get_context("spawn")
    for size in [int(each) for each in arguments] or [100, 1_000, 10_000]:
        here, there = context.Pipe()
        folder = tempfile.mkdtemp(prefix=f"bench-import-{size}-")
        process = context.Process(target=site, args=(there, size, folder, database(size, folder)))
        process.start()
        taken, worked, before, memory = here.recv()
        process.join()
        Console().print(
            f"{size:>7,}: {size / taken:,.0f} pieces a second ({taken:.1f} s, of the processor "
            f"{worked:.1f} s); {memory - before:,.0f} MB more than before, {memory:,.0f} in all"
        )


if __name__ == "__main__":
    main()
