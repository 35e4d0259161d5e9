"""The list of publications, and the filters above it: those that are on, and what else there is."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from editorial.finding import get_page
from editorial.languages import content_languages
from editorial.searching.asking import ask
from people.models import Person
from publications.models import Publication
from publications.models.gathering import public_translations
from publications.search import originals
from publications.topics import known_topics
from regions.models import Region

FILTERS = {
    "region": gettext_lazy("Region"),
    "kind": gettext_lazy("Kind"),
    "topic": gettext_lazy("Topic"),
    "author": gettext_lazy("Author"),
    "language": gettext_lazy("Language"),
    "year": gettext_lazy("Year"),
}
PER_PAGE = 20
OFFERED = 24  # Of each filter the commonest values: among more than that nobody finds theirs.
LONGEST = 200


@dataclass(frozen=True)
class Choice:
    """A value of a filter; ``query`` leads to the list with it, or without it where it is on."""

    label: str
    query: str
    count: int | None = None


@dataclass(frozen=True)
class Filter:
    title: str
    choices: list[Choice]


def chosen_in(query, names=FILTERS) -> dict[str, str]:
    """What readers chose, by the name of the filter, without what no filter could mean."""
    said = {name: query.get(name, "").strip() for name in names}
    return {name: value for name, value in said.items() if is_a_value(value)}


def is_a_value(value):
    return 0 < len(value) <= LONGEST and value.isprintable()


def page_of_answer(request, answer, objects, per_page):
    """The page of an answer, as pagers know it. Raises ``Http404`` beyond the end."""
    try:
        reached = min(answer.total, answer.pages * per_page)
        page = Paginator(range(reached), per_page).page(request.GET.get("page") or 1)
    except (EmptyPage, PageNotAnInteger):
        raise Http404(_("This list has no such page.")) from None
    page.object_list, page.found = objects, answer.total
    return page


def page_number(request) -> int:
    """Raises ``Http404`` where it is none."""
    said = request.GET.get("page") or "1"
    if not (said.isascii() and said.isdigit() and 0 < len(said) < 9 and int(said)):
        raise Http404(_("This list has no such page."))
    return int(said)


# The filters


def switched_on(chosen, extra=()) -> list[Choice]:
    """The filters that are on, each with what is left without it; ``extra`` stays in any case."""
    found = []
    for name, value in chosen.items():
        label = labels(name, [value]).get(value, value)
        rest = [*extra, *((each, said) for each, said in chosen.items() if each != name)]
        found.append(Choice(f"{FILTERS[name]}: {label}", urlencode(rest)))
    return found


def offered(chosen, facets, extra=(), names=FILTERS) -> list[Filter]:
    """
    The filters that are not on, each with the values that are left and how often they are found.
    """
    found = []
    for name in names:
        counts = [] if name in chosen else facets.get(name, [])[:OFFERED]
        known = labels(name, [value for value, _count in counts])
        choices = [
            Choice(known[value], urlencode([*extra, *chosen.items(), (name, value)]), count)
            for value, count in counts
            if value in known
        ]
        if choices:
            found.append(Filter(str(FILTERS[name]), in_order(name, choices)))
    return found


def in_order(name, choices):
    """Years from the newest; what counts alike by name."""
    if name == "year":
        return sorted(choices, key=lambda each: each.label, reverse=True)
    return sorted(choices, key=lambda each: (-each.count, each.label))


def labels(name, values) -> dict[str, str]:
    """What readers call the values of a filter; one query at most."""
    if not values:
        return {}
    match name:
        case "region":
            return dict(Region.objects.public().filter(slug__in=values).values_list("slug", "name"))
        case "author":
            return dict(Person.objects.public().filter(slug__in=values).values_list("slug", "name"))
        case "topic":
            return dict(known_topics().filter(slug__in=values).values_list("slug", "name"))
        case "kind":
            return {value: str(label) for value, label in Publication.Kind.choices}
        case "language":
            known = dict(content_languages())
            return {code: name_of_language(code) for code in values if code in known}
    return {value: value for value in values}


def name_of_language(code):
    try:
        return get_language_info(code)["name_local"]
    except KeyError:
        return code


# The publications


def list_publications(request) -> dict:
    """
    The newest works that are as readers chose, a page at a time, as the context of a page.

    Where the index cannot answer, the database does, without counts. Raises ``Http404`` for a page
    beyond the end.
    """
    chosen = chosen_in(request.GET)
    answer = look_up(chosen, page_number(request))
    if answer.is_catching_up:
        page = get_page(request, from_database(chosen), PER_PAGE)
    else:
        page = page_of_answer(request, answer, cards(answer, chosen), PER_PAGE)
    page.query = urlencode(chosen)
    kind = chosen.get("kind")
    return {
        "page": page,
        "kind": Publication.Kind(kind) if kind in Publication.Kind else None,
        "on": switched_on(chosen),
        "filters": [] if answer.is_catching_up else offered(chosen, answer.facets),
        "is_catching_up": answer.is_catching_up,
    }


def look_up(chosen, number):
    """
    What the index says. It holds each translation too: unless readers ask for a language, those
    count that are ``originals``, so that a work is counted once.
    """
    wanted = {name: [value] for name, value in chosen.items()}
    if "language" not in wanted:
        wanted["language"] = originals()
    return ask(
        of=["publications.publication"],
        chosen=wanted,
        facets=[*FILTERS],
        page=number,
        per_page=PER_PAGE,
        order="newest",
        cards=lambda pieces: pieces.as_cards(),
    )


def cards(answer, chosen):
    pieces = [hit.object for hit in answer.hits]
    pieces.sort(key=lambda piece: (piece.publish_at, piece.pk), reverse=True)
    if "language" not in chosen:
        prefetch_related_objects(pieces, public_translations(Publication))
    return pieces


def from_database(chosen):
    found = Publication.objects.public()
    for name, value in chosen.items():
        found = CONDITIONS[name](found, value)
    return found.as_cards() if "language" in chosen else found.as_works()


def in_region(pieces, slug):
    region = Region.objects.public().filter(slug=slug).first()
    tree = Region.objects.tree()
    return pieces.in_regions(tree.branch(region.pk) if region else [])


def by_author(pieces, slug):
    bylines = Publication._meta.get_field("bylines").related_model.objects
    person = Person.objects.public().filter(slug=slug)
    return pieces.filter(pk__in=bylines.filter(person__in=person).values("publication"))


def of_year(pieces, year):
    is_a_year = re.fullmatch("[0-9]{4}", year) and 1900 <= int(year) <= 9998
    return pieces.filter(publish_at__year=int(year)) if is_a_year else pieces.none()


CONDITIONS = {
    "region": in_region,
    "author": by_author,
    "year": of_year,
    "kind": lambda pieces, kind: pieces.filter(kind=kind),
    "topic": lambda pieces, slug: pieces.filter(tags__slug=slug),
    "language": lambda pieces, code: pieces.filter(language=code),
}
