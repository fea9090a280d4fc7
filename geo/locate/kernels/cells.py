"""Which cells of a grid an edge touches, and which cells' reference points a polygon holds."""

from __future__ import annotations

import numpy as np

from geo.locate.kernels.compiled import compiled
from geo.locate.kernels.predicates import UNDECIDED, side

#: Cells are this much of their size larger on every side when edges are sorted into them, so that rounding
#: never puts a point into a cell that lacks an edge it needs.
MARGIN = 1e-6
#: No polygon.
NOWHERE = -1


@compiled()
def clamp(value, most):
    """A position between 0 and ``most``."""
    return 0 if value < 0 else most if value > most else value


@compiled()
def rows_of(y1, y2, south, size, pad, rows):
    """First and last row of cells an edge touches."""
    first = int(np.floor((min(y1, y2) - pad - south) / size))
    last = int(np.floor((max(y1, y2) + pad - south) / size))
    return clamp(first, rows - 1), clamp(last, rows - 1)


@compiled()
def columns_of(x1, y1, x2, y2, west, south, size, pad, columns, row):
    """First and last column of cells an edge touches in a row."""
    low, high = south + row * size - pad, south + (row + 1) * size + pad
    ax, bx = x1, x2
    if y1 != y2:
        slope = (x2 - x1) / (y2 - y1)
        if y1 < low:
            ax = x1 + (low - y1) * slope
        elif y1 > high:
            ax = x1 + (high - y1) * slope
        if y2 < low:
            bx = x2 + (low - y2) * slope
        elif y2 > high:
            bx = x2 + (high - y2) * slope
    west_end, east_end = min(x1, x2), max(x1, x2)
    left, right = max(min(ax, bx), west_end), min(max(ax, bx), east_end)
    if right < left:  # rounding of a nearly level edge
        left, right = west_end, east_end
    first = int(np.floor((left - pad - west) / size))
    last = int(np.floor((right + pad - west) / size))
    return clamp(first, columns - 1), clamp(last, columns - 1)


@compiled()
def count_edges(xs, ys, ring_start, polygon_ring, order, grid, columns, rows):
    """Edges per cell, shifted by one so that their running sum says where each cell's edges begin."""
    west, south, size, pad = grid
    counts = np.zeros(columns * rows + 1, dtype=np.int64)
    for rank in range(len(order)):
        polygon = order[rank]
        for ring in range(polygon_ring[polygon], polygon_ring[polygon + 1]):
            for k in range(ring_start[ring], ring_start[ring + 1] - 1):
                x1, y1, x2, y2 = xs[k], ys[k], xs[k + 1], ys[k + 1]
                if x1 == x2 and y1 == y2:
                    continue
                first_row, last_row = rows_of(y1, y2, south, size, pad, rows)
                for row in range(first_row, last_row + 1):
                    first, last = columns_of(x1, y1, x2, y2, west, south, size, pad, columns, row)
                    for column in range(first, last + 1):
                        counts[row * columns + column + 1] += 1
    return counts


@compiled()
def sort_edges(xs, ys, ring_start, polygon_ring, order, grid, columns, rows, start):
    """First vertex and rank of the edges of each cell, cell by cell, in the order of ranks."""
    west, south, size, pad = grid
    place = start[:-1].copy()
    edge = np.empty(start[-1], dtype=np.int32)
    rank_of = np.empty(start[-1], dtype=np.int32)
    for rank in range(len(order)):
        polygon = order[rank]
        for ring in range(polygon_ring[polygon], polygon_ring[polygon + 1]):
            for k in range(ring_start[ring], ring_start[ring + 1] - 1):
                x1, y1, x2, y2 = xs[k], ys[k], xs[k + 1], ys[k + 1]
                if x1 == x2 and y1 == y2:
                    continue
                first_row, last_row = rows_of(y1, y2, south, size, pad, rows)
                for row in range(first_row, last_row + 1):
                    first, last = columns_of(x1, y1, x2, y2, west, south, size, pad, columns, row)
                    for column in range(first, last + 1):
                        cell = row * columns + column
                        edge[place[cell]] = k
                        rank_of[place[cell]] = rank
                        place[cell] += 1
    return edge, rank_of


@compiled()
def group_edges(start, rank_of):
    """Leaves: the cells that hold edges, in each a group per polygon with edges there.

    Returns the leaf of each cell (-1 none), where each leaf's groups begin, and rank and first edge of each
    group.
    """
    cells = len(start) - 1
    leaves = groups = 0
    for cell in range(cells):
        leaves += start[cell] < start[cell + 1]
        for i in range(start[cell], start[cell + 1]):
            groups += i == start[cell] or rank_of[i] != rank_of[i - 1]
    leaf_of = np.full(cells, np.int32(NOWHERE))
    leaf_group = np.empty(leaves + 1, dtype=np.int64)
    group_rank = np.empty(groups, dtype=np.int32)
    group_edge = np.empty(groups + 1, dtype=np.int64)
    leaf = group = 0
    for cell in range(cells):
        if start[cell] == start[cell + 1]:
            continue
        leaf_of[cell] = leaf
        leaf_group[leaf] = group
        leaf += 1
        for i in range(start[cell], start[cell + 1]):
            if i == start[cell] or rank_of[i] != rank_of[i - 1]:
                group_rank[group] = rank_of[i]
                group_edge[group] = i
                group += 1
    leaf_group[leaves] = groups
    group_edge[groups] = start[-1]
    return leaf_of, leaf_group, group_rank, group_edge


@compiled()
def cover_cells(
    xs, ys, ring_start, polygon_ring, order, grid, point_x, point_y, leaf_of, leaf_group, group_rank
):
    """Find by scan lines which cells' reference points each polygon holds.

    Returns
    -------
    cover : rank of the first polygon that holds each cell without edges, -1 none
    parity : of each group, 1 when its polygon holds the leaf's reference point
    leaf_pairs : (leaf, rank) of polygons that hold a leaf whole
    cell_pairs : (cell, rank) of further polygons that hold a cell without edges
    sound : False when a reference point lies on an edge; then choose others
    """
    _, south, size, _ = grid
    columns, rows = len(point_x), len(point_y)
    cover = np.full(columns * rows, np.int32(NOWHERE))
    parity = np.zeros(len(group_rank), dtype=np.uint8)
    leaf_pairs, leaf_count = np.empty((1024, 2), dtype=np.int64), 0
    cell_pairs, cell_count = np.empty((1024, 2), dtype=np.int64), 0
    row_end = np.zeros(rows + 1, dtype=np.int64)
    for rank in range(len(order)):
        polygon = order[rank]
        rings = polygon_ring[polygon], polygon_ring[polygon + 1]
        if rings[0] == rings[1]:
            continue
        bottom, top = _rows_between(ys, ring_start[rings[0]], ring_start[rings[1]], south, size, rows)
        crossing = _crossings(xs, ys, ring_start, rings, grid, point_x, point_y, bottom, top, row_end)
        if len(crossing) and crossing[0] < 0:
            return cover, parity, leaf_pairs[:0], cell_pairs[:0], False
        begin = 0
        for row in range(bottom, top + 1):
            part = crossing[begin : row_end[row]]
            begin = row_end[row]
            part.sort()
            for i in range(0, len(part) - 1, 2):
                for column in range(part[i], part[i + 1]):
                    cell = row * columns + column
                    leaf = leaf_of[cell]
                    if leaf == NOWHERE:
                        if cover[cell] == NOWHERE:
                            cover[cell] = rank
                        else:
                            cell_pairs = _with_pair(cell_pairs, cell_count, cell, rank)
                            cell_count += 1
                        continue
                    found = _find(group_rank, leaf_group[leaf], leaf_group[leaf + 1], rank)
                    if found >= 0:
                        parity[found] = 1
                    else:
                        leaf_pairs = _with_pair(leaf_pairs, leaf_count, leaf, rank)
                        leaf_count += 1
    return cover, parity, leaf_pairs[:leaf_count], cell_pairs[:cell_count], True


@compiled()
def _rows_between(ys, first, last, south, size, rows):
    low, high = np.inf, -np.inf
    for k in range(first, last):
        low, high = min(low, ys[k]), max(high, ys[k])
    bottom, top = int(np.floor((low - south) / size)), int(np.floor((high - south) / size))
    return clamp(bottom - 1, rows - 1), clamp(top + 1, rows - 1)


@compiled()
def _crossings(xs, ys, ring_start, rings, grid, point_x, point_y, bottom, top, row_end):
    """For each row, how many reference points lie left of each edge that crosses their height.

    ``row_end`` is filled with the ends of the rows' parts of the result, which is [-1] when a reference point
    lies on an edge.
    """
    west, south, size, _ = grid
    rows = len(point_y)
    for row in range(bottom, top + 1):
        row_end[row] = 0
    crossing = np.empty(0, dtype=np.int32)
    for filling in range(2):
        if filling:
            total = 0
            for row in range(bottom, top + 1):
                total, row_end[row] = total + row_end[row], total
            crossing = np.empty(total, dtype=np.int32)
        for ring in range(rings[0], rings[1]):
            for k in range(ring_start[ring], ring_start[ring + 1] - 1):
                x1, y1, x2, y2 = xs[k], ys[k], xs[k + 1], ys[k + 1]
                if y1 == y2:
                    continue
                first = clamp(int(np.floor((min(y1, y2) - south) / size)) - 1, rows - 1)
                last = clamp(int(np.floor((max(y1, y2) - south) / size)) + 1, rows - 1)
                for row in range(first, last + 1):
                    y = point_y[row]
                    if (y1 <= y) == (y2 <= y):
                        continue
                    if filling:
                        x = x1 + (y - y1) * ((x2 - x1) / (y2 - y1))
                        guess = clamp(int(np.floor((x - west) / size)), len(point_x))
                        left = _points_left_of(x1, y1, x2, y2, point_x, y, guess)
                        if left < 0:
                            return np.full(1, np.int32(-1))
                        crossing[row_end[row]] = left
                    row_end[row] += 1
    return crossing


@compiled()
def _points_left_of(x1, y1, x2, y2, point_x, y, guess):
    """Number of a row's reference points left of an edge; -1 when one lies on it."""
    if y1 > y2:
        x1, y1, x2, y2 = x2, y2, x1, y1
    count = guess
    while count < len(point_x):
        turn = side(x1, y1, x2, y2, point_x[count], y)
        if turn == 0 or turn == UNDECIDED:
            return -1
        if turn < 0:
            break
        count += 1
    while count > 0:
        turn = side(x1, y1, x2, y2, point_x[count - 1], y)
        if turn == 0 or turn == UNDECIDED:
            return -1
        if turn > 0:
            break
        count -= 1
    return count


@compiled()
def _find(ranks, first, last, rank):
    low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if ranks[middle] < rank:
            low = middle + 1
        else:
            high = middle
    return low if low < last and ranks[low] == rank else -1


@compiled()
def _with_pair(pairs, count, first, second):
    if count == len(pairs):
        more = np.empty((2 * len(pairs), 2), dtype=np.int64)
        more[:count] = pairs
        pairs = more
    pairs[count, 0] = first
    pairs[count, 1] = second
    return pairs
