"""Where an object is used: what would lose its footing if it were deleted or withdrawn."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Max, OuterRef, Q, Subquery
from django.urls import NoReverseMatch, reverse

from editorial.addresses import in_every_language
from editorial.models import Revision, ScheduledChange, Status
from editorial.richtext import RichTextField

LISTED = 50
AT_ONCE = 20  # Addresses looked for in one query: SQLite's expressions are only so deep.
ENDS = '"#?'  # What may follow an address in a link to it.


@dataclass(frozen=True)
class References:
    """Objects of one kind that refer to something by one field; the newest of them are named."""

    model: type[models.Model]
    label: str
    count: int
    named: tuple[tuple[str, str], ...]

    @property
    def kind(self):
        return self.model._meta.verbose_name_plural

    @property
    def more(self) -> int:
        return self.count - len(self.named)


def references_to(obj) -> list[References]:
    """
    Everything that refers to an object, or to a row that it owns, by kind and field.

    That is rows that name it, rich text that links to one of its addresses, and drafts that would
    do either once they are published. Queries do not grow with the number of references.
    """
    found = defaultdict(set)
    for model, label, keys in [*relations(itself(obj)), *links(obj), *drafts(obj)]:
        found[model, label] |= set(keys) - ({obj.pk} if model is type(obj) else set())
    return [name(model, label, keys) for (model, label), keys in found.items() if keys]


def name(model, label, keys) -> References:
    """Say who refers: each by its name and the address of its form."""
    beside = [
        column.name
        for column in model._meta.concrete_fields
        if isinstance(column, models.ForeignKey) and not column.name.endswith("_by")
    ]
    newest = model._base_manager.filter(pk__in=sorted(keys)[-LISTED:]).select_related(*beside)
    ordered = newest.order_by(*model._meta.ordering, "pk")
    named = tuple((str(each), form_address(model, each.pk)) for each in ordered)
    return References(model, label, len(keys), named)


def itself(obj) -> models.QuerySet:
    return type(obj)._base_manager.filter(pk=obj.pk)


def relations(rows) -> Iterator[tuple]:
    """
    What names one of ``rows``, or of the rows that they own, in a column or a list.

    A relation without a name for the way back (``related_name="+"``) is bookkeeping.
    """
    owns = getattr(rows.model, "owns", ())
    for relation in rows.model._meta.get_fields():
        if not relation.is_relation or not relation.auto_created or relation.concrete:
            continue
        column = relation.field
        naming = relation.related_model._base_manager.filter(**{f"{column.name}__in": rows})
        if relation.get_accessor_name() in owns:
            yield from relations(naming)
        else:
            yield with_form(naming, column)


def with_form(rows, column) -> tuple:
    """The model, label and keys of rows, or of their owners where they have no form themselves."""
    model, label = rows.model, str(column.verbose_name)
    owner = owner_column(model)
    if owner is None or form_address(model, 1):
        return model, label, rows.values_list("pk", flat=True)
    label = f"{model._meta.verbose_name}, {label}"
    return owner.related_model, label, rows.values_list(owner.attname, flat=True)


def owner_column(model) -> models.ForeignKey | None:
    """The column that leads from a row to the object that owns it."""
    for column in model._meta.concrete_fields:
        if isinstance(column, models.ForeignKey):
            owns = getattr(column.related_model, "owns", ())
            if column.remote_field.get_accessor_name() in owns:
                return column
    return None


def form_address(model, pk) -> str:
    """The page where an object is edited, or an empty string."""
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
    except NoReverseMatch:
        return ""


def rich_texts() -> Iterator[models.Field]:
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, RichTextField) and column.model is model:
                yield column
    yield FlatPage._meta.get_field("content")


def addresses_of(obj) -> list[str]:
    """Its public addresses, in every language, with and without the host."""
    if hasattr(obj, "addresses"):
        paths = obj.addresses()
    else:
        paths = [obj.get_absolute_url()] if hasattr(obj, "get_absolute_url") else []
    paths = [each for path in paths for each in in_every_language(path)]
    return [*paths, *(f"{settings.SITE_URL}{path}" for path in paths)]


def links(obj) -> Iterator[tuple]:
    """Rich text in which a link leads to the object."""
    addresses = addresses_of(obj)
    for start in range(0, len(addresses), AT_ONCE):
        some = addresses[start : start + AT_ONCE]
        for column in rich_texts():
            wanted = Q()
            for link in (f'href="{address}{end}' for address in some for end in ENDS):
                wanted |= Q(**{f"{column.name}__contains": link})
            yield with_form(column.model._base_manager.filter(wanted), column)


def unpublished() -> models.QuerySet:
    """The revisions that may yet be put live: newest drafts and what is scheduled."""
    same = Revision.objects.standing().filter(
        content_type=OuterRef("content_type"), object_id=OuterRef("object_id")
    )
    newest = same.order_by().values("object_id").annotate(last=Max("number")).values("last")
    pending = ScheduledChange.objects.pending().values("revision")
    waiting = Revision.objects.standing().filter(published_at__isnull=True)
    return waiting.filter(Q(number=Subquery(newest)) | Q(pk__in=pending))


def drafts(obj) -> Iterator[tuple]:
    """What drafts of live objects refer to it; the rows of others say so themselves."""
    find = InSnapshot(obj)
    found = defaultdict(set)
    for revision in unpublished().select_related("content_type").iterator(chunk_size=100):
        model = revision.content_type.model_class()
        if model and (model, revision.object_id) != (type(obj), obj.pk):
            for label in find(model, revision.snapshot):
                found[model, label].add(revision.object_id)
    for (model, label), keys in found.items():
        live = model._base_manager.filter(pk__in=keys, status=Status.APPROVED)
        yield model, label, live.values_list("pk", flat=True)


class InSnapshot:
    """Finds in snapshots the labels of the fields that refer to an object."""

    def __init__(self, obj):
        self.model, self.pk = type(obj), obj.pk
        addresses = "|".join(map(re.escape, addresses_of(obj)))
        self.link = re.compile(f'href="(?:{addresses})[{ENDS}]') if addresses else None

    def __call__(self, model, snapshot, row="") -> Iterator[str]:
        for name, value in snapshot.items():
            try:
                column = model._meta.get_field(name)
            except FieldDoesNotExist:
                continue
            if name in getattr(model, "owns", ()):
                rows = column.related_model
                for each in value:
                    yield from self(rows, each, f"{rows._meta.verbose_name}, ")
            elif self.is_in(column, value):
                yield f"{row}{column.verbose_name}"

    def is_in(self, column, value) -> bool:
        if isinstance(column, RichTextField):
            return bool(self.link and self.link.search(value or ""))
        if column.related_model is not self.model:
            return False
        return self.pk in value if column.many_to_many else value == self.pk
