"""Records of leaves (see ``ask``): written from sorted edges, split into finer cells, gathered in the end."""

from __future__ import annotations

import numpy as np

from geo.locate.kernels.ask import holds_exactly
from geo.locate.kernels.cells import MARGIN, NOWHERE, columns_of, rows_of
from geo.locate.kernels.compiled import compiled
from geo.locate.kernels.predicates import UNDECIDED, side

#: Where in a cell its reference point lies, from the south-west; the next is tried when it meets an edge.
#: Never as far east as north: layers are fond of diagonals.
FRACTIONS = np.array(
    [
        [0.5381966, 0.4615384],
        [0.4718281, 0.5560119],
        [0.6141592, 0.3914213],
        [0.3833333, 0.6360679],
        [0.5772156, 0.3247179],
        [0.4142135, 0.6931471],
    ]
)
#: Larger leaves are not asked whether their last group is certain: a bit per edge says which are its own.
MOST_EDGES_PAIRED = 63
#: A node has at most so many cells to a side; eight bits of its record hold the number.
MOST_SIDE = 64


@compiled()
def put_edge(ends, at, x1, y1, x2, y2, x0, y0):
    """Write an edge in the direction that tells where the reference point lies; False when it lies on it."""
    if x0 in (x1, x2):
        return False
    if (x1 < x0) != (x2 < x0):
        if x1 > x2:
            x1, y1, x2, y2 = x2, y2, x1, y1
        turn = side(x1, y1, x2, y2, x0, y0)
        if turn == 0 or turn == UNDECIDED:
            return False
        if turn < 0:
            x1, y1, x2, y2 = x2, y2, x1, y1
    ends[at], ends[at + 1], ends[at + 2], ends[at + 3] = x1, y1, x2, y2
    return True


@compiled()
def record_sizes(leaf_group, group_edge, pairs):
    """Where each leaf's record begins; pairs (leaf, rank) are polygons that hold a leaf whole."""
    leaves = len(leaf_group) - 1
    begin = np.zeros(leaves + 1, dtype=np.int64)
    for leaf in range(leaves):
        first, last = leaf_group[leaf], leaf_group[leaf + 1]
        begin[leaf + 1] = 2 + (last - first) + 4 * (group_edge[last] - group_edge[first])
    for i in range(len(pairs)):
        begin[pairs[i, 0] + 1] += 1
    return np.cumsum(begin)


@compiled()
def write_records(
    ends, xs, ys, edge, order, point_x, point_y, leaf_group, group_rank, group_edge, parity, pairs, begin
):
    """Write the records of all leaves into a store; pairs are sorted by leaf and rank.

    ``point_x`` and ``point_y`` are the leaves' reference points. Returns False when one of them lies on an
    edge.
    """
    words = ends.view(np.int64)
    pair = 0
    for leaf in range(len(leaf_group) - 1):
        o = begin[leaf]
        first, last = leaf_group[leaf], leaf_group[leaf + 1]
        edges = group_edge[last] - group_edge[first]
        groups = begin[leaf + 1] - o - 2 - 4 * edges
        ends[o] = point_x[leaf]
        at = o + 2
        odd = 0
        for group in range(first, last + 1):
            while (
                pair < len(pairs)
                and pairs[pair, 0] == leaf
                and (group == last or pairs[pair, 1] < group_rank[group])
            ):
                words[at] = (np.int64(order[pairs[pair, 1]]) << 32) | 1
                odd ^= 1
                at += 1
                pair += 1
            if group < last:
                count = group_edge[group + 1] - group_edge[group]
                words[at] = (np.int64(order[group_rank[group]]) << 32) | (count << 1) | parity[group]
                odd ^= parity[group]
                at += 1
        for i in range(group_edge[first], group_edge[last]):
            k = edge[i]
            if not put_edge(ends, at, xs[k], ys[k], xs[k + 1], ys[k + 1], point_x[leaf], point_y[leaf]):
                return False
            at += 4
        words[o + 1] = (groups << 1) | _last_is_certain(ends, o + 2 + groups, edges, odd)
    return True


@compiled()
def _last_is_certain(ends, first, edges, odd):
    """Whether some polygon of a leaf holds every point of it, so that the last need not be asked.

    So it is when every edge is there an even number of times and an odd number of polygons hold the reference
    point: to cross an edge changes an even number of parities, so an odd number of polygons, at least one,
    holds each point.
    """
    if not odd or edges % 2 or edges > MOST_EDGES_PAIRED:
        return 0
    paired = np.zeros(edges, dtype=np.bool_)
    for i in range(edges):
        if paired[i]:
            continue
        for j in range(i + 1, edges):
            if not paired[j] and _is_same(ends, first + 4 * i, first + 4 * j):
                paired[i] = paired[j] = True
                break
        if not paired[i]:
            return 0
    return 1


@compiled()
def _is_same(ends, a, b):
    x1, y1, x2, y2 = ends[b], ends[b + 1], ends[b + 2], ends[b + 3]
    forward = ends[a] == x1 and ends[a + 1] == y1 and ends[a + 2] == x2 and ends[a + 3] == y2
    back = ends[a] == x2 and ends[a + 1] == y2 and ends[a + 2] == x1 and ends[a + 3] == y1
    return forward or back


@compiled()
def edges_in(o, words):
    """Number of edges in a leaf."""
    total = 0
    for group in range(o + 2, o + 2 + (words[o + 1] >> 1)):
        total += (words[group] & 0xFFFFFFFF) >> 1
    return total


@compiled()
def _sorted_into_cells(ends, edges, west, south, size, pad, cells_a_side):
    """Edges of a leaf sorted into the cells of a node: where each cell's begin, and which they are."""
    start = np.zeros(cells_a_side * cells_a_side + 1, dtype=np.int64)
    which = np.empty(0, dtype=np.int32)
    place = start
    for filling in range(2):
        if filling:
            start = np.cumsum(start)
            place = start.copy()
            which = np.empty(start[-1], dtype=np.int32)
        for i in range(edges):
            x1, y1, x2, y2 = ends[4 * i], ends[4 * i + 1], ends[4 * i + 2], ends[4 * i + 3]
            first_row, last_row = rows_of(y1, y2, south, size, pad, cells_a_side)
            for row in range(first_row, last_row + 1):
                first, last = columns_of(x1, y1, x2, y2, west, south, size, pad, cells_a_side, row)
                for column in range(first, last + 1):
                    cell = row * cells_a_side + column
                    if filling:
                        which[place[cell]] = i
                        place[cell] += 1
                    else:
                        start[cell + 1] += 1
    return start, which


@compiled()
def _with_room(array, need):
    if need <= len(array):
        return array
    more = np.empty(max(need, 2 * len(array)), dtype=array.dtype)
    more[: len(array)] = array
    return more


@compiled()
def _split(o, west, south, size, cells_a_side, rounding, ends, used, node_value, values):
    """Make a node out of a leaf; returns the stores, how much of them is used, and success."""
    words = ends.view(np.int64)
    groups = words[o + 1] >> 1
    edges = edges_in(o, words)
    own = ends[o + 2 + groups : o + 2 + groups + 4 * edges].copy()
    group_word = words[o + 2 : o + 2 + groups].copy()
    x0 = ends[o]
    child = size / cells_a_side
    start, which = _sorted_into_cells(own, edges, west, south, child, child * MARGIN + rounding, cells_a_side)
    group_of = np.empty(edges, dtype=np.int32)
    at = 0
    for j in range(groups):
        for _ in range((group_word[j] & 0xFFFFFFFF) >> 1):
            group_of[at] = j
            at += 1
    node_value = _with_room(node_value, values + cells_a_side * cells_a_side)
    for fraction in FRACTIONS:
        end = used
        for cell in range(cells_a_side * cells_a_side):
            px = west + (cell % cells_a_side + fraction[0]) * child
            py = south + (cell // cells_a_side + fraction[1]) * child
            mine = which[start[cell] : start[cell + 1]]
            ends, end, value = _write_child(px, py, x0, own, group_word, group_of, mine, ends, end)
            if end < 0:
                break
            node_value[values + cell] = value
        if end >= 0:
            return ends, end, node_value, values + cells_a_side * cells_a_side, True
    return ends, used, node_value, values, False


@compiled()
def _write_child(px, py, x0, own, group_word, group_of, mine, ends, used):
    """Write the record of a node's cell; returns store, new end (-1: a point on an edge), value."""
    groups = len(group_word)
    count = np.zeros(groups, dtype=np.int64)
    parity = np.zeros(groups, dtype=np.int64)
    for i in mine:
        count[group_of[i]] += 1
    kept = odd = e = 0
    last = np.int64(NOWHERE)
    for j in range(groups):
        edges = (group_word[j] & 0xFFFFFFFF) >> 1
        parity[j] = holds_exactly(px, py, x0, group_word[j] & 1, own, e, edges)
        if parity[j] > 1:
            return ends, -1, NOWHERE
        e += 4 * edges
        odd ^= parity[j]
        if count[j] or parity[j]:
            kept += 1
            last = group_word[j] >> 32
    if not len(mine) and kept <= 1:
        return ends, used, last
    ends = _with_room(ends, used + 2 + kept + 4 * len(mine))
    words = ends.view(np.int64)
    ends[used] = px
    at = used + 2
    for j in range(groups):
        if count[j] or parity[j]:
            words[at] = (group_word[j] >> 32 << 32) | (count[j] << 1) | parity[j]
            at += 1
    for i in mine:
        if not put_edge(ends, at, own[4 * i], own[4 * i + 1], own[4 * i + 2], own[4 * i + 3], px, py):
            return ends, -1, NOWHERE
        at += 4
    words[used + 1] = (kept << 1) | _last_is_certain(ends, used + 2 + kept, len(mine), odd)
    return ends, at, -(2 + 2 * used)


@compiled()
def _side_of_node(edges, most, least, few, fineness):
    """Cells to a side of the node that is made of a leaf; 0 when it stays a leaf."""
    if edges == 0 or edges > most or (not least and edges <= few):
        return 0
    return max(least, 2, min(MOST_SIDE, int(np.ceil(np.sqrt(edges * fineness)))))


@compiled()
def refine(cells, columns, grid, rounding, ends, used, few, first_side, fineness):
    """Split leaves of the grid, and again the leaves of nodes, until they hold few edges.

    A leaf that has most of the edges of the leaf its node was made of is left: they meet in a point.

    Parameters
    ----------
    cells
        Values of the grid's cells; those of split leaves are overwritten.
    used
        How much of the store of leaves is written.
    few
        Leaves with more edges are split.
    first_side
        Cells to a side of the nodes of the grid itself, made of every leaf; 0 splits only what has many.
    fineness
        Cells of a node per edge.
    """
    west, south, size = grid[0], grid[1], grid[2]
    node_grid, node_size, node_edges, nodes = np.empty(4096), np.empty(1024), np.empty(1024), 0
    node_value, values = np.empty(65536, dtype=np.int32), 0
    source = -1  # the grid itself, then node after node
    while source < nodes:
        if source < 0:
            here_west, here_south, here_size = west, south, size
            here_columns, first, count = columns, 0, len(cells)
        else:
            packed = np.int64(node_grid[4 * source + 3])
            here_west, here_south = node_grid[4 * source], node_grid[4 * source + 1]
            here_size = node_size[source]
            here_columns, first = packed & 255, packed >> 8
            count = here_columns * here_columns
        for cell in range(count):
            value = np.int64(cells[cell] if source < 0 else node_value[first + cell])
            if value >= NOWHERE or value & 1:
                continue
            o = (-value - 2) >> 1
            edges = edges_in(o, ends.view(np.int64))
            least = first_side if source < 0 else 0
            most = edges if source < 0 else 0.75 * node_edges[source]
            cells_a_side = _side_of_node(edges, most, least, few, fineness)
            if cells_a_side == 0 or here_size / cells_a_side < 1024 * rounding:
                continue
            cell_west = here_west + (cell % here_columns) * here_size
            cell_south = here_south + (cell // here_columns) * here_size
            begin = values
            ends, used, node_value, values, done = _split(
                o, cell_west, cell_south, here_size, cells_a_side, rounding, ends, used, node_value, values
            )
            if not done:
                continue
            node_grid = _with_room(node_grid, 4 * nodes + 4)
            node_size, node_edges = _with_room(node_size, nodes + 1), _with_room(node_edges, nodes + 1)
            node_grid[4 * nodes], node_grid[4 * nodes + 1] = cell_west, cell_south
            node_grid[4 * nodes + 2] = cells_a_side / here_size
            node_grid[4 * nodes + 3] = (begin << 8) | cells_a_side
            node_size[nodes], node_edges[nodes] = here_size / cells_a_side, edges
            if source < 0:
                cells[cell] = -(3 + 2 * nodes)
            else:
                node_value[first + cell] = -(3 + 2 * nodes)
            nodes += 1
        source += 1
    return ends, used, node_grid[: 4 * nodes], node_value[:values]


@compiled()
def gather(values, ends, place, first, last):
    """Move the leaves that values name, and that lie between two words, together in their own store.

    From ``place`` on, which no leaf before them lies behind; they must be named in the order they lie in. A
    record only becomes shorter: edges of a last group that is certain are left out, for each is another
    group's too. Returns where the next leaf comes to lie.
    """
    words = ends.view(np.int64)
    for i in range(len(values)):
        value = np.int64(values[i])
        o = (-value - 2) >> 1
        if value >= NOWHERE or value & 1 or o < first or o >= last:
            continue
        groups, certain = words[o + 1] >> 1, words[o + 1] & 1
        heads = 2 + groups
        edges = edges_in(o, words)
        word = words[o + heads - 1]
        own = ((word & 0xFFFFFFFF) >> 1) * certain
        mask = _own_edges(ends, o + heads, edges - own, own)
        begin = place + heads + (own > 0)
        _move(ends, o, place, heads)
        _move(ends, o + heads, begin, 4 * (edges - own))
        if own:
            words[place + heads - 1] = (word >> 32 << 32) | (word & 1)
            words[place + heads] = mask
        else:  # without edges it is asked as quickly as it is known
            words[place + 1] = groups << 1
        values[i] = -(2 + 2 * place)
        place = begin + 4 * (edges - own)
    return place


@compiled()
def _move(array, source, target, length):
    """Move a part of an array, which may overlap where it goes."""
    if target <= source:
        for i in range(length):
            array[target + i] = array[source + i]
    else:
        for i in range(length - 1, -1, -1):
            array[target + i] = array[source + i]


@compiled()
def _own_edges(ends, first, others, own):
    """A bit for each edge of the other groups, set where it is the last group's as well."""
    mask = np.int64(0)
    for i in range(others, others + own):
        for j in range(others):
            if not (mask >> j) & 1 and _is_same(ends, first + 4 * i, first + 4 * j):
                mask |= np.int64(1) << j
                break
    return mask
