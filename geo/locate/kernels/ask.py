"""Ask the cells: which polygons hold a point.

A cell's value says what is known of its points:

* a row of the layer, or -1 for none: the answer for every point of the cell;
* -(3 + 2 n): node n, a finer grid over the cell; ``node_grid[4 n:]`` has its west and south, cells per unit,
  and where its cells begin in ``node_value`` together with how many there are to a side (begin << 8 | side);
* -(2 + 2 n): a leaf, whose record begins at word n of the store of leaves.

A leaf's record: x of its reference point; number of groups and whether its last is certain (n << 1 | 1); a
word for each group (row << 32 | edges << 1 | parity), in the order of codes; then four numbers for each edge,
group by group. An edge that straddles the reference point's x runs east when the point lies above it, else
west. A last group that is certain holds what no other does. It has no edges of its own, but before the edges
stands a word with a bit for each that is its border too.
"""

from __future__ import annotations

import numpy as np
from numba import types

from geo.locate.kernels.cells import NOWHERE
from geo.locate.kernels.compiled import compiled
from geo.locate.kernels.predicates import BOUND, TINY, UNDECIDED, side

OUTSIDE, INSIDE, BORDER, DOUBTFUL = 0, 1, 2, 3
#: Answer for a point whose side of an edge is found by rational arithmetic only.
UNSURE = -2
# One compiled version for every caller: arrays that may be written pass as read-only, mapped ones are.
_REALS, _WHOLE, _SHORT = (
    types.Array(kind, 1, "C", readonly=True) for kind in (types.float64, types.int64, types.int32)
)
_CELLS = (_REALS, types.int64, types.int64, _SHORT, _REALS, _SHORT, _REALS, _WHOLE)
_LOCATE = types.int64(_REALS, _REALS, types.int32[::1], *_CELLS)
_LOOK_UP = types.void(types.int32[::1], _SHORT, types.int32[::1])
_LOCATE_ALL = types.void(_REALS, _REALS, types.int64[::1], types.int32[::1], *_CELLS)

#: Points looked at together: small enough for the nearest cache.
BLOCK = 1024


@compiled()
def at(array, place):
    """An element of an array; unsigned, so that no code asks whether it is counted from the end."""
    return array[np.uint64(place)]


@compiled()
def holds(px, py, x0, parity, ends, first, count):
    """Whether a polygon holds a point of a cell, from its edges there and its parity at the reference point.

    The way from the reference point goes up or down to the point's height, then across; every edge it crosses
    changes the parity. No branch depends on the point, but for the doubt that :func:`holds_exactly` settles.
    """
    e = first
    doubt = False
    odd = parity != 0
    for _ in range(count):
        x1, y1, x2, y2 = at(ends, e), at(ends, e + 1), at(ends, e + 2), at(ends, e + 3)
        e += 4
        dy1, dy2 = y1 - py, y2 - py
        left, right = (x1 - px) * dy2, dy1 * (x2 - px)
        area = left - right
        corner_left, corner_right = (x1 - x0) * dy2, dy1 * (x2 - x0)
        corner_area = corner_left - corner_right
        level = (y1 <= py) != (y2 <= py)  # the edge crosses the point's height
        upright = (x1 < x0) != (x2 < x0)  # … and the reference point's x
        touching = level | (dy1 == 0.0) | (dy2 == 0.0)
        doubt |= touching & (abs(area) <= BOUND * (abs(left) + abs(right)) + TINY)
        doubt |= level & upright & (abs(corner_area) <= BOUND * (abs(corner_left) + abs(corner_right)) + TINY)
        up, east = y1 < y2, x1 < x2
        right_of_point = (area > 0.0) == up
        right_of_corner = (upright & ((corner_area > 0.0) == up)) | ((not upright) & (x1 >= x0))
        corner_above = (level & ((corner_area > 0.0) == east)) | ((not level) & (y1 <= py))
        odd ^= level & (right_of_point != right_of_corner)
        odd ^= upright & (corner_above != east)
    if doubt:
        return holds_exactly(px, py, x0, parity, ends, first, count)
    return INSIDE if odd else OUTSIDE


@compiled()
def holds_exactly(px, py, x0, parity, ends, first, count):
    """As :func:`holds`, with exact predicates; a point on an edge or vertex is told apart.

    A corner of the way that lies on an edge counts as if it lay a hair higher.
    """
    e = first
    for _ in range(count):
        x1, y1, x2, y2 = at(ends, e), at(ends, e + 1), at(ends, e + 2), at(ends, e + 3)
        e += 4
        upright = (x1 < x0) != (x2 < x0)
        east = x1 < x2
        if (y1 <= py) == (y2 <= py):
            if py == y1 and (px == x1 or (y1 == y2 and min(x1, x2) <= px <= max(x1, x2))):
                return BORDER
            if py == y2 and px == x2:
                return BORDER
            if upright:
                parity ^= (y1 <= py) != east
            continue
        up = y1 < y2
        turn = side(x1, y1, x2, y2, px, py)
        if turn == 0:
            return BORDER
        if turn == UNDECIDED:
            return DOUBTFUL
        right_of_point = (turn > 0) == up
        right_of_corner = x1 >= x0
        if upright:
            turn = side(x1, y1, x2, y2, x0, py)
            if turn == UNDECIDED:
                return DOUBTFUL
            above = turn == 0 or (turn > 0) == east
            right_of_corner = above == (east == up)
            parity ^= above != east
        parity ^= right_of_point != right_of_corner
    return INSIDE if parity else OUTSIDE


@compiled()
def below_node(value, px, py, node_grid, node_value):
    """Go down from a node to a leaf or an answer."""
    while value < NOWHERE and value & 1:
        node = 4 * ((-np.int64(value) - 3) >> 1)
        west, south, per_unit = at(node_grid, node), at(node_grid, node + 1), at(node_grid, node + 2)
        packed = np.int64(at(node_grid, node + 3))
        most = (packed & 255) - 1
        column = min(max(np.int64((px - west) * per_unit), 0), most)
        row = min(max(np.int64((py - south) * per_unit), 0), most)
        value = at(node_value, (packed >> 8) + row * (most + 1) + column)
    return value


@compiled()
def ask_leaf(o, px, py, ends, words):
    """Row of the first polygon, in the order of codes, that holds a point of a leaf."""
    x0, head = at(ends, o), at(words, o + 1)
    groups = head >> 1
    certain = head & 1
    e = o + 2 + groups + certain
    for group in range(o + 2, o + 2 + groups - certain):
        word = at(words, group)
        count = (word & 0xFFFFFFFF) >> 1
        found = holds(px, py, x0, word & 1, ends, e, count)
        if found:
            return UNSURE if found == DOUBTFUL else word >> 32
        e += 4 * count
    return at(words, o + 1 + groups) >> 32 if certain else NOWHERE


@compiled()
def _find_cells(lon, lat, grid, columns, rows, cell):
    """Cell of each point; for points outside the grid and for no numbers the first, which nothing reaches."""
    west, south, per_unit = grid[0], grid[1], grid[2]
    for i in range(len(lon)):
        fx, fy = (lon[i] - west) * per_unit, (lat[i] - south) * per_unit
        inside = (fx >= 0.0) & (fx < columns) & (fy >= 0.0) & (fy < rows)
        place = np.int32(fy) * np.int32(columns) + np.int32(fx)
        cell[i] = place if inside else np.int32(0)


@compiled()
def _read_cells(cell, cells, out, open_points):
    """What is known of each point's cell; returns how many points are open, and lists them."""
    count = np.uint64(0)
    for i in range(len(out)):
        value = at(cells, np.uint32(cell[i]))
        out[i] = value
        open_points[count] = i
        count += np.uint64(value < NOWHERE)
    return count


@compiled()
def _touch(values, open_points, count, node_grid, ends, sink):
    """Read a word of each node and leaf that will be asked, so that memory fetches them side by side."""
    total = 0.0
    last = len(ends) - 1
    for j in range(count):
        value = -np.int64(at(values, at(open_points, j)))
        if value & 1:
            total += at(node_grid, 2 * (value - 3))
        else:
            o = (value - 2) >> 1
            total += at(ends, o) + at(ends, min(o + 8, last)) + at(ends, min(o + 16, last))
    sink[0] = total  # so that the reading is not left out


@compiled(_LOCATE)
def locate(lon, lat, out, grid, columns, rows, cells, node_grid, node_value, ends, words):
    """Write the row that holds each point, -1 for none; returns how many are unsure."""
    cell, open_points = np.empty(BLOCK, dtype=np.int32), np.empty(BLOCK + 1, dtype=np.int32)
    unsure = 0
    sink = np.zeros(1)
    for start in range(0, len(lon), BLOCK):
        # First every point's cell, in loops without a branch; then what is not settled there.
        xs, ys, found = lon[start : start + BLOCK], lat[start : start + BLOCK], out[start : start + BLOCK]
        _find_cells(xs, ys, grid, columns, rows, cell)
        count = _read_cells(cell, cells, found, open_points)
        _touch(found, open_points, count, node_grid, ends, sink)
        for j in range(count):
            i = at(open_points, j)
            px, py = at(xs, i), at(ys, i)
            value = below_node(at(found, i), px, py, node_grid, node_value)
            if value < NOWHERE:
                value = ask_leaf((-np.int64(value) - 2) >> 1, px, py, ends, words)
                unsure += value == UNSURE
            found[np.uint64(i)] = value
    return unsure


@compiled(_LOOK_UP)
def look_up(rows, table, out):
    """Write what a table has for each row; for -1 its last entry."""
    last = len(table) - 1
    for i in range(len(rows)):
        row = rows[i]
        out[i] = at(table, row if row >= 0 else last)


@compiled()
def _ask_leaf_for_all(o, px, py, ends, words, where):
    x0 = ends[o]
    groups, certain = words[o + 1] >> 1, words[o + 1] & 1
    first = e = o + 2 + groups + certain
    count = 0
    for group in range(o + 2, o + 2 + groups):
        word = words[group]
        edges = (word & 0xFFFFFFFF) >> 1
        if certain and group == o + 1 + groups:
            shared = _shared_edges(words[o + 2 + groups], ends, first)
            found = holds(px, py, x0, word & 1, shared, 0, len(shared) // 4)
        else:
            found = holds(px, py, x0, word & 1, ends, e, edges)
        e += 4 * edges
        if found == DOUBTFUL:
            if len(where):
                where[0] = UNSURE
            return 1
        if found:
            if count < len(where):  # a doubt in a later group leaves room for one row only
                where[count] = word >> 32
            count += 1
    return count


@compiled()
def _shared_edges(mask, ends, first):
    """The edges of a leaf that a mask names."""
    shared = np.empty(4 * 64)
    length = 0
    while mask:
        if mask & 1:
            shared[length : length + 4] = ends[first : first + 4]
            length += 4
        first += 4
        mask >>= 1
    return shared[:length]


@compiled(_LOCATE_ALL)
def locate_all(lon, lat, starts, out, grid, columns, rows, cells, node_grid, node_value, ends, words):
    """Write every row that holds each point, in the order of codes.

    With an empty ``out`` only counts into ``starts[1:]``; else ``starts`` says where each point's rows begin.
    Points that are unsure get the one row -2.
    """
    writing = len(out) > 0
    for i in range(len(lon)):
        px, py = lon[i], lat[i]
        fx, fy = (px - grid[0]) * grid[2], (py - grid[1]) * grid[2]
        count = 0
        if fx >= 0.0 and fx < columns and fy >= 0.0 and fy < rows:
            value = below_node(cells[int(fy) * columns + int(fx)], px, py, node_grid, node_value)
            if value > NOWHERE:
                count = 1
                if writing:
                    out[starts[i]] = value
            elif value < NOWHERE:
                where = out[starts[i] : starts[i + 1]] if writing else out
                count = _ask_leaf_for_all((-np.int64(value) - 2) >> 1, px, py, ends, words, where)
        if not writing:
            starts[i + 1] = count
