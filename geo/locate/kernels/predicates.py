"""On which side of an edge a point lies, decided exactly.

The sign of a determinant of doubles: first by floating point with Shewchuk's error bound, then by
expansions, which are exact unless a product underflows. Such a sign is left undecided, and is found by
rational arithmetic outside the compiled code.

References
----------
J. R. Shewchuk (1997): Adaptive precision floating-point arithmetic and fast robust geometric predicates.
Discrete & Computational Geometry 18, 305-363.
"""

from __future__ import annotations

import numpy as np

from geo.locate.kernels.compiled import compiled

#: What :func:`side` gives when a product underflows or overflows.
UNDECIDED = 2

_EPSILON = 2.0**-53
#: Error of the determinant, relative to the sum of its products (Shewchuk's ccwerrboundA).
BOUND = (3.0 + 16.0 * _EPSILON) * _EPSILON
#: A sum of products below this may have lost what underflowed.
TINY = 1e-280
_SMALLEST_FACTOR = 1e-128
_LARGEST = 1e140
_SPLITTER = 134217729.0  # 2**27 + 1


@compiled()
def side(ax, ay, bx, by, cx, cy):
    """Sign of the area of the triangle a, b, c: 1 when c lies left of a → b, -1 right, 0 on the line."""
    acx = ax - cx
    bcy = by - cy
    acy = ay - cy
    bcx = bx - cx
    left = acx * bcy
    right = acy * bcx
    det = left - right
    total = abs(left) + abs(right)
    if total > TINY and abs(det) > BOUND * total:
        return 1 if det > 0.0 else -1
    return _exact_side(ax, ay, bx, by, cx, cy)


@compiled()
def _exact_side(ax, ay, bx, by, cx, cy):
    acx, acx_low = _difference(ax, cx)
    bcy, bcy_low = _difference(by, cy)
    acy, acy_low = _difference(ay, cy)
    bcx, bcx_low = _difference(bx, cx)
    # A factor that is zero makes its product zero, whatever the other is.
    left_is_zero = acx == 0.0 or bcy == 0.0
    right_is_zero = acy == 0.0 or bcx == 0.0
    if left_is_zero and right_is_zero:
        return 0
    if left_is_zero:
        return -_sign(acy) * _sign(bcx)
    if right_is_zero:
        return _sign(acx) * _sign(bcy)
    for value in (acx, acx_low, bcy, bcy_low, acy, acy_low, bcx, bcx_low):
        if value != 0.0 and not (_SMALLEST_FACTOR < abs(value) < _LARGEST):
            return UNDECIDED
    total = np.zeros(18)
    count = 0
    count = _add_product(total, count, acx, acx_low, bcy, bcy_low, 1.0)
    count = _add_product(total, count, acy, acy_low, bcx, bcx_low, -1.0)
    for place in range(count - 1, -1, -1):  # the largest component that is not zero has the sign of the sum
        if total[place] != 0.0:
            return 1 if total[place] > 0.0 else -1
    return 0


@compiled()
def _sign(value):
    return 1 if value > 0.0 else -1


@compiled()
def _difference(a, b):
    """The rounded difference and what rounding lost (two-diff)."""
    high = a - b
    b_virtual = a - high
    a_virtual = high + b_virtual
    return high, (a - a_virtual) + (b_virtual - b)


@compiled()
def _sum(a, b):
    high = a + b
    b_virtual = high - a
    a_virtual = high - b_virtual
    return high, (a - a_virtual) + (b - b_virtual)


@compiled()
def _product(a, b):
    """The rounded product and what rounding lost (two-product, Dekker's split)."""
    high = a * b
    c = _SPLITTER * a
    a_high = c - (c - a)
    a_low = a - a_high
    c = _SPLITTER * b
    b_high = c - (c - b)
    b_low = b - b_high
    return high, a_low * b_low - (((high - a_high * b_high) - a_low * b_high) - a_high * b_low)


@compiled()
def _add_product(total, count, a, a_low, b, b_low, factor):
    """Add the product of two two-term numbers, times 1 or -1, to an expansion."""
    for x in (a_low, a):
        for y in (b_low, b):
            high, low = _product(factor * x, y)
            count = _grow(total, count, low)
            count = _grow(total, count, high)
    return count


@compiled()
def _grow(total, count, value):
    """Add one number to an expansion (grow-expansion); components stay nonoverlapping, smallest first."""
    rest = value
    for place in range(count):
        rest, total[place] = _sum(rest, total[place])
    total[count] = rest
    return count + 1
