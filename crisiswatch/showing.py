"""Everything that the pages of CrisisWatch show, gathered once: as many queries for any archive."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from crisiswatch import history
from crisiswatch.linked_data import describe_edition, describe_entry, describe_situation
from crisiswatch.map import world_map
from crisiswatch.models import Coverage, Edition, Entry, Situation
from crisiswatch.months import months_between
from publications.linked_data import as_script
from regions.models import Region

LATEST = 12


def month_page(edition) -> dict:
    """The context of an edition, on the screen and in print."""
    corrections = edition.corrections.select_related("situation").defer("situation__globe")
    tree = Region.objects.tree()
    entries = edition.entries_in_order(tree, whole=True)
    return {
        "edition": edition,
        "entries": entries,
        "groups": by_region(entries, tree, lambda entry: entry.situation.region),
        "world": world_map(edition, entries),
        "corrections": list(corrections),
        "linked_data": as_script(describe_edition(edition, corrections)),
        **edition.neighbours(),
    }


def by_region(objects, tree, region_of) -> list[tuple]:
    """
    Pairs of a region of the highest rank and what lies in it; ``region_of`` is asked for each.

    None in place of the region for what lies in none that readers have.
    """
    groups = {}
    for each in objects:
        path = tree.path(region_of(each))
        groups.setdefault(path[0] if path else None, []).append(each)
    return list(groups.items())


def entry_page(entry) -> dict:
    """The context of one situation in one month."""
    edition, region = entry.edition, entry.situation.region
    near = edition.entries.as_list().exclude(pk=entry.pk)
    neighbours = entry.neighbours()
    countries = list(entry.situation.countries.all())
    corrections = list(edition.corrections.filter(situation=entry.situation))
    return {
        "entry": entry,
        "edition": edition,
        "strip": entry.strip(),
        "news": history.news(entry, neighbours["earlier"]),
        "ancestors": Region.objects.tree().path(region),
        "countries": countries,
        "corrections": corrections,
        "others": near.filter(situation__region=region),
        "linked_data": as_script(describe_entry(entry, countries, corrections)),
        **neighbours,
    }


def situation_page(situation) -> dict:
    """The context of the whole history of a situation that has a public entry."""
    entries = list(situation.entries.public().as_line())
    last = newest_month()
    coverage = list(situation.coverage.all())
    line = history.line(months_between(entries[0].edition.month, last), entries, coverage)
    told = list(situation.entries.public().as_page().order_by("-edition__month")[:LATEST])
    countries = list(situation.countries.all())
    return {
        "situation": situation,
        "countries": countries,
        "ancestors": Region.objects.tree().path(situation.region),
        "newest": last,
        "years": history.by_year(line),
        "run": history.current_run(line),
        "entry": told[0],
        "edition": told[0].edition,
        "earlier": told[1:],
        "news": history.news(told[0], told[1] if told[1:] else None),
        "covered": history.covered(coverage, last),
        "continues": situation.continues.public().only("name", "slug"),
        "continued_by": situation.continued_by.public().only("name", "slug"),
        "linked_data": as_script(describe_situation(situation, countries)),
    }


@dataclass(frozen=True)
class Followed:
    """A situation as it stands: its newest entry if it has one in the newest month."""

    situation: Situation
    level: str
    entry: Entry | None
    last_month: date | None


def situations_page() -> dict:
    """The context of the list of situations: those of which readers have entries, as of now."""
    edition = Edition.objects.public().only("month").first()
    if edition is None:
        return {"edition": None}
    known = Situation.objects.public()
    known = known.select_related("region").defer("globe", "region__globe", "region__introduction")
    tree = Region.objects.tree()
    found = tree.in_order(known, lambda situation: situation.region_id)
    coverage = Coverage.objects.in_month(edition.month)
    levels = dict(coverage.values_list("situation_id", "level"))
    entries = {each.situation_id: each for each in edition.entries.as_line()}
    ended = last_months_of([each for each in found if each.pk not in entries])
    followed = [
        Followed(each, levels.get(each.pk, ""), entries.get(each.pk), ended.get(each.pk))
        for each in found
    ]
    standby = Situation.objects.followed(edition.month, Coverage.Level.STANDBY)
    monitored = [each for each in followed if each.level == Coverage.Level.MONITORED]
    return {
        "edition": edition,
        "groups": by_region(followed, tree, lambda each: each.situation.region),
        "monitored": by_region(monitored, tree, lambda each: each.situation.region),
        "standby": standby.only("name", "slug").order_by("name"),
        "with_pages": {each.pk for each in found},
    }


def newest_month() -> date:
    return Edition.objects.public().values_list("month", flat=True).first()


def last_months_of(situations) -> dict:
    """The month of the newest public entry of each, by its primary key."""
    entries = Entry.objects.public().filter(situation__in=situations).order_by()
    return dict(entries.values_list("situation").annotate(Max("edition__month")))
