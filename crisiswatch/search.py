from django.db.models import Q

from crisiswatch.models import Development, Edition, Entry, Situation
from editorial.models import Status
from editorial.searching.offers import Document, Named, Offer, words_in
from regions.models import Region
from regions.search import RegionPlaces

# The alerts of an entry, by their columns in the data files.
ALERTS = {
    "risk_alert": "conflict_risk_alert",
    "resolution_opportunity": "resolution_opportunity",
}


def describe_editions(editions):
    for edition in editions:
        yield Document(
            title=str(edition),
            texts=[words_in(edition.overview)],
            publish_at=edition.publish_at,
            facets={"year": [edition.month.year]},
        )


def describe_entries(entries):
    places = RegionPlaces()
    for entry in entries:
        paragraphs = [f"{row.lead_sentence} {row.body}" for row in entry.developments.all()]
        yield Document(
            title=str(entry),
            texts=[entry.lead, *paragraphs],
            publish_at=entry.edition.publish_at,
            facets={
                "region": places.with_those_above([entry.situation.region_id]),
                "year": [entry.edition.month.year],
                "month": [f"{entry.edition.month:%Y-%m}"],
                "situation": [entry.situation_id],
                "trend": [entry.trend],
                "alert": [ALERTS[name] for name, _says in entry.alerts()],
            },
        )


OFFERS = [
    Offer(
        Edition,
        describe_editions,
        approved=Q(status=Status.APPROVED),
        facets={"year": None},
    ),
    Offer(
        Entry,
        describe_entries,
        approved=Q(edition__status=Status.APPROVED),
        rows=lambda rows: rows.select_related("edition", "situation").prefetch_related(
            "developments"
        ),
        cards=lambda rows: rows.as_list(),
        parts={Development: lambda row: row.entry_id},
        depends={
            Edition: "edition",
            Situation: "situation",
            Region: lambda keys: Q(situation__region__in=RegionPlaces().with_those_below(keys)),
        },
        facets={
            "region": Named(Region),
            "year": None,
            "month": None,
            "situation": Named(Situation, "code"),
            "trend": None,
            "alert": None,
        },
    ),
]
