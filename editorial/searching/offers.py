"""What each room lets be found. A room says it in its own ``search.py``, in a list ``OFFERS``."""

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from importlib import import_module

from django.apps import apps
from django.db import models
from django.utils.module_loading import module_has_submodule

from editorial.languages import default_language

BETWEEN = re.compile(r"</?(?:p|h[1-6]|[uo]l|li|t[a-z]+|blockquote|aside|figure|br|span)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")


def words_in(html: str) -> str:
    """
    The words of a clean rich text, fast: a hundred thousand of them are read for an index.

    Only for the index: what remains may hold ``<`` and must be escaped before it is shown.
    """
    return unescape(TAG.sub("", BETWEEN.sub("\n", html)))


@dataclass
class Document:
    """
    What the index is told of one object: plain text only.

    ``publish_at`` is the moment from which it is public. ``facets`` holds for each name the values
    that it counts under. ``files`` are PDF files whose texts belong to it: SHA-256 and name in the
    storage.
    """

    title: str
    texts: list[str]
    publish_at: datetime.datetime
    language: str = field(default_factory=default_language)
    facets: dict[str, list] = field(default_factory=dict)
    files: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Named:
    """A facet whose values are objects: kept by their keys, so that a new name changes no piece."""

    model: type[models.Model]
    name: str = "slug"

    def names(self, keys) -> dict[str, str]:
        """What readers know the objects by; those that they may not know of are left out."""
        manager = self.model._default_manager
        known = manager.public() if hasattr(manager.all(), "public") else manager.all()
        found = known.filter(pk__in=[int(key) for key in keys])
        return {str(pk): str(name) for pk, name in found.values_list("pk", self.name)}

    def keys(self, names) -> list[str]:
        """The keys of objects, by what readers know them by."""
        manager = self.model._default_manager
        known = manager.public() if hasattr(manager.all(), "public") else manager.all()
        found = known.filter(**{f"{self.name}__in": names})
        return [str(pk) for pk in found.values_list("pk", flat=True)]


@dataclass(eq=False)
class Offer:
    """
    One kind of object that can be found. Its queryset answers ``public()``.

    ``approved`` picks what readers have or will have; ``rows`` prepares a queryset for reading
    many, and ``cards`` for showing a few in a list. ``describe`` says what the index is told of
    some rows, in their order.

    ``parts`` are the models of rows that belong to one object, and how to get its key from a row.
    ``depends`` are other models of which a document says something, and by which lookup those are
    found whose documents change with a row of it; a function is given the keys and returns a
    condition. ``facets`` says which facets there are: None for plain words, or ``Named``.
    """

    model: type[models.Model]
    describe: Callable[[list], Iterable[Document]]
    approved: models.Q
    rows: Callable = lambda queryset: queryset
    cards: Callable = lambda queryset: queryset
    parts: dict[type[models.Model], Callable] = field(default_factory=dict)
    depends: dict[type[models.Model], str | Callable] = field(default_factory=dict)
    facets: dict[str, Named | None] = field(default_factory=dict)

    @property
    def label(self):
        return self.model._meta.label_lower

    def for_the_index(self):
        """All that readers have or will have, ready to be read."""
        return self.rows(self.model._base_manager.filter(self.approved))

    def public(self):
        return self.model._default_manager.public()

    def touched_by(self, model, keys):
        """The keys of objects whose documents say something of these rows of another model."""
        lookup = self.depends[model]
        said = lookup(keys) if callable(lookup) else models.Q(**{f"{lookup}__in": keys})
        found = self.model._base_manager.filter(self.approved).filter(said)
        return set(found.values_list("pk", flat=True))


@cache
def offers() -> dict[str, Offer]:
    """All offers of all rooms, by the label of their model."""
    modules = [
        import_module(f"{app.name}.search")
        for app in apps.get_app_configs()
        if module_has_submodule(app.module, "search")
    ]
    every = [offer for module in modules for offer in getattr(module, "OFFERS", [])]
    return {offer.label: offer for offer in every}
