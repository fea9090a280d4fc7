"""Answers held against other engines', and every difference decided by rational arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

import geo
from bench.ground import Ground
from bench.layers import stars_and_holes, telling_points
from bench.measuring import Figures, Table
from bench.peers import Peer, all_peers, first_rows, shapely_tree
from tests.geo.locate.rationals import covers

TITLE = "Exactness"
#: Random points, and points on borders and one ulp beside, over all layers more than ten million.
RANDOM, TELLING = 2_500_000, 1_200_000
#: GEOS is asked every point, the slower engines so many of each kind.
ASKED_OF_ALL = 40_000
#: So many answers of each kind that nobody contradicts are held against rationals all the same.
CHECKED_ANYWAY = 1_000
#: Differences printed one by one.
LISTED = 5
GEOS = "GEOS (shapely, prepared)"


@dataclass
class Verdicts:
    """What became of one engine's answers.

    Attributes
    ----------
    asked, differ, peer_wrong, ours_wrong
        Numbers of points.
    examples
        Lines of the list of differences.
    """

    asked: int = 0
    differ: int = 0
    peer_wrong: int = 0
    ours_wrong: int = 0
    examples: list[tuple[str, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    """A layer with what is known of it, and ours."""

    name: str
    layer: GeoDataFrame
    locator: geo.Locator
    tree: shapely.STRtree
    rank: NDArray[np.intp]

    @classmethod
    def of(cls, name: str, layer: GeoDataFrame) -> Case:
        """The case of a layer."""
        tree = shapely.STRtree(layer.geometry.to_numpy())
        return cls(name, layer, geo.Locator.from_frame(layer), tree, np.argsort(layer.index.argsort()))

    def truth(self, point: NDArray[np.float64]) -> int:
        """Row that holds a point, by rationals."""
        shapes = self.layer.geometry.to_numpy()
        near = self.tree.query(shapely.points(*point))
        holding = [row for row in near if covers(shapes[row], *map(float, point))]
        return min(holding, key=lambda row: int(self.rank[row]), default=-1)


def measure(ground: Ground) -> list[Figures]:
    layers = {
        "third-level grids of the demo zone": ground.grids,
        "its buildings": ground.buildings,
        "overlapping stars with holes and enclaves": stars_and_holes(150, seed=3),
    }
    counts: dict[tuple[str, str], int] = {}
    verdicts: dict[tuple[str, str], Verdicts] = {}
    for name, layer in layers.items():
        case = Case.of(name, layer)
        for kind, points in _points(layer).items():
            counts[name, kind] = len(points)
            _hold(ground, case, kind, points, verdicts)
    return [_summary(verdicts), _by_layer(counts), _examples(verdicts)]


def _points(layer: GeoDataFrame) -> dict[str, NDArray[np.float64]]:
    shapes = layer.geometry.to_numpy()
    west, south, east, north = layer.total_bounds
    random = np.random.default_rng(6).uniform((west, south), (east, north), (RANDOM, 2))
    return {"random": random} | telling_points(shapes, TELLING, seed=7)


def _hold(
    ground: Ground,
    case: Case,
    kind: str,
    points: NDArray[np.float64],
    verdicts: dict[tuple[str, str], Verdicts],
) -> None:
    """Hold ours against every engine on points of one kind."""
    ours = case.locator.locate(lon=points[:, 0], lat=points[:, 1])
    truths: dict[int, int] = {}
    some = np.random.default_rng(8).permutation(len(points))[:ASKED_OF_ALL]
    geos = shapely_tree(case.layer, points)
    asked: list[tuple[str, Peer, NDArray[np.intp]]] = [(GEOS, geos, np.arange(len(points)))]
    asked += [
        (peer.name, peer, some)
        for peer in all_peers(ground, case.layer, points[some])
        if peer.covers_borders and peer.name != geos.name
    ]
    for name, peer, places in asked:
        theirs = first_rows(peer.pairs(peer.ask()), len(places), case.rank)
        differ = places[theirs != ours[places]]
        verdict = verdicts.setdefault((name, kind), Verdicts())
        verdict.asked += len(places)
        for place, answer in zip(differ, theirs[theirs != ours[places]], strict=True):
            if place not in truths:
                truths[place] = case.truth(points[place])
            _judge(verdict, case, points[place], int(answer), int(ours[place]), truths[place])
    verdict = verdicts.setdefault(("rationals themselves", kind), Verdicts())
    for place in some[:CHECKED_ANYWAY]:
        verdict.asked += 1
        truth = truths[place] if place in truths else case.truth(points[place])
        if truth != ours[place]:
            verdict.differ += 1
            verdict.ours_wrong += 1


def _judge(
    verdict: Verdicts, case: Case, point: NDArray[np.float64], theirs: int, ours: int, truth: int
) -> None:
    verdict.differ += 1
    verdict.peer_wrong += theirs != truth
    verdict.ours_wrong += ours != truth
    if len(verdict.examples) < LISTED:
        codes = np.append(case.layer.index.to_numpy(dtype=object), "none")
        answers = (str(codes[row]) for row in (theirs, ours, truth))
        verdict.examples.append((case.name, *(repr(float(value)) for value in point), *answers))


def _summary(verdicts: Mapping[tuple[str, str], Verdicts]) -> Table:
    head = ["held against", "points", "asked", "differ", "of them ours wrong", "the other wrong"]
    rows = [
        [name, kind, *(f"{n:,}" for n in (found.asked, found.differ, found.ours_wrong, found.peer_wrong))]
        for (name, kind), found in sorted(verdicts.items(), key=lambda item: item[0][0])
    ]
    wrong = sum(found.ours_wrong for found in verdicts.values())
    most = sum(found.asked for (name, _), found in verdicts.items() if name == GEOS)
    note = (
        f"{most:,} points in all, errors of ours: {wrong}. Every difference was decided by rational "
        "arithmetic, written for the tests and sharing no code with the index; the last engine is that "
        "arithmetic, on a random sample of points."
    )
    return Table("Differences between engines", head, rows, note)


def _by_layer(counts: Mapping[tuple[str, str], int]) -> Table:
    kinds = list(dict.fromkeys(kind for _, kind in counts))
    names = list(dict.fromkeys(name for name, _ in counts))
    rows = [[name, *(f"{counts[name, kind]:,}" for kind in kinds)] for name in names]
    return Table("Points by layer", ["", *kinds], rows)


def _examples(verdicts: Mapping[tuple[str, str], Verdicts]) -> Table:
    head = ["engine", "points", "layer", "longitude", "latitude", "it says", "we say", "rationals say"]
    rows = [[*key, *line] for key, found in sorted(verdicts.items()) for line in found.examples]
    note = f"The first {LISTED} of each engine and kind of point; all of them were decided."
    return Table("Differences, one by one", head, rows or [["none"] + [""] * 7], note)
