"""What stands in snapshots, said in words: objects by their names, choices by what they say."""

import datetime
from collections import defaultdict
from pathlib import PurePosixPath

from django.db import models
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from editorial.dates import format_day, format_moment, format_month
from editorial.snapshots import owned


def field_of(model, name):
    """The field, or None for a name that stands in a snapshot from an older schema only."""
    known = {f.name: f for f in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    return known.get(name)


def label_of(model, name) -> str:
    """What editors call a field, or the rows of a relation."""
    if name in owned(model):
        return capfirst(str(owned(model)[name].model._meta.verbose_name_plural))
    field = field_of(model, name)
    return capfirst(str(field.verbose_name) if field else name.replace("_", " "))


class Names:
    """The names of the objects that some snapshots refer to: one query per model, when needed."""

    def __init__(self, model, *snapshots):
        self.wanted = defaultdict(set)
        self.known = {}
        for snapshot in snapshots:
            self.collect(model, snapshot)

    def collect(self, model, snapshot):
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            if field.related_model and (value := snapshot.get(field.name)):
                self.wanted[field.related_model].update(
                    value if isinstance(value, list) else [value]
                )
        for name, link in owned(model).items():
            for row in snapshot.get(name, []):
                self.collect(link.model, row)

    def of(self, model, pk) -> str:
        """The name of an object; tags stand in snapshots by their names already."""
        if isinstance(pk, str):
            return pk
        if model not in self.known:
            # Long texts are not part of a name.
            long = [f.name for f in model._meta.concrete_fields if isinstance(f, models.TextField)]
            objects = model._base_manager.defer(*long)
            self.known[model] = {k: str(obj) for k, obj in self.bulk(objects, model).items()}
        return self.known[model].get(pk) or _("deleted (no. %s)") % pk

    def bulk(self, objects, model):
        return objects.in_bulk([pk for pk in self.wanted[model] if not isinstance(pk, str)])

    def say(self, field, value) -> str:
        """The value of a field as an editor would say it; nothing where there is none."""
        if value in (None, "", []):
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if field is None:
            return str(value)
        if field.many_to_many:
            return ", ".join(self.all(field, value))
        if field.related_model:
            return self.of(field.related_model, value)
        if isinstance(field, models.DateField):
            return say_time(value)
        if isinstance(field, models.FileField):
            return PurePosixPath(value).name
        return str(dict(field.flatchoices).get(value, value))

    def all(self, field, values) -> list[str]:
        """The names of several objects, in the order of their names."""
        return sorted(self.of(field.related_model, value) for value in values)

    def row(self, model, row: dict) -> str:
        """What to call a row: who or what it names first, else the first words that it holds."""
        for field in model._meta.concrete_fields:
            value = row.get(field.name)
            if not value or field.choices or field.name == "position":
                continue
            if field.related_model:
                return self.of(field.related_model, value)
            if isinstance(field, models.CharField | models.TextField):
                return Truncator(" ".join(strip_tags(value).split())).chars(60)
        return _("no. %s") % row["pk"]


def say_time(value: str) -> str:
    """A moment, a day or a month as it stands in a snapshot (ISO 8601), for editors."""
    try:
        if len(value) == len("2024-06"):
            return format_month(datetime.date.fromisoformat(f"{value}-01"))
        if len(value) == len("2024-06-30"):
            return format_day(datetime.date.fromisoformat(value))
        return format_moment(datetime.datetime.fromisoformat(value))
    except ValueError:
        return value
