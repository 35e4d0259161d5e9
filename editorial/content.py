"""How objects lie in a content folder. Each room lists its layouts in its own ``content.py``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.db import models

from editorial.models import Publishable


@dataclass(eq=False)
class Layout:
    """
    One kind of object, or of the rows that an object owns, in a content folder.

    ``fields`` stand in the file in this order; relations stand there as the keys of their objects.
    ``key`` names the field that a file is named after; ``name_of`` and ``key_of`` turn one into the
    other. ``text`` is the field below the front matter; a layout without one is a plain YAML file.
    ``order`` sorts rows whose place is not their ``position``; ``permanent`` rows are added, never
    replaced; rows with a ``row_key`` have an address, and stay once their owner was approved.
    ``finish`` is called when an object and all that it owns has been saved. A layout
    without ``folder`` only says by what key others refer to its objects.
    """

    model: type[models.Model]
    fields: tuple[str, ...] = ()
    folder: str = ""
    key: str = "slug"
    text: str = ""
    rows: dict[str, "Layout"] = field(default_factory=dict)
    permanent: bool = False
    row_key: str = ""
    order: tuple[str, ...] = ("position", "pk")
    finish: Callable = lambda obj: None

    @cached_property
    def all_fields(self) -> tuple[str, ...]:
        """The fields, and those that all publishable objects have."""
        if issubclass(self.model, Publishable):
            return (*self.fields, "status", "publish_at")
        return self.fields

    @cached_property
    def columns(self) -> list[str]:
        """The fields that are columns of the table, the text among them."""
        names = [*self.all_fields, self.text] if self.text else self.all_fields
        return [name for name in names if name not in self.relations]

    @cached_property
    def relations(self) -> list[str]:
        """The fields that hold a list of keys."""
        return [name for name in self.all_fields if self.get(name).many_to_many]

    @cached_property
    def names(self) -> set[str]:
        return {*self.all_fields, *self.rows}

    @property
    def counts(self) -> bool:
        """Whether the place of a row in its list is its ``position``."""
        return self.order[0] == "position"

    @property
    def ending(self) -> str:
        return ".html" if self.text else ".yaml"

    def get(self, name):
        return self.model._meta.get_field(name)

    def key_of(self, obj) -> str:
        return self.get(self.key).value_to_string(obj)

    def name_of(self, obj) -> str:
        """The name of an object's file, without its ending: ``about+us`` for ``/about/us/``."""
        return self.key_of(obj).strip("/").replace("/", "+")

    def key_from(self, name: str) -> str:
        """The key of the object that a file so named holds."""
        if self.key == "url":
            return f"/{name.replace('+', '/')}/"
        return name


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, and where: the file, the line in it (from 1), the field."""

    file: str
    line: int
    field: str
    sentence: str

    def __str__(self):
        return f"{self.file}, line {self.line}, {self.field}: {self.sentence}"


class ContentProblems(Exception):
    """A content folder cannot be imported; ``problems`` lists every reason. Nothing was changed."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))
