"""Turn npm `world-atlas` (Natural Earth, public domain) into world.json, the shapes on the globes.

    python regions/data/build_world.py path/to/world-atlas

world.json: {"land": [polygon, ...], "countries": {alpha-2: [polygon, ...]},
"points": {alpha-2: [lon, lat]}}. A polygon is a list of rings, the outline first; a ring is a flat
list: lon, lat, then differences, in tenths of a degree. Outlines run clockwise seen from outside,
holes against it.
"""

import json
import sys
from pathlib import Path

NUMERIC = """
AD020 AE784 AF004 AG028 AI660 AL008 AM051 AO024 AQ010 AR032 AS016 AT040 AU036 AW533 AX248 AZ031
BA070 BB052 BD050 BE056 BF854 BG100 BH048 BI108 BJ204 BL652 BM060 BN096 BO068 BQ535 BR076 BS044
BT064 BV074 BW072 BY112 BZ084 CA124 CC166 CD180 CF140 CG178 CH756 CI384 CK184 CL152 CM120 CN156
CO170 CR188 CU192 CV132 CW531 CX162 CY196 CZ203 DE276 DJ262 DK208 DM212 DO214 DZ012 EC218 EE233
EG818 EH732 ER232 ES724 ET231 FI246 FJ242 FK238 FM583 FO234 FR250 GA266 GB826 GD308 GE268 GF254
GG831 GH288 GI292 GL304 GM270 GN324 GP312 GQ226 GR300 GS239 GT320 GU316 GW624 GY328 HK344 HM334
HN340 HR191 HT332 HU348 ID360 IE372 IL376 IM833 IN356 IO086 IQ368 IR364 IS352 IT380 JE832 JM388
JO400 JP392 KE404 KG417 KH116 KI296 KM174 KN659 KP408 KR410 KW414 KY136 KZ398 LA418 LB422 LC662
LI438 LK144 LR430 LS426 LT440 LU442 LV428 LY434 MA504 MC492 MD498 ME499 MF663 MG450 MH584 MK807
ML466 MM104 MN496 MO446 MP580 MQ474 MR478 MS500 MT470 MU480 MV462 MW454 MX484 MY458 MZ508 NA516
NC540 NE562 NF574 NG566 NI558 NL528 NO578 NP524 NR520 NU570 NZ554 OM512 PA591 PE604 PF258 PG598
PH608 PK586 PL616 PM666 PN612 PR630 PS275 PT620 PW585 PY600 QA634 RE638 RO642 RS688 RU643 RW646
SA682 SB090 SC690 SD729 SE752 SG702 SH654 SI705 SJ744 SK703 SL694 SM674 SN686 SO706 SR740 SS728
ST678 SV222 SX534 SY760 SZ748 TC796 TD148 TF260 TG768 TH764 TJ762 TK772 TL626 TM795 TN788 TO776
TR792 TT780 TV798 TW158 TZ834 UA804 UG800 UM581 US840 UY858 UZ860 VA336 VC670 VE862 VG092 VI850
VN704 VU548 WF876 WS882 YE887 YT175 ZA710 ZM894 ZW716
"""
ALPHA2 = {pair[2:]: pair[:2] for pair in NUMERIC.split()}
# Shapes that Natural Earth draws apart and that have no number of their own.
UNNUMBERED = {"Kosovo": "XK", "Somaliland": "SO", "N. Cyprus": "CY"}
# Parts with a code of their own: (owner, code, west, south, east, north), in degrees.
PARTS = [("FR", "GF", -60, 0, -50, 10), ("NO", "SJ", 5, 74, 40, 82)]
# Codes that have no shape of their own, or whose largest island is not the seat.
BY_HAND = {
    "BQ": (-68.3, 12.2), "BV": (3.4, -54.4), "CC": (96.8, -12.2), "CX": (105.6, -10.5),
    "GI": (-5.3, 36.1), "GP": (-61.6, 16.2), "KI": (173, 1.4), "MQ": (-61, 14.6),
    "RE": (55.5, -21.1), "SH": (-5.7, -16), "TK": (-171.8, -9.2), "TV": (179.2, -8.5),
    "UM": (166.6, 19.3), "YT": (45.2, -12.8),
}  # fmt: skip


def atlas(
    folder: Path, scale: str, kind: str = "countries", fine: int = 10
) -> tuple[list[dict], list[list[tuple[int, int]]]]:
    """The shapes of one file, and its arcs in whole parts of a degree, `fine` to one."""
    topology = json.loads((folder / f"{kind}-{scale}.json").read_text())
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((round((x * kx + tx) * fine), round((y * ky + ty) * fine)))
        arcs.append(points)
    return topology["objects"][kind]["geometries"], arcs


def polygons(shape: dict, arcs: list[list[tuple[int, int]]]) -> list[list[list[int]]]:
    """The shape's polygons, its arcs joined; rings that have shrunk to nothing are left out."""
    nested = {"Polygon": [shape.get("arcs")], "MultiPolygon": shape.get("arcs")}.get(
        shape["type"], []
    )
    found = []
    for polygon in nested:
        rings = []
        for ids in polygon:
            points: list[tuple[int, int]] = []
            for i in ids:
                points += (arcs[i] if i >= 0 else arcs[~i][::-1])[:-1]
            points = [
                p for p, before in zip(points, points[-1:] + points, strict=False) if p != before
            ]
            if len(points) > 2:
                rings.append(
                    [
                        n
                        for p, q in zip(points, [(0, 0), *points], strict=False)
                        for n in (p[0] - q[0], p[1] - q[1])
                    ]
                )
        if rings:
            found.append(rings)
    return found


def code(shape: dict) -> str | None:
    return ALPHA2.get(shape.get("id", "")) or UNNUMBERED.get(shape["properties"]["name"])


def middle(polygon: list[list[int]], fine: int = 10) -> list[float]:
    """The middle of a polygon's bounding box, in degrees."""
    xs, ys = [], []
    for i, n in enumerate(polygon[0]):
        along = ys if i % 2 else xs
        along.append(n + (along[-1] if along else 0))
    return [round((min(xs) + max(xs)) / 2 / fine, 1), round((min(ys) + max(ys)) / 2 / fine, 1)]


def build(folder: Path) -> dict:
    countries: dict[str, list] = {}
    shapes, arcs = atlas(folder, "110m")
    for shape in shapes:
        if key := code(shape):
            countries.setdefault(key, []).extend(polygons(shape, arcs))
    for owner, part, west, south, east, north in PARTS:
        for polygon in countries[owner]:
            lon, lat = middle(polygon)
            if west < lon < east and south < lat < north:
                countries.setdefault(part, []).append(polygon)
    points = {key: list(point) for key, point in BY_HAND.items()}
    shapes, arcs = atlas(folder, "50m", fine=1000)
    for shape in shapes:
        key = code(shape)
        if key and key not in countries and key not in points:
            points[key] = middle(
                max(polygons(shape, arcs), key=lambda polygon: len(polygon[0])), fine=1000
            )
    (land,), arcs = atlas(folder, "110m", "land")
    return {
        "land": polygons(land, arcs),
        "countries": dict(sorted(countries.items())),
        "points": dict(sorted(points.items())),
    }


if __name__ == "__main__":
    out = Path(__file__).with_name("world.json")
    world = build(Path(sys.argv[1]))
    out.write_text(json.dumps(world, separators=(",", ":")) + "\n")
    counts = len(world["countries"]), len(world["points"]), out.stat().st_size
    sys.stdout.write("{} countries, {} points, {} bytes\n".format(*counts))
