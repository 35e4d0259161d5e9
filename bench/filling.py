"""A site with many publications, for ``bench.publications``, once Django is set up."""

import datetime
import io
import itertools
import random
import resource
import time

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag, TaggedItem

from editorial.models import Status
from publications.models import Byline, Publication
from tests import factories

WORDS = 1_500
VOCABULARY = 20_000
AT_ONCE = 500
PARTS, PEOPLE, TOPICS = 20, 40, 30
FIRST = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def words(dice):
    """Endless words, the commonest ``w0``, distributed as in a language (Zipf's law)."""
    names = [f"w{number}" for number in range(VOCABULARY)]
    weights = list(itertools.accumulate(1 / (number + 1) for number in range(VOCABULARY)))
    while True:
        yield from dice.choices(names, cum_weights=weights, k=WORDS)


def body(source):
    text = list(itertools.islice(source, WORDS))
    parts = [" ".join(text[start : start + 150]) for start in range(0, WORDS, 150)]
    return "\n".join(f"<h2>{part[:30]}</h2>\n<p>{part}</p>" for part in parts)


def fill(size) -> dict[str, str]:
    """Make the site; return what was measured on the way."""
    call_command("migrate", verbosity=0)
    regions = [factories.make_region(f"Part {number}") for number in range(PARTS)]
    people = [factories.make_person(f"Person {number}") for number in range(PEOPLE)]
    tags = [Tag.objects.create(name=f"topic {number}") for number in range(TOPICS)]
    editor = factories.make_editor()
    dice = random.Random(1)  # noqa: S311 - the same words each time
    source = words(dice)
    for start in range(0, size, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, size))
        pieces = Publication.objects.bulk_create(piece(n, source, dice, editor) for n in numbers)
        file_away(pieces, dice, regions, people, tags)
    started, worked = time.perf_counter(), time.process_time()
    call_command("build_search", verbosity=0, stdout=io.StringIO())
    worked, taken = time.process_time() - worked, time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "index": f"{size / taken:,.0f} pieces a second ({taken:.1f} s)",
        "index, of the processor": f"{worked:.1f} s",
        "memory": f"{memory:,.0f} MB at most",
    }


def piece(number, source, dice, editor):
    moment = FIRST + datetime.timedelta(minutes=number * 120)
    return Publication(
        kind=dice.choice(Publication.Kind.values),
        title=" ".join(itertools.islice(source, 8)),
        slug=f"piece-{number}",
        standfirst=" ".join(itertools.islice(source, 30)),
        body=body(source),
        language="en",
        status=Status.APPROVED,
        publish_at=moment,
        approved_at=moment,
        approved_by=editor,
    )


def file_away(pieces, dice, regions, people, tags):
    filed, kind = Publication.regions.through, ContentType.objects.get_for_model(Publication)
    filed.objects.bulk_create(
        filed(publication=each, region=dice.choice(regions)) for each in pieces
    )
    Byline.objects.bulk_create(
        Byline(publication=each, person=dice.choice(people)) for each in pieces
    )
    TaggedItem.objects.bulk_create(
        TaggedItem(object_id=each.pk, content_type=kind, tag=dice.choice(tags)) for each in pieces
    )


def clients():
    reader, editor = Client(), Client()
    editor.force_login(factories.make_editor())
    return reader, editor


def ask(clients, path, *, count) -> tuple[float, float, int]:
    """
    Ask for a page; return the seconds by the clock and of the processor, which others do not
    lengthen as much, and the number of queries if these are to be counted.
    """
    client, queries = clients[path.startswith("/admin/")], 0
    if count:
        with CaptureQueriesContext(connection) as caught:
            client.get(path)
        queries = len(caught)  # Before the next request empties the log.
    started, worked = time.perf_counter(), time.thread_time()
    response = client.get(path)
    worked, seconds = time.thread_time() - worked, time.perf_counter() - started
    if response.status_code != 200:
        raise RuntimeError(f"{path} answers {response.status_code}")
    return seconds, worked, queries
