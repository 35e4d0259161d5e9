"""
How fast is a question to the search index, and how fast is the index built?

    .venv/bin/python -m bench.search [--pieces 100000]

Pieces of 1,500 words are put straight into a database that is thrown away; their words are drawn
as words are in a language: the commonest stands in all of them. Each question is asked many times
with facets and extracts, as the page of results asks it.
"""

import argparse
import datetime
import itertools
import os
import random
import resource
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.contrib.contenttypes.models import ContentType
from django.test.utils import setup_databases, setup_test_environment, teardown_databases
from rich.console import Console
from rich.progress import track
from taggit.models import Tag, TaggedItem

from editorial.searching import keeping
from editorial.searching.asking import ask, suggest
from publications.models import Byline, Publication
from tests import factories

WORDS = 1500
ROUNDS = 60
FACETS = ["region", "kind", "topic", "author", "language", "year"]
AT_ONCE = 500


def vocabulary(chance, size=40_000):
    syllables = ["".join(pair) for pair in itertools.product("bdfgklmnprstvz", "aeiou")]
    words = set()
    while len(words) < size:
        words.add("".join(chance.choices(syllables, k=chance.randint(2, 4))))
    return sorted(words, key=lambda word: (len(word), chance.random()))


def fill(pieces, words, chance):
    """So many pieces under 30 regions, 200 topics and 150 people."""
    regions = [factories.make_region() for _ in range(5)]
    regions += [factories.make_region(parent=chance.choice(regions)) for _ in range(25)]
    people = [factories.make_person() for _ in range(150)]
    tags = [Tag.objects.create(name=f"Topic {n}", slug=f"topic-{n}") for n in range(200)]
    kind_of_row = ContentType.objects.get_for_model(Publication)
    weights = list(itertools.accumulate(1 / place for place in range(1, len(words) + 1)))
    flow = chance.choices(words, cum_weights=weights, k=2_000_000)
    start = datetime.datetime(1995, 1, 1, tzinfo=datetime.UTC)
    kinds = list(Publication.Kind)
    for first in track(range(0, pieces, AT_ONCE), description="Writing"):
        made = []
        for number in range(first, min(pieces, first + AT_ONCE)):
            at = chance.randrange(len(flow) - WORDS)
            text = [" ".join(flow[n : n + 75]) for n in range(at, at + WORDS, 75)]
            moment = start + datetime.timedelta(hours=number * 260_000 / pieces)
            made.append(
                Publication(
                    title=" ".join(flow[at : at + 6]),
                    slug=f"piece-{number}",
                    kind=chance.choice(kinds),
                    body="".join(f"<p>{paragraph}</p>" for paragraph in text),
                    **factories.public(publish_at=moment),
                )
            )
        made = Publication.objects.bulk_create(made)
        filed = Publication.regions.through
        filed.objects.bulk_create(
            filed(publication=piece, region=chance.choice(regions)) for piece in made
        )
        TaggedItem.objects.bulk_create(
            TaggedItem(content_type=kind_of_row, object_id=piece.pk, tag=tag)
            for piece in made
            for tag in chance.sample(tags, 3)
        )
        Byline.objects.bulk_create(
            Byline(publication=piece, person=chance.choice(people)) for piece in made
        )


def milliseconds(act):
    """By the clock, and of the processor's time alone, which others do not lengthen as much."""
    started, worked = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pieces", type=int, default=100_000)
    pieces = parser.parse_args().pieces
    chance, show = random.Random(1), Console().print  # noqa: S311
    words = vocabulary(chance)
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        fill(pieces, words, chance)
        started = time.perf_counter()
        count = keeping.build(lambda rows, total: track(rows, total=total, description="Indexing"))
        taken = time.perf_counter() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        show(f"{count} objects in {taken:.0f} s: {count / taken:.0f} a second, {memory:.0f} MB")
        questions = {
            "the commonest word": words[0],
            "a common word": words[50],
            "a rare word": words[20_000],
            "two common words": f"{words[0]} {words[3]}",
            "a phrase of common words": f'"{words[0]} {words[1]}"',
            "a word with a slip": words[30_000][:-1] + "x",
            "no word": "",
        }
        for name, question in questions.items():
            asked = {"facets": FACETS, "per_page": 10}
            report(show, name, lambda q=question, a=asked: ask(q, **a))
            show(f"{'':28} {ask(question).total} hits")
        chosen = {"kind": ["report"]}
        report(show, "narrowed", lambda: ask(words[0], facets=FACETS, chosen=chosen, per_page=10))
        report(show, "titles as they are typed", lambda: suggest(words[50][:3]))
    finally:
        teardown_databases(databases, verbosity=0)


def report(show, name, act):
    act()
    taken, worked = zip(*(milliseconds(act) for _ in range(ROUNDS)), strict=True)
    p95 = sorted(taken)[int(ROUNDS * 0.95)]
    said = f"{statistics.median(taken):6.1f} ms, p95 {p95:6.1f} ms"
    show(f"{name:28} {said}; processor {statistics.median(worked):6.1f} ms")


if __name__ == "__main__":
    main()
