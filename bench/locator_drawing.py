"""The drawing of docs/locator.md, of real polygons and cells: ``python -m bench.locator_drawing``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, Polygon, box

from bench.partitions import SIZE, SOUTH, WEST, partition

PATH = Path(__file__).parents[1] / "docs" / "images" / "locator.svg"
PANEL, TOP, GAP, EDGE = 300, 46, 50, 16
FILLS = ("#cfe3f5", "#fbe0bd", "#d3ecd0", "#e6d9f0")
INK, RULE, ASK, KNOWN = "#3d3d3d", "#8795a3", "#c0392b", "#0b5fa5"
#: Cells to a side of the first panel, of a node, and which cell is enlarged.
CELLS, NODE = 8, 4
TITLES = ("cells: most answer at once", "a border cell: a node", "a leaf: its few edges")
CAPTIONS = (
    (
        "A coloured cell lies in one polygon:",
        "its row is the answer. A white cell",
        "holds edges and is ruled finer.",
    ),
    ("The marked cell, ruled finer. Most of", "its cells answer at once too; white", "ones are leaves."),
    (
        "What is known: the polygon of the blue",
        "reference point. The way to the asked",
        "point crosses one edge: the other side.",
    ),
)


@dataclass(frozen=True)
class View:
    """A square of the plane drawn as a panel."""

    square: Polygon
    left: float

    def points(self, coordinates: NDArray[np.float64]) -> str:
        """Places on the sheet."""
        west, south, east, _ = self.square.bounds
        scale = PANEL / (east - west)
        x = self.left + (coordinates[:, 0] - west) * scale
        y = TOP + PANEL - (coordinates[:, 1] - south) * scale
        return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))

    def fill(self, shape: Polygon, colour: str, rest: str = "") -> str:
        """A polygon as far as it is in view."""
        parts = shapely.get_parts(shapely.intersection(shape, self.square))
        return "".join(
            f'<polygon points="{self.points(shapely.get_coordinates(part))}" fill="{colour}" {rest}/>'
            for part in parts
            if part.geom_type == "Polygon"
        )

    def line(self, shape: shapely.Geometry, colour: str, width: float, rest: str = "") -> str:
        """Lines as far as they are in view."""
        parts = shapely.get_parts(shapely.line_merge(shapely.intersection(shape, self.square)))
        return "".join(
            f'<polyline points="{self.points(shapely.get_coordinates(part))}" fill="none" '
            f'stroke="{colour}" stroke-width="{width}" stroke-linejoin="round" {rest}/>'
            for part in parts
            if part.geom_type == "LineString"
        )

    def dot(self, point: Point, colour: str, radius: float = 5, rest: str = "") -> str:
        """A point."""
        x, y = self.points(shapely.get_coordinates(point)).split(",")
        return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}" {rest}/>'


def main() -> None:
    polygons = shapely.transform(
        partition(2, seed=7).geometry.to_numpy(), lambda p: (p - (WEST, SOUTH)) / SIZE
    )
    borders = shapely.union_all(shapely.boundary(polygons))
    whole = box(0.35, 0.35, 1.65, 1.65)
    cell = _crossed(_cells(whole, CELLS), polygons)
    leaf = _crossed(_cells(cell, NODE), polygons)
    drawn = [
        *_panel(View(whole, EDGE), polygons, borders, CELLS, cell),
        *_panel(View(cell, EDGE + PANEL + GAP), polygons, borders, NODE, leaf),
        *_leaf(View(leaf, EDGE + 2 * (PANEL + GAP)), polygons, borders),
        *_words(),
    ]
    width, height = 2 * EDGE + 3 * PANEL + 2 * GAP, TOP + PANEL + 84
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="Helvetica, Arial, sans-serif">'
    )
    background = f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    PATH.write_text("\n".join([head, background, *drawn, "</svg>"]) + "\n", encoding="utf-8")


def _cells(square: Polygon, side: int) -> list[Polygon]:
    west, south, east, _ = square.bounds
    size = (east - west) / side
    return [
        box(west + i * size, south + j * size, west + (i + 1) * size, south + (j + 1) * size)
        for j in range(side)
        for i in range(side)
    ]


def _rules(cell: Polygon) -> list[LineString]:
    """Lines that cut a cell into those of a node."""
    west, south, east, north = cell.bounds
    inner = [k / NODE for k in range(1, NODE)]
    upright = [[(west + k * (east - west), y) for y in (south, north)] for k in inner]
    level = [[(x, south + k * (north - south)) for x in (west, east)] for k in inner]
    return [LineString(ends) for ends in upright + level]


def _crossed(cells: list[Polygon], polygons: NDArray[np.object_]) -> Polygon:
    """The cell in the midst that two polygons share most evenly."""
    return max(
        (cell for cell in cells if sum(polygon.intersects(cell) for polygon in polygons) == 2),
        key=lambda cell: (
            min(part for part in shapely.area(shapely.intersection(polygons, cell)) if part > 0)
            - 0.1 * cell.area * cell.centroid.distance(Point(1, 1))
        ),
    )


def _panel(
    view: View, polygons: NDArray[np.object_], borders: shapely.Geometry, side: int, marked: Polygon
) -> list[str]:
    drawn = []
    for cell in _cells(view.square, side):
        crossed = borders.intersects(cell)
        row = next(row for row, polygon in enumerate(polygons) if polygon.intersects(cell))
        drawn.append(
            view.fill(cell, "#ffffff" if crossed else FILLS[row], f'stroke="{RULE}" stroke-width="0.8"')
        )
        if crossed and side == CELLS:
            drawn += [view.line(rule, RULE, 0.4) for rule in _rules(cell)]
    drawn.append(view.line(borders, INK, 1.8))
    drawn.append(view.line(shapely.boundary(marked), ASK, 2.4))
    return drawn


def _leaf(view: View, polygons: NDArray[np.object_], borders: shapely.Geometry) -> list[str]:
    west, south, east, _ = view.square.bounds
    size = east - west
    reference = Point(west + 0.5381966 * size, south + 0.4615384 * size)
    home = next(row for row, polygon in enumerate(polygons) if polygon.contains(reference))
    candidates = [Point(west + a * size, south + b * size) for a in (0.16, 0.84) for b in (0.16, 0.84)]
    asked = max(
        (point for point in candidates if not polygons[home].contains(point)),
        key=lambda point: point.distance(borders),
    )
    way = LineString([reference, (reference.x, asked.y), asked])
    drawn = [view.fill(polygon, FILLS[row]) for row, polygon in enumerate(polygons)]
    drawn.append(view.line(borders, INK, 2.2))
    corners = shapely.points(np.unique(shapely.get_coordinates(borders), axis=0))
    drawn += [view.dot(corner, INK, 3.5) for corner in corners[shapely.within(corners, view.square)]]
    drawn.append(view.line(way, KNOWN, 2, 'stroke-dasharray="6 4"'))
    crossings = shapely.get_parts(shapely.intersection(way, borders))
    drawn += [view.dot(point, "none", 8, f'stroke="{ASK}" stroke-width="2"') for point in crossings]
    drawn += [view.dot(reference, KNOWN, 6), view.dot(asked, ASK, 6)]
    drawn.append(view.line(shapely.boundary(view.square), ASK, 2.4))
    return drawn


def _words() -> list[str]:
    words = []
    for i, (title, lines) in enumerate(zip(TITLES, CAPTIONS, strict=True)):
        left = EDGE + i * (PANEL + GAP)
        words.append(
            f'<text x="{left}" y="{TOP - 16}" font-size="17" font-weight="bold" fill="{INK}">'
            f"{i + 1}. {title}</text>"
        )
        words += [
            f'<text x="{left}" y="{TOP + PANEL + 24 + 19 * j}" font-size="14.5" fill="{INK}">{line}</text>'
            for j, line in enumerate(lines)
        ]
    return words


if __name__ == "__main__":
    main()
