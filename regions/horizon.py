"""The sphere seen from outside, and what of a polygon is on the near side.

Outlines run clockwise seen from outside, holes against it. A polygon that crosses the horizon is
cut there and closed along the limb, by the rule of Weiler and Atherton: a boundary that leaves the
near side goes on clockwise round the limb to the place where the same polygon comes back.
"""

import math
from itertools import pairwise

Vector = tuple[float, float, float]
Point = tuple[float, float]
Polygon = list[list[Vector]]


def vector(lon: float, lat: float) -> Vector:
    """A place, in degrees, on the unit sphere; x runs to Greenwich, z to the North Pole."""
    east, north = math.radians(lon), math.radians(lat)
    flat = math.cos(north)
    return flat * math.cos(east), flat * math.sin(east), math.sin(north)


def dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def unit(v: Vector) -> Vector:
    n = math.hypot(*v) or 1
    return v[0] / n, v[1] / n, v[2] / n


def heart(ring: list[Vector]) -> tuple[Vector, float]:
    """The middle of a ring and its area, on the unit sphere: half the sum of its edges' cross
    products points to the one and is as long as the other."""
    x = y = z = 0.0
    for (ax, ay, az), (bx, by, bz) in pairwise([*ring, ring[0]]):
        x, y, z = x + bz * ay - by * az, y + bx * az - bz * ax, z + by * ax - bx * ay
    middle = unit((-x, -y, -z))
    return middle, math.hypot(x, y, z) / 2


class View:
    """The sphere turned so that (lon, lat), in degrees, faces the eye: x right, y up, z near."""

    def __init__(self, lon: float, lat: float) -> None:
        self.lat = math.radians(lat)
        east, sin, cos = math.radians(lon), math.sin(self.lat), math.cos(self.lat)
        self.right = (-math.sin(east), math.cos(east), 0.0)
        self.up = (-sin * math.cos(east), -sin * math.sin(east), cos)
        self.eye = vector(lon, lat)

    def turn(self, v: Vector) -> Vector:
        return dot(v, self.right), dot(v, self.up), dot(v, self.eye)


def clip(polygon: Polygon, view: View) -> list[list[Point]]:
    """What is seen of a polygon: closed outlines on the unit disc, y up."""
    whole, runs = [], []
    for ring in polygon:
        points = [view.turn(v) for v in ring]
        if all(p[2] > 0 for p in points):
            whole.append([p[:2] for p in points])
        elif any(p[2] > 0 for p in points):
            runs += visible_runs(points)
    return whole + joined(runs)


def visible_runs(points: list[Vector]) -> list[list[Point]]:
    """The stretches of a ring on the near side, each from limb to limb."""
    start = next(i for i, p in enumerate(points) if p[2] <= 0)
    runs: list[list[Point]] = []
    for a, b in pairwise(points[start:] + points[: start + 1]):
        if (a[2] > 0) != (b[2] > 0):
            t = a[2] / (a[2] - b[2])
            edge = unit((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), 0))[:2]
            runs.append([edge]) if b[2] > 0 else runs[-1].append(edge)
        if b[2] > 0:
            runs[-1].append(b[:2])
    return runs


def joined(runs: list[list[Point]]) -> list[list[Point]]:
    """Stretches joined to outlines: each end goes on clockwise to the nearest beginning."""
    rings = []
    while runs:
        ring = runs.pop()
        first = ring[0]
        while True:
            end = math.atan2(ring[-1][1], ring[-1][0])
            starts = [first, *(run[0] for run in runs)]
            ways = [(end - math.atan2(y, x)) % math.tau for x, y in starts]
            nearest = min(range(len(ways)), key=ways.__getitem__)
            ring += limb(end, ways[nearest])
            if nearest == 0:
                break
            ring += runs.pop(nearest - 1)
        rings.append(ring)
    return rings


def limb(start: float, way: float) -> list[Point]:
    """Points clockwise along the limb, a little outside it: chords cut in."""
    angles = [start - 0.15 * i for i in range(1, int(way / 0.15) + 1)]
    return [(1.003 * math.cos(angle), 1.003 * math.sin(angle)) for angle in angles]
