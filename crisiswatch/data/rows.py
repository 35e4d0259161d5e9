"""An entry as a row of the data files: the one place that says what of it readers get."""

from collections import defaultdict

from django.conf import settings
from django.utils import translation

from crisiswatch.data import columns
from crisiswatch.paragraphs import as_text
from editorial.addresses import absolute
from editorial.spreadsheets import defused

COLUMNS = columns.ENTRIES
LISTS = ("countries", "m49")
RECORD = [column.name for column in COLUMNS if column.name not in ("text", "url")]


def with_all(entries) -> list:
    """
    A queryset of entries as a list, with all that ``row_of`` reads: six queries, however many.

    A history has 20,000 entries, and 60,000 developments, which are therefore no objects here but
    pairs of a lead sentence and a body; what entries say of one situation is said once.
    """
    developments = entries.model._meta.get_field("developments").related_model.objects
    beside = ("edition", "situation__region", "situation__countries")
    entries, pairs = list(entries.prefetch_related(*beside)), defaultdict(list)
    written = developments.filter(entry__in=entries)
    for key, lead, body in written.values_list("entry", "lead_sentence", "body"):
        pairs[key].append((lead, body))
    for situation in {entry.situation for entry in entries}:
        situation.columns = columns_of(situation)
    with translation.override(settings.LANGUAGE_CODE):
        for entry in entries:
            entry.pairs, entry.address = pairs[entry.pk], absolute(entry.get_absolute_url())
    return entries


def columns_of(situation) -> dict:
    code, name = situation.code, situation.name
    return {"situation": code, "situation_name": name, **place_of(situation)}


def row_of(entry) -> dict:
    """
    The row of an entry in the CSV file, in the order of ``COLUMNS``: text and booleans. What only
    the desk knows (author, state) is not here.
    """
    return {
        "month": f"{entry.edition.month:%Y-%m}",
        **entry.situation.columns,
        "trend": entry.trend,
        "conflict_risk_alert": entry.risk_alert,
        "resolution_opportunity": entry.resolution_opportunity,
        "lead": entry.lead,
        "text": as_text(entry.pairs),
        "url": entry.address,
    }


def record_of(entry, row: dict | None = None) -> dict:
    """The same for JSON Lines: lists are lists, and the developments stand there as they are."""
    row = row or row_of(entry)
    developments = [{"lead_sentence": lead, "body": body} for lead, body in entry.pairs]
    record = {name: row[name].split() if name in LISTS else row[name] for name in RECORD}
    return record | {"developments": developments, "url": row["url"]}


def cells_of(row: dict) -> list[str]:
    """A row of any table as the cells of a CSV line, which no spreadsheet calculates."""
    return [
        defused(str(value).lower() if isinstance(value, bool) else value) for value in row.values()
    ]


def place_of(situation) -> dict:
    """
    The columns of its region, which is not named if it is no page yet, and of its countries, by
    code; those without an M49 number come last, so that each number stands where its code does.
    """
    region = situation.region if situation.region.is_public else None
    countries = sorted(
        situation.countries.all(), key=lambda country: (not country.m49, country.alpha3)
    )
    return {
        "region": region.slug if region else "",
        "region_name": region.name if region else "",
        "countries": " ".join(country.alpha3 for country in countries),
        "m49": " ".join(country.m49 for country in countries if country.m49),
    }


def address_of(piece) -> str:
    """The whole address of a page, in the language of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        return absolute(piece.get_absolute_url())
