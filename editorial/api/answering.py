"""
Answers for programs: one object, or a page of a collection.

A page ends with a cursor, which says after which row the next one begins, not how many rows came
before: what is published meanwhile neither repeats a row nor hides one.
"""

import datetime
from collections.abc import Callable
from operator import attrgetter
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from django.http import Http404, JsonResponse
from django.urls import reverse
from pydantic import BaseModel, ConfigDict, Field

from editorial.addresses import absolute, slugs_now
from editorial.api.asking import Choice, Paging, check_parameters, chosen_fields
from editorial.api.problems import Refused, Wrong
from editorial.finding import get_public_or_gone
from editorial.richtext import Notes, render_text

T = TypeVar("T")
JSON = {"ensure_ascii": False}


def may_grow(schema: dict):
    """We write no other field; who reads must be ready for some (it is version 1 all the same)."""
    del schema["additionalProperties"]


def is_chosen_from(schema: dict):
    """Whoever chooses fields gets those alone."""
    may_grow(schema)
    del schema["required"]


class Item(BaseModel):
    """What an answer says of one object: these fields, and no others."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=is_chosen_from)


class Part(BaseModel):
    """What stands within an item; it is always whole."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=may_grow)


class Page(BaseModel, Generic[T]):
    """Some items of a collection, and where to go on."""

    items: list[T] = Field(description="In the order of the collection.")
    next: str | None = Field(
        description="The address of what comes next; null at the end.",
        json_schema_extra={"format": "uri"},
    )

    @classmethod
    def model_parametrized_name(cls, params):
        return f"{params[0].__name__.removesuffix('Item')}Page"


class Moved(Exception):
    """The object has another address by now; answers 301."""

    def __init__(self, address):
        super().__init__(address)
        self.address = address


# One object


def get_public_or_moved(queryset: QuerySet, page: str, operation: str, slug: str):
    """
    Return the public object with this slug. ``page`` names the route of its page, ``operation``
    that of its address here.

    Raises ``Moved`` where its slug has changed since, else ``Gone`` or ``Http404``.
    """
    try:
        return get_public_or_gone(queryset, slug=slug)
    except Http404:
        now = slugs_now(page, [slug]).get(slug)
        if now is None:
            raise
        found = get_public_or_gone(queryset, slug=now)
        raise Moved(reverse(operation, args=[found.slug])) from None


def answer(request, chosen: Choice, item: Item) -> JsonResponse:
    check_parameters(request, chosen)
    fields = chosen_fields(chosen, type(item))
    return JsonResponse(item.model_dump(mode="json", include=fields), json_dumps_params=JSON)


# A page of a collection


def answer_page(
    request,
    chosen: Paging,
    found: QuerySet,
    order: tuple,
    describe: Callable[[Model], Item],
    schema,
) -> JsonResponse:
    """
    Answer with the rows after the cursor, each as ``describe`` puts it.

    ``order`` are the columns to sort by, as Django writes them; the last one tells all rows apart.
    """
    check_parameters(request, chosen)
    fields = chosen_fields(chosen, schema)
    signer = signer_of(request, chosen)
    if chosen.cursor is not None:
        found = after(found, order, read_cursor(signer, chosen.cursor))
    rows = list(found.order_by(*order)[: chosen.limit + 1])
    following = None
    if len(rows) > chosen.limit:
        rows = rows[: chosen.limit]
        following = next_address(request, signer.sign_object(place_of(rows[-1], order)))
    items = [describe(row).model_dump(mode="json", include=fields) for row in rows]
    response = JsonResponse({"items": items, "next": following}, json_dumps_params=JSON)
    if following:
        response["Link"] = f'<{following}>; rel="next"'  # RFC 8288
    return response


def signer_of(request, chosen) -> Signer:
    """A cursor is good for the question that it came with, and for no other."""
    asked = urlencode(sorted(chosen.filters().items()))
    return Signer(sep=".", salt=f"editorial.api.cursor {request.path} {asked}")


def read_cursor(signer, cursor):
    try:
        return [read_value(each) for each in signer.unsign_object(cursor)]
    except (BadSignature, ValueError):
        wrong = Wrong(
            field="cursor",
            detail="No page of this collection, asked for in this way, begins there.",
            remedy="Take the address in `next` as it stands, or begin without a cursor.",
        )
        raise Refused(wrong, status=404) from None


def place_of(row, order) -> list:
    """The values of a row in the columns of the order."""
    columns = [name.lstrip("-").replace("__", ".") for name in order]
    return [write_value(attrgetter(column)(row)) for column in columns]


def write_value(value):
    """As JSON can hold it: in its own shape, or a moment or day in a name of its kind."""
    if isinstance(value, datetime.datetime):
        return {"at": value.isoformat()}
    return {"on": value.isoformat()} if isinstance(value, datetime.date) else value


def read_value(value):
    match value:
        case {"at": moment}:
            return datetime.datetime.fromisoformat(moment)
        case {"on": day}:
            return datetime.date.fromisoformat(day)
    return value


def after(found, order, values):
    """The rows that come after the one with these values."""
    later, same = Q(), {}
    for name, value in zip(order, values, strict=True):
        column, step = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        later |= Q(**same, **{f"{column}__{step}": value})
        same[column] = value
    first = order[0].lstrip("-")
    step = "lte" if order[0].startswith("-") else "gte"
    # The second condition follows from the first; by it databases find where to begin.
    return found.filter(later, **{f"{first}__{step}": values[0]})


def next_address(request, cursor) -> str:
    asked = request.GET.copy()
    asked["cursor"] = cursor
    return absolute(f"{request.path}?{asked.urlencode()}")


# Values


def html_of(text: str) -> str:
    """A rich text as HTML that stands alone: its notes below it, its links absolute."""
    notes = Notes(site=settings.SITE_URL)
    html = render_text(text, notes=notes, anchors=False).html
    return f"{html}\n{notes.html}".strip()


def address_of(obj) -> str:
    """The address of its page."""
    return absolute(obj.get_absolute_url())


def public_only(objects) -> list:
    """Those that readers know, of objects that are loaded."""
    return [each for each in objects if each.is_public]
