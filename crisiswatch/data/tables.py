"""The tables beside the entries, as lists of rows. What readers may not know yet is not in them."""

import datetime

from django.db.models import Exists, OuterRef, Q

from crisiswatch.data import columns
from crisiswatch.data.rows import address_of, place_of
from crisiswatch.models.situations import Coverage, Situation
from editorial.richtext.markdown import to_markdown
from regions.models import Country

# The columns of each table, by the name of its file.
TABLES = {
    "entries.csv": columns.ENTRIES,
    "editions.csv": columns.EDITIONS,
    "situations.csv": columns.SITUATIONS,
    "coverage.csv": columns.COVERAGE,
    "countries.csv": columns.COUNTRIES,
    "corrections.csv": columns.CORRECTIONS,
}


def moment_of(moment: datetime.datetime) -> str:
    """As ISO 8601 has it, in UTC and whole seconds."""
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def edition_row(edition, entries: int, version: int) -> dict:
    return {
        "month": f"{edition.month:%Y-%m}",
        "published_at": moment_of(edition.publish_at),
        "version": version,
        "entries": entries,
        "overview": to_markdown(edition.overview),
        "url": address_of(edition),
    }


def correction_rows(edition) -> list[dict]:
    """The corrections of an edition, oldest first."""
    corrections = edition.corrections.select_related("situation").order_by("corrected_on", "pk")
    return [
        {
            "month": f"{edition.month:%Y-%m}",
            "corrected_on": each.corrected_on.isoformat(),
            "situation": each.situation.code if each.situation else "",
            "text": each.text,
        }
        for each in corrections
    ]


def known_situations(latest):
    """
    Those of which readers have an entry, and those that have been on standby by the latest month.
    Any other is in the making.
    """
    standby = Coverage.objects.filter(level=Coverage.Level.STANDBY, first_month__lte=latest)
    known = Q(Exists(standby.of(OuterRef("pk")))) | Q(pk__in=Situation.objects.public())
    return Situation.objects.filter(known).order_by("code")


def situation_rows(latest) -> list[dict]:
    """``latest`` is the newest month that readers have, or None."""
    if latest is None:
        return []
    known = known_situations(latest).select_related("region").defer("globe", "region__globe")
    known = list(known.prefetch_related("countries", "continues"))
    codes = {situation.code for situation in known}
    with_pages = {*Situation.objects.public().values_list("pk", flat=True)}
    return [situation_row(each, codes, each.pk in with_pages) for each in known]


def situation_row(situation, codes, has_page):
    continued = {each.code for each in situation.continues.all()} & codes
    return {
        "code": situation.code,
        "name": situation.name,
        **place_of(situation),
        "continues": " ".join(sorted(continued)),
        "url": address_of(situation) if has_page else "",
    }


def coverage_rows(latest) -> list[dict]:
    """What has begun by the latest month that readers have; an end that lies ahead is not told."""
    if latest is None:
        return []
    begun = Coverage.objects.filter(first_month__lte=latest, situation__in=known_situations(latest))
    return [
        {
            "situation": each.situation.code,
            "level": each.level,
            "first_month": f"{each.first_month:%Y-%m}",
            "last_month": f"{each.last_month:%Y-%m}"
            if each.last_month and each.last_month < latest
            else "",
        }
        for each in begun.select_related("situation")
        .defer("situation__globe")
        .order_by("situation__code", "first_month")
    ]


def country_rows() -> list[dict]:
    names = ("alpha3", "alpha2", "m49", "name")
    return list(Country.objects.order_by("alpha3").values(*names))
