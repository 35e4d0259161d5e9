"""The truth to hold the drawings against: land laid flat, stereographic, from the open Pacific."""

import gzip
import json
import math
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regions.globe import RADIUS, centre, globe, world
from regions.horizon import View, clip, dot, unit, vector

LAND, SHAPES, POINTS = world()
CODES = sorted([*SHAPES, *POINTS])
PACIFIC = View(-150, 35)


@cache
def globe_of(code):
    return globe([code])


def inside(outlines, x, y):
    """By the non-zero rule, as SVG fills."""
    turns = 0
    for outline in outlines:
        for (x1, y1), (x2, y2) in pairwise([*outline, outline[0]]):
            if (y1 <= y) != (y2 <= y) and (x1 + (y - y1) / (y2 - y1) * (x2 - x1)) > x:
                turns += 1 if y2 > y1 else -1
    return turns != 0


def flat(v):
    x, y, z = PACIFIC.turn(v)
    return x / (1 - z), y / (1 - z)


def spread(count):
    """Places spread evenly over the sphere."""
    turn = math.pi * (3 - math.sqrt(5))
    for i in range(count):
        z = 1 - (2 * i + 1) / count
        yield (
            math.sqrt(1 - z * z) * math.cos(i * turn),
            math.sqrt(1 - z * z) * math.sin(i * turn),
            z,
        )


def clear_of_coast(v):
    """More than about two degrees from every shore, so that rounding cannot decide."""
    return all(dot(v, corner) < 0.9994 for polygon in LAND for ring in polygon for corner in ring)


@pytest.fixture(scope="module")
def truth():
    outlines = [[flat(v) for v in ring] for polygon in LAND for ring in polygon]
    return [(v, inside(outlines, *flat(v))) for v in spread(400) if clear_of_coast(v)]


def land_of(svg):
    outlines = []
    for outline in re.search(r'class="land" d="([^"]*)"', svg)[1].split("z")[:-1]:
        numbers = [int(n) for n in re.findall(r"-?\d+", outline)]
        x, y = numbers[:2]
        points = [(x, y)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            points.append((x := x + dx, y := y + dy))
        outlines.append(points)
    return outlines


def view_of(*codes):
    x, y, z = unit(tuple(sum(centre(code)[i] for code in codes) for i in range(3)))
    return View(math.degrees(math.atan2(y, x)), 0.8 * math.degrees(math.asin(z)))


@pytest.mark.slow
def test_every_countrys_globe_fills_land_and_nothing_else(truth):
    for code in CODES:
        outlines, view = land_of(globe_of(code)), view_of(code)
        for v, is_land in truth[::3]:
            x, y, z = view.turn(v)
            if z > 0.2:
                assert inside(outlines, RADIUS * x, -RADIUS * y) == is_land, (
                    f"seen from {code}: {v}"
                )


@settings(max_examples=40, deadline=None)
@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90))
def test_land_is_cut_rightly_at_the_horizon_from_anywhere(truth, lon, lat):
    view = View(lon, lat)
    outlines = [outline for polygon in LAND for outline in clip(polygon, view)]
    for v, is_land in truth[::4]:
        x, y, z = view.turn(v)
        if z > 0.1:
            assert inside(outlines, x, y) == is_land


def test_nothing_is_drawn_outside_the_limb():
    for code in ("AQ", "RU", "US", "FJ", "NZ", "GL"):
        assert all(
            math.hypot(x, y) < RADIUS + 2 for outline in land_of(globe_of(code)) for x, y in outline
        )


@pytest.mark.parametrize(
    ("codes", "lon", "lat"),
    [
        (["FJ"], 178, -18),
        (["FR"], 2, 47),
        (["US"], -99, 39),
        (["RU"], 97, 62),
        (["KR", "KP"], 127, 38),
        (["NO"], 15, 65),
        (["FJ", "WS"], -177, -16),
    ],
)
def test_the_globe_is_centred_on_the_countries_and_not_on_their_farthest_parts(codes, lon, lat):
    middle = unit(tuple(sum(centre(code)[i] for code in codes) for i in range(3)))
    assert dot(middle, vector(lon, lat)) > math.cos(math.radians(6))


def test_every_country_is_seen_on_its_own_globe():
    for code in CODES:
        svg = globe_of(code)
        assert re.search(r'class="here" (d="M|cx=)', svg), code


@pytest.mark.parametrize("code", ["MT", "TV", "SG", "FJ", "LU", "SB", "VA"])
def test_a_small_state_has_a_dot_and_a_ring(code):
    assert '<circle class="here"' in globe([code])
    assert '<circle class="spot"' in globe([code])


def test_a_large_country_has_no_mark():
    assert "cx=" not in globe(["BR"])


def test_no_known_country_draws_nothing():
    assert globe([]) == ""
    assert globe(["ZZ"]) == ""


def test_the_drawing_does_not_depend_on_the_order_or_repetition_of_the_codes():
    assert globe(["KP", "KR"]) == globe(iter(["KR", "KP", "KR"]))


def test_a_labelled_globe_is_an_image_and_an_unlabelled_one_is_decoration():
    assert 'role="img" aria-label="Turned to &lt;Korea&gt; &amp; &quot;Japan&quot;"' in globe(
        ["KR"], 'Turned to <Korea> & "Japan"'
    )
    assert 'aria-hidden="true"' in globe(["KR"])
    assert "role" not in globe(["KR"])


def test_no_globe_is_heavier_than_three_kilobytes():
    assert max(len(gzip.compress(globe_of(code).encode())) for code in CODES) <= 3072


def test_every_country_of_the_list_can_be_drawn():
    countries = json.loads(Path("regions/data/countries.json").read_text())
    assert {alpha2 for alpha2, *_others in countries} == set(CODES)
    for column in zip(*countries, strict=True):  # Both codes, the name and the number of UN M49.
        assert len({*column}) == 250
