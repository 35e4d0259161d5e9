"""
The world as it stands on the map: shapes drawn once, by ``build.py``, for each point of view.

Whose view a file shows is said by its source, never by us; ``VIEWS`` says it to readers.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

# By the name that MAP_POINT_OF_VIEW takes: there is a file of this name beside this one.
VIEWS = {
    "de-facto": _("Borders: Natural Earth, which shows who controls the ground."),
    "united-nations": _(
        "Borders: Natural Earth, changed by Visionscarto to reflect the views of the United "
        "Nations better."
    ),
}
# What is smaller than this many square units would be lost: it is drawn as a dot.
SMALL = 60


@dataclass(frozen=True)
class Plate:
    """One drawing; places are (x, y) by ISO 3166-1 alpha-2 code, in the units of ``box``."""

    box: str
    sea: str
    grid: str
    land: SafeString
    places: dict[str, tuple[int, int]]
    shapes: frozenset[str]
    dots: frozenset[str]


@cache
def plate(view: str) -> Plate:
    """The drawing from a point of view, one of ``VIEWS``."""
    data = json.loads(Path(__file__).with_name(f"{view}.json").read_text())
    shapes = data["shapes"]
    land = [f'<path id="land-{code}" d="{path}"/>' for code, path in shapes.items()]
    land += [f'<path d="{path}"/>' for path in data["unnamed"]]
    return Plate(
        box="0 0 {} {}".format(*data["size"]),
        sea=data["sea"],
        grid=data["grid"],
        land=mark_safe("".join(land)),  # noqa: S308 - of our own file
        places={code: (x, y) for code, (x, y, _area) in data["places"].items()},
        shapes=frozenset(shapes),
        dots=frozenset(code for code, (*_at, area) in data["places"].items() if area < SMALL),
    )
