"""CrisisWatch for programs: editions, entries and situations."""

import datetime
import re
from functools import partial
from typing import Annotated

from django.core.exceptions import ValidationError
from django.db.models import Max, Prefetch
from django.shortcuts import get_object_or_404
from django.urls import register_converter
from ninja import Query, Router
from pydantic import BeforeValidator, Field, WithJsonSchema

from crisiswatch.database.finding import LABEL
from crisiswatch.models import Correction, Coverage, Edition, Entry, Situation
from crisiswatch.months import IsoMonthConverter, parse_month
from editorial.api.answering import (
    Item,
    Page,
    Part,
    address_of,
    answer,
    answer_page,
    html_of,
)
from editorial.api.asking import Choice, Flag, Paging, Slug
from editorial.api.problems import Refused
from editorial.finding import get_public_or_gone
from editorial.searching.asking import every_key
from regions.api import Code, RegionName, countries_named, keys_of_branch, name_region

register_converter(IsoMonthConverter, "iso_month")

router = Router(tags=["CrisisWatch"])
URI = {"format": "uri"}
MONTH = "^(199[0-9]|20[0-9]{2}|21[0-9]{2})-(0[1-9]|1[0-2])$"


def read_month(value) -> datetime.date:
    """Raises ``ValueError`` for anything but a month such as 2024-06 (or its first day)."""
    try:
        if isinstance(value, datetime.date) or re.fullmatch(MONTH, value):
            return parse_month(value)
    except ValidationError:
        pass
    raise ValueError("This is not a month.")


Month = Annotated[
    datetime.date,
    BeforeValidator(read_month),
    WithJsonSchema({"type": "string", "pattern": MONTH}),
]


class SituationName(Part):
    """A situation as other things name it."""

    code: str = Field(description="Its lasting name.", examples=["korean-peninsula"])
    name: str = Field(examples=["Korean Peninsula"])
    url: str = Field(description="The address of its page.", json_schema_extra=URI)


class DevelopmentPart(Part):
    """One paragraph of an entry. Plain text."""

    lead_sentence: str = Field(description="The sentence that opens it, or empty.")
    body: str


class EditionCorrectionPart(Part):
    """A mistake that was put right."""

    corrected_on: datetime.date
    situation: str | None = Field(description="The code of the situation; null: the whole month.")
    text: str = Field(description="Plain text.")


class CoveragePart(Part):
    """From which month to which a situation is followed."""

    level: Coverage.Level
    first_month: str = Field(examples=["2003-09"])
    last_month: str | None = Field(description="Null: it goes on.", examples=["2024-06"])


class EditionItem(Item):
    month: str = Field(examples=["2024-06"])
    url: str = Field(description="The address of its page.", json_schema_extra=URI)
    published_at: datetime.datetime = Field(description="UTC.")
    overview: str = Field(description="The global overview; HTML.")
    corrections: list[EditionCorrectionPart]


class EntryItem(Item):
    month: str = Field(examples=["2024-06"])
    situation: SituationName
    region: RegionName | None = Field(description="Null where it has no page of its own.")
    countries: list[str] = Field(description="ISO 3166-1 alpha-3.", examples=[["KOR", "PRK"]])
    trend: Entry.Trend
    conflict_risk_alert: bool
    resolution_opportunity: bool
    lead: str = Field(description="The month in one breath; plain text.")
    developments: list[DevelopmentPart]
    url: str = Field(description="The address of its page.", json_schema_extra=URI)


class SituationItem(Item):
    code: str = Field(description="Its lasting name.", examples=["korean-peninsula"])
    name: str = Field(examples=["Korean Peninsula"])
    url: str = Field(description="The address of its page.", json_schema_extra=URI)
    region: RegionName | None = Field(description="Null where it has no page of its own.")
    countries: list[str] = Field(description="ISO 3166-1 alpha-3.", examples=[["KOR", "PRK"]])
    coverage: list[CoveragePart] = Field(
        description="A month in none of them is not covered, which is not “unchanged”."
    )
    continues: list[str] = Field(description="The codes of what was followed before it.")
    continued_by: list[str] = Field(description="The codes of what it has become.")


class EditionQuestion(Paging):
    since: Month | None = Field(None, description="This month or later.", examples=["2023-01"])
    until: Month | None = Field(None, description="This month or before.", examples=["2023-12"])


class EntryQuestion(EditionQuestion):
    situation: Slug | None = Field(
        None, description="The code of a situation.", examples=["korean-peninsula"]
    )
    region: Slug | None = Field(
        None, description="In a region or what is part of it.", examples=["asia"]
    )
    country: Code | None = Field(
        None, description="In a country: alpha-2, alpha-3 or M49.", examples=["KOR"]
    )
    trend: Entry.Trend | None = Field(None, description="With a trend.", examples=["deteriorated"])
    conflict_risk_alert: Flag | None = Field(None, description="With such an alert, or without.")
    resolution_opportunity: Flag | None = Field(
        None, description="With such an opportunity, or without."
    )
    changed: Flag | None = Field(
        None, description="Deteriorated or improved (true), or unchanged (false)."
    )
    words: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="With these words; those in quotation marks stand beside each other.",
        examples=["talks"],
    )


class SituationQuestion(Paging):
    region: Slug | None = Field(
        None, description="In a region or what is part of it.", examples=["asia"]
    )
    country: Code | None = Field(
        None, description="In a country: alpha-2, alpha-3 or M49.", examples=["KOR"]
    )
    level: Coverage.Level | None = Field(
        None, description="Followed so in the latest month.", examples=["monitored"]
    )


def codes_of(countries) -> list[str]:
    return sorted(country.alpha3 for country in countries.all())


def describe_correction(correction) -> EditionCorrectionPart:
    return EditionCorrectionPart(
        corrected_on=correction.corrected_on,
        situation=correction.situation.code if correction.situation else None,
        text=correction.text,
    )


def describe_edition(edition) -> EditionItem:
    return EditionItem(
        month=f"{edition.month:%Y-%m}",
        url=address_of(edition),
        published_at=edition.publish_at.astimezone(datetime.UTC),
        overview=html_of(edition.overview),
        corrections=[describe_correction(each) for each in edition.corrections.all()],
    )


def describe_entry(entry) -> EntryItem:
    situation = entry.situation
    return EntryItem(
        month=f"{entry.edition.month:%Y-%m}",
        situation=SituationName(
            code=situation.code, name=situation.name, url=address_of(situation)
        ),
        region=name_region(situation.region),
        countries=codes_of(situation.countries),
        trend=entry.trend,
        conflict_risk_alert=entry.risk_alert,
        resolution_opportunity=entry.resolution_opportunity,
        lead=entry.lead,
        developments=[
            DevelopmentPart(lead_sentence=each.lead_sentence, body=each.body)
            for each in entry.developments.all()
        ],
        url=address_of(entry),
    )


def coverage_until(latest: datetime.date, coverage) -> list[CoveragePart]:
    """What readers may know of it: nothing of the months after the latest edition."""
    return [
        CoveragePart(
            level=each.level,
            first_month=f"{each.first_month:%Y-%m}",
            last_month=f"{each.last_month:%Y-%m}"
            if each.last_month and each.last_month < latest
            else None,
        )
        for each in coverage.all()
        if each.first_month <= latest
    ]


def describe_situation(situation, latest) -> SituationItem:
    return SituationItem(
        code=situation.code,
        name=situation.name,
        url=address_of(situation),
        region=name_region(situation.region),
        countries=codes_of(situation.countries),
        coverage=coverage_until(latest, situation.coverage),
        continues=sorted(each.code for each in situation.continues.all()),
        continued_by=sorted(each.code for each in situation.continued_by.all()),
    )


def editions_with_all():
    corrections = Correction.objects.select_related("situation").defer("situation__globe")
    return Edition.objects.prefetch_related(Prefetch("corrections", corrections))


def entries_with_all():
    entries = Entry.objects.public().select_related("edition", "situation__region")
    texts = ["edition__overview", "situation__globe"]
    texts += ["situation__region__globe", "situation__region__introduction"]
    return entries.defer(*texts).prefetch_related("developments", "situation__countries")


def situations_with_all():
    public = Situation.objects.public().only("code")
    return (
        Situation.objects.public()
        .select_related("region")
        .defer("globe", "region__globe", "region__introduction")
        .prefetch_related(
            "countries", "coverage", Prefetch("continues", public), Prefetch("continued_by", public)
        )
    )


def latest_month():
    """The month of the latest public edition; there is one where a situation is public."""
    return Edition.objects.public().aggregate(latest=Max("month"))["latest"]


def in_range(found, column, chosen):
    if chosen.since:
        found = found.filter(**{f"{column}__gte": chosen.since})
    if chosen.until:
        found = found.filter(**{f"{column}__lte": chosen.until})
    return found


def with_words(found, words):
    """Those in which the index finds the words. Raises ``Refused`` while there is none."""
    keys = every_key(LABEL, words, {})
    if keys is None:
        raise Refused(status=503)
    return found.filter(pk__in=keys)


# What may be asked of entries, besides months.
CONDITIONS = {
    "situation": lambda found, code: found.filter(situation__code=code),
    "region": lambda found, slug: found.in_regions(keys_of_branch(slug)),
    "country": lambda found, code: found.filter(situation__countries__in=countries_named(code)),
    "trend": lambda found, trend: found.filter(trend=trend),
    "conflict_risk_alert": lambda found, has: found.filter(risk_alert=has),
    "resolution_opportunity": lambda found, has: found.filter(resolution_opportunity=has),
    "changed": lambda found, has: (
        found.exclude(trend=Entry.Trend.UNCHANGED)
        if has
        else found.filter(trend=Entry.Trend.UNCHANGED)
    ),
    "words": with_words,
}


@router.get("/editions", response=Page[EditionItem])
def editions(request, chosen: Query[EditionQuestion]):
    """The months of CrisisWatch, the newest first; `/entries` has what stands in them."""
    found = in_range(editions_with_all().public(), "month", chosen)
    return answer_page(request, chosen, found, ("-month",), describe_edition, EditionItem)


@router.get("/editions/{iso_month:month}", response=EditionItem)
def edition(request, month: Month, chosen: Query[Choice]):
    """A month of CrisisWatch."""
    found = get_public_or_gone(editions_with_all(), month=month)
    return answer(request, chosen, describe_edition(found))


@router.get("/entries", response=Page[EntryItem])
def entries(request, chosen: Query[EntryQuestion]):
    """What CrisisWatch says of each situation in each month: the newest month first, by code."""
    found = in_range(entries_with_all(), "edition__month", chosen)
    for name, condition in CONDITIONS.items():
        if (value := getattr(chosen, name)) is not None:
            found = condition(found, value)
    order = ("-edition__month", "situation__code")
    return answer_page(request, chosen, found, order, describe_entry, EntryItem)


@router.get("/entries/{iso_month:month}/{slug:code}", response=EntryItem)
def entry(request, month: Month, code: str, chosen: Query[Choice]):
    """What CrisisWatch says of a situation in a month."""
    get_public_or_gone(Edition.objects.only("month"), month=month)
    found = get_object_or_404(entries_with_all(), edition__month=month, situation__code=code)
    return answer(request, chosen, describe_entry(found))


@router.get("/situations", response=Page[SituationItem])
def situations(request, chosen: Query[SituationQuestion]):
    """What CrisisWatch follows, or followed, by code."""
    found, latest = situations_with_all(), latest_month()
    if chosen.region:
        found = found.in_regions(keys_of_branch(chosen.region))
    if chosen.country:
        found = found.filter(countries__in=countries_named(chosen.country))
    if chosen.level:
        found = found.followed(latest, chosen.level) if latest else found.none()
    order = ("code",)
    describe = partial(describe_situation, latest=latest)
    return answer_page(request, chosen, found, order, describe, SituationItem)


@router.get("/situations/{slug:code}", response=SituationItem)
def situation(request, code: str, chosen: Query[Choice]):
    """What CrisisWatch follows, or followed, by its lasting code."""
    found = get_object_or_404(situations_with_all(), code=code)
    return answer(request, chosen, describe_situation(found, latest_month()))
