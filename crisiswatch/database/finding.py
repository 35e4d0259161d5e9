"""The public entries that a question means: a page of them, how many there are, or all keys."""

from dataclasses import dataclass

from django.db import models
from django.utils.safestring import SafeString

from crisiswatch.models import Edition, Entry
from crisiswatch.search import ALERTS
from editorial.finding import get_page
from editorial.searching.asking import ask, every_key
from publications.listing import page_number, page_of_answer
from regions.search import RegionPlaces

LABEL = "crisiswatch.entry"
PER_PAGE = 20
NEWEST = ("-edition__month", "situation__name")
FACETS = ("situation", "region", "trend", "alert")
NEVER = "never"  # No month: a facet without values is one in which nothing is chosen.


@dataclass(frozen=True)
class Row:
    """An entry in the list; ``extract`` is HTML with the words in ``<mark>``, or empty."""

    entry: Entry
    extract: SafeString | str = ""


@dataclass(frozen=True)
class Found:
    """``counts`` says for each facet how many entries there are of each value, or nothing."""

    page: object
    counts: dict
    is_catching_up: bool


def find(request, question) -> Found:
    """
    Words are looked for in the index, which puts first what answers best. Without words the
    database says it all, the newest month first; the index counts. Raises ``Http404`` for a page
    beyond the end.
    """
    number = page_number(request)
    words = question.words
    answer = look_up(question, page=number, per_page=PER_PAGE if words else 1)
    if words:
        rows = [Row(hit.object, hit.extract) for hit in answer.hits]
        page = page_of_answer(request, answer, rows, PER_PAGE)
    else:
        page = get_page(request, ByMonth(in_database(question)), PER_PAGE)
        page.found = page.paginator.count
        page.object_list = [Row(entry) for entry in page.object_list]
    page.query = question.query
    counts = {name: dict(pairs) for name, pairs in answer.facets.items()}
    return Found(page, {} if answer.is_catching_up else counts, answer.is_catching_up)


class ByMonth:
    """
    Entries as a paginator wants them, the newest month first.

    They are counted by month, so that a page far down costs no more than the first one: only the
    months that it is made of are looked at.
    """

    def __init__(self, entries):
        self.entries = entries
        counts = entries.order_by().values_list("edition").annotate(models.Count("pk"))
        known, newest = dict(counts), Edition.objects.public().values_list("pk", flat=True)
        self.editions = [(edition, known[edition]) for edition in newest if edition in known]

    def count(self):
        return sum(count for _edition, count in self.editions)

    def __getitem__(self, wanted):
        chosen, before, skipped = [], 0, 0
        for edition, count in self.editions:
            if before + count <= wanted.start:
                skipped += count
            elif before < wanted.stop:
                chosen.append(edition)
            before += count
        found = self.entries.filter(edition__in=chosen).as_list().order_by(*NEWEST)
        return found[wanted.start - skipped : wanted.stop - skipped]


def in_database(question, without=()):
    """The entries, apart from what is said of words."""
    on = {name: value for name, value in question.on.items() if name not in without}
    entries = Entry.objects.public()
    if "situation" in on:
        chosen = [each.pk for each in question.situations if each.code in on["situation"]]
        entries = entries.filter(situation__in=chosen)
    if "region" in on:
        chosen = [each.pk for each in question.regions if each.slug in on["region"]]
        below = RegionPlaces().with_those_below(chosen)
        there = [each.pk for each in question.situations if each.region_id in below]
        entries = entries.filter(situation__in=there)
    if "trend" in on:
        entries = entries.filter(trend__in=on["trend"])
    if "alert" in on:
        fields = [(field, True) for field, name in ALERTS.items() if name in on["alert"]]
        entries = entries.filter(models.Q(*fields, _connector=models.Q.OR))
    months = {"gte": on.get("since"), "lte": on.get("until")}
    return entries.filter(**{f"edition__month__{how}": day for how, day in months.items() if day})


def look_up(question, without=(), **how):
    """What the index says; ``how`` goes to ``ask``."""
    return ask(
        "" if "q" in without else question.words,
        of=[LABEL],
        chosen=facets_of(question, without),
        facets=FACETS,
        cards=lambda entries: entries.as_list(),
        promoted=False,
        **how,
    )


def facets_of(question, without=()):
    on = {name: value for name, value in question.on.items() if name not in without}
    chosen = {name: on[name] for name in FACETS if name in on}
    if "since" in on or "until" in on:
        chosen["month"] = months_between(on.get("since"), on.get("until")) or [NEVER]
    return chosen


def months_between(first, last) -> list[str]:
    """The months of which readers have an edition."""
    editions = Edition.objects.public()
    editions = editions.filter(month__gte=first) if first else editions
    editions = editions.filter(month__lte=last) if last else editions
    return [f"{month:%Y-%m}" for month in editions.values_list("month", flat=True)]


def count(question, without=()) -> int:
    """How many entries there would be without some of the filters."""
    if question.words and "q" not in without:
        return look_up(question, without, per_page=1).total
    return in_database(question, without).count()


def keys(question) -> list[int] | None:
    """The keys of all entries that are found, in their order; None where the index cannot say."""
    if question.words:
        return every_key(LABEL, question.words, facets_of(question))
    return list(in_database(question).order_by(*NEWEST).values_list("pk", flat=True))
