"""What CrisisWatch is in the terms of schema.org, as publications say it of themselves."""

from contextlib import contextmanager

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from editorial.addresses import absolute
from editorial.dates import format_month
from editorial.languages import default_language
from editorial.richtext import plain_text
from publications.linked_data import CONTEXT, correction, filled, house, ours

NAME = "CrisisWatch"


def describe_edition(edition, corrections) -> dict:
    """A month: an issue of the series."""
    with in_the_texts_language():
        title = f"{NAME}, {format_month(edition.month)}"
        node = {
            "@type": "Report",
            "description": plain_text(edition.overview),
            "isPartOf": series(),
            "correction": [correction(each) for each in corrections],
            **work(edition, title, edition),
        }
        return graph(node, [(title, edition)])


def describe_entry(entry, countries, corrections) -> dict:
    """A situation in a month: a part of the issue."""
    edition, situation = entry.edition, entry.situation
    with in_the_texts_language():
        issue = f"{NAME}, {format_month(edition.month)}"
        title = f"{situation.name}, {format_month(edition.month)}"
        node = {
            "@type": "AnalysisNewsArticle",
            "headline": title,
            "abstract": entry.lead,
            "isPartOf": {"@type": "Report", "@id": address_of(edition), "name": issue},
            "spatialCoverage": [country_of(each) for each in countries],
            "correction": [correction(each) for each in corrections],
            **work(entry, title, edition),
        }
        return graph(node, [(issue, edition), (situation.name, entry)])


def describe_situation(situation, countries) -> dict:
    """All months of a situation."""
    with in_the_texts_language():
        node = {
            "@type": "CollectionPage",
            "@id": address_of(situation),
            "url": address_of(situation),
            "name": situation.name,
            "inLanguage": default_language(),
            "isPartOf": series(),
            "spatialCoverage": [country_of(each) for each in countries],
            "publisher": ours(),
        }
        return graph(node, [(situation.name, situation)])


@contextmanager
def in_the_texts_language():
    """The same on every page, whatever the language of the frame around the texts."""
    with translation.override(default_language()):
        yield


def address_of(piece) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return absolute(piece.get_absolute_url())


def top() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return absolute(reverse("crisiswatch:editions"))


def work(piece, title, edition) -> dict:
    return {
        "@id": address_of(piece),
        "url": address_of(piece),
        "name": title,
        "inLanguage": default_language(),
        "datePublished": edition.publish_at.isoformat() if edition.publish_at else "",
        "temporalCoverage": f"{edition.month:%Y-%m}",
        "isAccessibleForFree": True,
        "author": ours(),
        "publisher": ours(),
    }


def series():
    return {"@type": "CreativeWorkSeries", "@id": top(), "name": NAME}


def country_of(country):
    return {"@type": "Place", "name": country.name}


def graph(node, steps) -> dict:
    """``steps`` lead from CrisisWatch down to the page: pairs of a name and what has the page."""
    crumbs = [(NAME, top()), *((name, address_of(piece)) for name, piece in steps)]
    listed = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": {"@id": address}}
            for place, (name, address) in enumerate(crumbs, 1)
        ],
    }
    return {"@context": CONTEXT, "@graph": [filled(each) for each in (node, house(), listed)]}
