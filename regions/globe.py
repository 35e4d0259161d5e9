"""Locator globes: the world turned to some countries, orthographic, as inline SVG."""

import json
import math
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path

from regions.horizon import Point, Polygon, Vector, View, clip, dot, heart, unit, vector

RADIUS = 200
# Radii of the marks: a country with less surface than a dot is given one, and countries that fit
# in a ring get one round them all.
DOT, RING = 4, 13


@cache
def world() -> tuple[list[Polygon], dict[str, list[Polygon]], dict[str, Vector]]:
    """Land, countries and the points of countries without a shape, from data/world.json."""
    data = json.loads(Path(__file__).with_name("data").joinpath("world.json").read_text())
    return (
        [unpack(polygon) for polygon in data["land"]],
        {code: [unpack(p) for p in polygons] for code, polygons in data["countries"].items()},
        {code: vector(*point) for code, point in data["points"].items()},
    )


def unpack(polygon: list[list[int]]) -> Polygon:
    rings = []
    for flat in polygon:
        x = y = 0
        ring = []
        for dx, dy in zip(flat[::2], flat[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append(vector(x / 10, y / 10))
        rings.append(ring)
    return rings


@cache
def centre(code: str) -> Vector | None:
    """Where a country lies: the middle of its largest part and of what is near that, so that
    overseas parts do not pull."""
    _, countries, points = world()
    if code not in countries:
        return points.get(code)
    hearts = [heart(polygon[0]) for polygon in countries[code]]
    main = max(hearts, key=lambda h: h[1])[0]
    near = [(v, area) for v, area in hearts if dot(v, main) > 0.85]
    return unit(tuple(sum(v[i] * area for v, area in near) for i in range(3)))


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker: fewer points, none further from the line than the tolerance."""
    (x1, y1), (x2, y2) = points[0], points[-1]
    n = math.hypot(x2 - x1, y2 - y1)
    far, at = tolerance, 0
    for i in range(1, len(points) - 1):
        x, y = points[i]
        away = (
            abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / n
            if n
            else math.hypot(x - x1, y - y1)
        )
        if away > far:
            far, at = away, i
    if not at:
        return [points[0], points[-1]]
    return simplified(points[: at + 1], tolerance)[:-1] + simplified(points[at:], tolerance)


def path(polygons: Iterable[Polygon], view: View, tolerance: float, least: float) -> str:
    """SVG path data; outlines whose area is less than `least` square units are left out."""
    drawn = []
    for ring in (ring for polygon in polygons for ring in clip(polygon, view)):
        points = simplified([(RADIUS * x, -RADIUS * y) for x, y in [*ring, ring[0]]], tolerance)
        grid = [(round(x), round(y)) for x, y in points]
        if abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(grid))) / 2 < least:
            continue
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(grid[:-1]) if a != b]
        numbers = "".join(f"{n:+d}" if n < 0 else f" {n}" for step in steps for n in step)
        drawn.append(f"M{grid[0][0]} {grid[0][1]}l{numbers.strip()}z")
    return "".join(drawn)


def graticule(view: View) -> str:
    """Every 30 degrees: meridians are half ellipses, parallels arcs of ellipses."""
    return "".join([*meridians(view), *parallels(view)])


def meridians(view: View) -> Iterator[str]:
    """An ellipse that is too small for its two ends is scaled up until it fits (SVG 1.1, F.6.6),
    so its proportions are enough; one without depth is a line."""
    for lon in range(0, 180, 30):
        x, y, z = view.turn(vector(lon + 90, 0))
        n = math.hypot(x, y) or 1
        px, py = round(RADIUS * y / n), round(RADIUS * x / n)
        depth = 0 if abs(z) < 0.02 else abs(z)
        turned = math.degrees(math.atan2(py, px))
        sweep = int(z * (x * py - y * px) > 0)
        yield f"M{px} {py}A1 {depth:.2f} {turned:.1f} 0 {sweep} {-px} {-py}"


def parallels(view: View) -> Iterator[str]:
    sin, cos = math.sin(view.lat), math.cos(view.lat)
    for lat in range(-60, 61, 30):
        height, wide = RADIUS * math.sin(math.radians(lat)), RADIUS * math.cos(math.radians(lat))
        axes = f"{wide:.0f} {wide * abs(sin):.0f} 0"
        # The cosine of the longitude, seen from the middle, at which the parallel meets the limb.
        cut = -height * sin / (wide * cos or 1e-9)
        if cut <= -1:
            y, across = round(-height * cos), round(2 * wide)
            yield f"M{-wide:.0f} {y}a{axes} 1 0 {across} 0a{axes} 1 0 {-across} 0"
        elif cut < 1:
            x, y = round(wide * math.sqrt(1 - cut * cut)), round(wide * sin * cut - height * cos)
            yield f"M{-x} {y}A{axes} {int(cut < 0)} {int(sin < 0)} {x} {y}"


def marks(codes: list[str], middle: Vector, view: View) -> str:
    """Dots for countries that would be lost on the drawing, a ring if all together would."""
    _, countries, _ = world()
    dots = ""
    for code in codes:
        surface = sum(heart(polygon[0])[1] for polygon in countries.get(code, []))
        x, y, z = view.turn(centre(code))
        if z > 0 and surface * RADIUS**2 < math.pi * DOT**2:
            dots += f'<circle class="here" cx="{RADIUS * x:.0f}" cy="{-RADIUS * y:.0f}" r="{DOT}"/>'
    corners = [
        v
        for code in codes
        for v in (centre(code), *(v for polygon in countries.get(code, []) for v in polygon[0]))
    ]
    scattered = any(RADIUS * math.dist(middle, v) > RING - 3 for v in corners)
    if scattered and not (dots and len(codes) == 1):
        return dots
    x, y, _ = view.turn(middle)
    return dots + f'<circle class="spot" cx="{RADIUS * x:.0f}" cy="{-RADIUS * y:.0f}" r="{RING}"/>'


def globe(countries: Iterable[str], label: str = "") -> str:
    """A globe turned to these countries (ISO 3166-1 alpha-2), as <svg>; "" when none is known.

    With a label it is an image of that name; without one it is decoration.
    """
    codes = sorted({code for code in countries if centre(code)})
    if not codes:
        return ""
    middle = x, y, z = unit(tuple(sum(centre(code)[i] for code in codes) for i in range(3)))
    # A little less latitude than the countries have: they stand above the middle.
    view = View(math.degrees(math.atan2(y, x)), 0.8 * math.degrees(math.asin(z)))
    land, shapes, _ = world()
    here = path((polygon for code in codes for polygon in shapes.get(code, [])), view, 0.5, 1)
    name = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    parts = [
        f'<svg class="globe" viewBox="-204 -204 408 408" {name}>',
        f'<circle class="sea" r="{RADIUS}"/>',
        f'<path class="grid" d="{graticule(view)}"/>',
        f'<path class="land" d="{path(land, view, 1.9, 18)}"/>',
        f'<path class="here" d="{here}"/>',
        marks(codes, middle, view),
        f'<circle class="limb" r="{RADIUS}"/></svg>',
    ]
    return "".join(parts)
