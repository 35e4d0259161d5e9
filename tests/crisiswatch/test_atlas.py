"""The drawing under the map: its projection, its places, and what its two sources disagree on."""

import json
import math
import re
import xml.etree.ElementTree as ET

import pytest
from django.conf import settings

from crisiswatch.atlas import VIEWS, plate
from crisiswatch.atlas.projection import equal_earth


@pytest.mark.parametrize("view", VIEWS)
def test_every_country_has_a_place_inside_the_drawing(view):
    _x, _y, width, height = map(int, plate(view).box.split())
    codes = {
        row[0]
        for row in json.loads((settings.BASE_DIR / "regions/data/countries.json").read_text())
    }
    assert codes == plate(view).places.keys()
    assert all(0 <= x <= width and 0 <= y <= height for x, y in plate(view).places.values())
    assert plate(view).shapes <= codes


def test_every_point_of_view_is_a_file_and_says_its_source():
    files = {file.stem for file in settings.BASE_DIR.glob("crisiswatch/atlas/*.json")}
    assert files == VIEWS.keys()
    assert all("Natural Earth" in str(words) for words in VIEWS.values())


@pytest.mark.parametrize(
    ("place", "de_facto", "united_nations"),
    [
        ((34.3, 45.2), "RU", "UA"),  # Simferopol
        ((-13.2, 26.5), "MA", "EH"),  # Smara
        ((20.9, 42.6), "XK", "XK"),  # Pristina
        ((44.5, 9.6), "SO", "SO"),  # Hargeisa
        ((33.2, 35.3), "CY", "CY"),  # Kyrenia
    ],
)
def test_the_sources_disagree_where_they_do(place, de_facto, united_nations):
    assert country_at(*place, "de-facto") == de_facto
    assert country_at(*place, "united-nations") == united_nations


def country_at(lon, lat, view):
    """The code of the shape that a place lies in: even and odd crossings of a ray to the east."""
    px, py = on_paper(lon, lat)
    land = ET.fromstring(f"<g>{plate(view).land}</g>")
    for shape in land:
        crossings = sum(
            (y1 > py) != (y2 > py) and px < (x2 - x1) * (py - y1) / (y2 - y1) + x1
            for ring in rings(shape.get("d"))
            for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True)
        )
        if crossings % 2:
            return shape.get("id", "").removeprefix("land-")
    return None


def on_paper(lon, lat):
    scale = 1000 / equal_earth(180, 0)[0]
    x, y = equal_earth(lon - 11, lat)
    return 1000 + scale * x, scale * (equal_earth(0, 84)[1] - y)


def rings(path):
    for drawn in path.strip("M").split("zM"):
        start, _, steps = drawn.rstrip("z").partition("l")
        x, y = map(int, start.split())
        numbers = [int(n) for n in re.findall(r"-?\d+", steps)]
        ring = [(x, y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            ring.append((ring[-1][0] + dx, ring[-1][1] + dy))
        yield ring


def test_equal_areas_are_equal_on_the_map():
    """The Jacobian over the cosine of the latitude is 1 everywhere on an equal-area map."""
    step = 1e-4
    for lon in (-170, -60, 0, 100):
        for lat in (-80, -45, -10, 0, 30, 60, 85):
            (x, y), (xe, ye), (xn, yn) = (
                equal_earth(lon, lat),
                equal_earth(lon + step, lat),
                equal_earth(lon, lat + step),
            )
            area = (xe - x) * (yn - y) - (xn - x) * (ye - y)
            on_earth = math.radians(step) ** 2 * math.cos(math.radians(lat + step / 2))
            assert area / on_earth == pytest.approx(1, rel=1e-3)


def test_known_corners_of_the_projection():
    """Table values: the equator is 2.7066 long to one side, the pole 1.3173 high."""
    assert equal_earth(180, 0) == pytest.approx((2.7066, 0), abs=1e-4)
    assert equal_earth(0, 90) == pytest.approx((0, 1.3173), abs=1e-4)
