"""The filters of the form that are lists to choose from, as the template draws them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from crisiswatch.models import Entry
from crisiswatch.search import ALERTS

SHAPES = {value: value for value in Entry.Trend.values} | {
    value: field for field, value in ALERTS.items()
}


@dataclass(frozen=True)
class Option:
    """
    ``count`` is None where nobody has counted; ``depth`` says how far in it stands; ``shape`` is
    its sign, as ``_shape.html`` knows it, or empty.
    """

    value: str
    label: str
    is_chosen: bool
    count: int | None = None
    depth: int = 0
    shape: str = ""


@dataclass(frozen=True)
class Filter:
    """``groups`` are pairs of a heading, which may be empty, and options."""

    name: str
    label: str
    groups: list[tuple[str, list[Option]]]
    errors: list[str]

    @property
    def chosen(self) -> int:
        return sum(option.is_chosen for _heading, options in self.groups for option in options)


def offered(question, counts) -> list[Filter]:
    """``counts`` are those of the index, by the name of the filter and the value."""
    depths = {each.slug: len(question.tree.ancestors(each)) for each in question.regions}
    groups = {
        "trend": [("", question.fields["trend"].choices)],
        "alert": [("", question.fields["alert"].choices)],
        "region": [("", question.fields["region"].choices)],
        "situation": by_region(question),
    }
    return [
        Filter(
            name,
            str(question.fields[name].label),
            [
                (heading, options(question, name, choices, counts.get(name), depths))
                for heading, choices in found
            ],
            question.errors.get(name, []),
        )
        for name, found in groups.items()
    ]


def options(question, name, choices, counts, depths):
    field = question.fields[name]
    chosen = {field.also.get(each, each) for each in question[name].value() or []}
    return [
        Option(
            value,
            str(label),
            value in chosen,
            None if counts is None else counts.get(value, 0),
            depths.get(value, 0) if name == "region" else 0,
            SHAPES.get(value, "") if name in ("trend", "alert") else "",
        )
        for value, label in choices
    ]


def by_region(question):
    """The situations under the names of their regions, along the tree."""
    places = {each.pk: each.name for each in question.regions}
    found = {name: [] for name in places.values()} | {_("Elsewhere"): []}
    for each in question.situations:
        found[places.get(each.region_id, _("Elsewhere"))].append((each.code, each.name))
    return [(name, choices) for name, choices in found.items() if choices]
