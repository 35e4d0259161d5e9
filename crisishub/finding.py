"""Search over everything: one box, what was found, and titles while somebody types."""

from dataclasses import dataclass
from urllib.parse import urlencode

from csp.decorators import csp_update
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crisiswatch.models import Entry
from editorial.searching.asking import Answer, ask, suggest
from publications.listing import (
    PER_PAGE,
    Choice,
    chosen_in,
    offered,
    page_number,
    page_of_answer,
    switched_on,
)

FILTERS = ("region", "language", "year")
LONGEST = 200
# The kinds of things that can be found, by their word in the address.
WHAT = {
    "publications": (_("Publications"), ["publications.publication"]),
    "crisiswatch": ("CrisisWatch", ["crisiswatch.entry", "crisiswatch.edition"]),
    "people": (_("People"), ["people.person"]),
    "quotes": (_("In The News"), ["people.quote"]),
    "regions": (_("Regions"), ["regions.region"]),
}
# All but the entries of CrisisWatch, which have the same title month after month.
WITH_TITLES = [label for _name, labels in WHAT.values() for label in labels]
WITH_TITLES.remove("crisiswatch.entry")
SECONDS, SECONDS_CATCHING_UP = 60, 5


@dataclass(frozen=True)
class Result:
    """Something that was found; ``title`` and ``extract`` are HTML with ``<mark>``."""

    label: str
    address: str
    title: SafeString
    extract: SafeString
    language: str
    day: object
    month: object
    is_promoted: bool


@csp_update({"connect-src": ["'self'"]})
def search(request):
    words, what, chosen = asked_in(request.GET)
    number = page_number(request)
    answer = look_up(words, what, chosen, number) if words else Answer()
    extra = [("q", words), *([("what", what)] if what else [])]
    page = page_of_answer(request, answer, [result_of(hit) for hit in answer.hits], PER_PAGE)
    page.query = urlencode([*extra, *chosen.items()])
    context = {
        "words": words,
        "page": page,
        "kinds": kinds(words, what, chosen),
        "on": switched_on(chosen, extra),
        "filters": offered(chosen, answer.facets, extra, FILTERS),
        "is_catching_up": answer.is_catching_up,
    }
    response = render(request, "search/search.html", context)
    seconds = SECONDS_CATCHING_UP if answer.is_catching_up else SECONDS
    patch_cache_control(response, public=True, max_age=seconds)
    return response


def titles(request):
    """The titles that begin to look like what somebody is typing, as JSON."""
    words, _what, _chosen = asked_in(request.GET)
    found = [
        {"title": title, "address": address, "label": capfirst(label)}
        for title, address, label in (suggest(words, of=WITH_TITLES) if words else [])
    ]
    response = JsonResponse({"titles": found})
    # Nothing may mean that the index is not built yet.
    patch_cache_control(response, public=True, max_age=SECONDS if found else SECONDS_CATCHING_UP)
    return response


def opensearch(request):
    """How a browser adds this search to its own (OpenSearch 1.1)."""
    kind = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "search/opensearch.xml", content_type=kind)


def asked_in(query):
    """The words, the kind of thing that is meant or an empty string, and the filters."""
    words = "".join(each if each.isprintable() else " " for each in query.get("q", ""))
    what = query.get("what", "")
    known = what if what in WHAT else ""
    return words.strip()[:LONGEST], known, chosen_in(query, FILTERS)


def look_up(words, what, chosen, number):
    return ask(
        words,
        of=WHAT[what][1] if what else None,
        chosen={name: [value] for name, value in chosen.items()},
        facets=FILTERS,
        page=number,
        per_page=PER_PAGE,
    )


def kinds(words, what, chosen) -> list[tuple[Choice, bool]]:
    """Ways to what was found of each kind, and which of them is open."""
    every = [("", _("Everything")), *((name, label) for name, (label, _of) in WHAT.items())]
    found = []
    for name, label in every:
        said = [("q", words), *([("what", name)] if name else []), *chosen.items()]
        found.append((Choice(str(label), urlencode(said)), name == what))
    return found


def result_of(hit) -> Result:
    obj = hit.object
    is_entry = isinstance(obj, Entry)
    return Result(
        label="CrisisWatch"
        if is_entry
        else capfirst(getattr(obj, "label", "") or obj._meta.verbose_name),
        address=obj.get_absolute_url(),
        title=hit.title,
        extract=hit.extract,
        language=getattr(obj, "language", ""),
        day=getattr(obj, "said_on", None) or dated(obj),
        month=obj.edition.month if is_entry else None,
        is_promoted=hit.is_promoted,
    )


def dated(obj):
    """The moment of a piece whose day tells readers something."""
    return obj.publish_at if hasattr(obj, "kind") else None
