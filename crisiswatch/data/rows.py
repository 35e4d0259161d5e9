"""An entry as a row of the data files: the one place that says what of it readers get."""

from django.conf import settings
from django.utils import translation

from crisiswatch.data import columns
from crisiswatch.paragraphs import as_text
from editorial.spreadsheets import defused

COLUMNS = columns.ENTRIES
LISTS = ("countries", "m49")
RECORD = [column.name for column in COLUMNS if column.name not in ("text", "url")]


def with_all(entries):
    """
    Let a queryset of entries bring all that ``row_of`` reads: six queries, however many. Entries of
    one situation, or of one edition, share the object.
    """
    return entries.prefetch_related("edition", "situation__region", "situation__countries", "developments")


def row_of(entry) -> dict:
    """
    The row of an entry in the CSV file, in the order of ``COLUMNS``: text and booleans.

    A region that is no page yet is not named. What only the desk knows (author, state) is not here.
    """
    situation = entry.situation
    return {
        "month": f"{entry.edition.month:%Y-%m}",
        "situation": situation.code,
        "situation_name": situation.name,
        **region_of(situation),
        **countries_of(situation),
        "trend": entry.trend,
        "conflict_risk_alert": entry.risk_alert,
        "resolution_opportunity": entry.resolution_opportunity,
        "lead": entry.lead,
        "text": as_text(pairs_of(entry)),
        "url": address_of(entry),
    }


def record_of(entry, row: dict | None = None) -> dict:
    """The same for JSON Lines: lists are lists, and the developments stand there as they are."""
    row = row or row_of(entry)
    developments = [{"lead_sentence": lead, "body": body} for lead, body in pairs_of(entry)]
    record = {name: row[name].split() if name in LISTS else row[name] for name in RECORD}
    return record | {"developments": developments, "url": row["url"]}


def cells_of(row: dict) -> list[str]:
    """A row of any table as the cells of a CSV line, which no spreadsheet calculates."""
    return [
        defused(str(value).lower() if isinstance(value, bool) else value) for value in row.values()
    ]


def pairs_of(entry) -> list[tuple[str, str]]:
    """Its developments as pairs of lead sentence and body."""
    return [(each.lead_sentence, each.body) for each in entry.developments.all()]


def region_of(situation) -> dict:
    """The columns of its region."""
    region = situation.region if situation.region.is_public else None
    return {"region": region.slug if region else "", "region_name": region.name if region else ""}


def countries_of(situation) -> dict:
    """
    The columns of its countries, by code; those without an M49 number come last, so that each
    number stands where its code does.
    """
    countries = sorted(
        situation.countries.all(), key=lambda country: (not country.m49, country.alpha3)
    )
    return {
        "countries": " ".join(country.alpha3 for country in countries),
        "m49": " ".join(country.m49 for country in countries if country.m49),
    }


def address_of(piece) -> str:
    """The whole address of a page, in the language of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + piece.get_absolute_url()
