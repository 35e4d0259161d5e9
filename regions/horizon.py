"""The sphere seen from outside, and what of a polygon is on the near side.

Outlines run clockwise seen from outside, holes against it. A polygon that crosses the horizon is cut there and closed
along the limb, by the rule of Weiler and Atherton: a boundary that leaves the near side goes on clockwise round the
limb to the place where the same polygon comes back.
"""

import math
from itertools import pairwise

Vector = tuple[float, float, float]
Point = tuple[float, float]
Polygon = list[list[Vector]]


def vector(lon: float, lat: float) -> Vector:
    """The point of the unit sphere at this place, in degrees; x runs to 0° E, z to the North Pole."""
    l, p = math.radians(lon), math.radians(lat)
    return math.cos(p) * math.cos(l), math.cos(p) * math.sin(l), math.sin(p)


def dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def unit(v: Vector) -> Vector:
    n = math.hypot(*v) or 1
    return v[0] / n, v[1] / n, v[2] / n


def heart(ring: list[Vector]) -> tuple[Vector, float]:
    """The middle of a ring's surface and its area, on the unit sphere; half the sum of the edges' cross products is both."""
    x = y = z = 0.0
    for (ax, ay, az), (bx, by, bz) in pairwise([*ring, ring[0]]):
        x, y, z = x + bz * ay - by * az, y + bx * az - bz * ax, z + by * ax - bx * ay
    middle = unit((-x, -y, -z))
    return middle, math.hypot(x, y, z) / 2


class View:
    """The sphere turned so that (lon, lat) faces the reader: x runs right, y up, z towards the eye."""

    def __init__(self, lon: float, lat: float) -> None:
        self.lat = math.radians(lat)
        l = math.radians(lon)
        self.right = (-math.sin(l), math.cos(l), 0.0)
        self.up = unit((-math.sin(self.lat) * math.cos(l), -math.sin(self.lat) * math.sin(l), math.cos(self.lat)))
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
    """Stretches joined to outlines: each end goes on clockwise round the limb to the nearest beginning."""
    rings = []
    while runs:
        ring = runs.pop()
        first = ring[0]
        while True:
            end = math.atan2(ring[-1][1], ring[-1][0])
            ways = [(end - math.atan2(y, x)) % math.tau for x, y in (first, *(run[0] for run in runs))]
            best = min(range(len(ways)), key=ways.__getitem__)
            steps = int(ways[best] / 0.15)
            ring += [(math.cos(end - 0.15 * i), math.sin(end - 0.15 * i)) for i in range(1, steps + 1)]
            if best == 0:
                break
            ring += runs.pop(best - 1)
        rings.append(ring)
    return rings
