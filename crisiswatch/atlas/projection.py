"""
Equal Earth: a map of the whole world on which equal areas are equal.

B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection", International Journal of
Geographical Information Science 33:3 (2019), equations 4 to 10, on a sphere of radius 1.
"""

import math

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
M = math.sqrt(3) / 2


def equal_earth(east: float, lat: float) -> tuple[float, float]:
    """
    Where a place lies on the map: x to the east, y to the north, on a sphere of radius 1.

    ``east`` is in degrees from the meridian in the middle.
    """
    theta = math.asin(M * math.sin(math.radians(lat)))
    t2 = theta * theta
    t6 = t2**3
    slope = A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)
    x = math.radians(east) * math.cos(theta) / (M * slope)
    return x, theta * (A1 + A2 * t2 + t6 * (A3 + A4 * t2))
