"""The picture of speed, building and memory against size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

Facts = Sequence[Mapping[str, float]]
OURS, TREE, JOIN = "#0b5fa5", "#c05a00", "#6b6b6b"


def draw(path: Path, ours: Facts, peers: Facts) -> None:
    """Write the picture as SVG; the same figures make the same file."""
    mpl.rcParams |= {"svg.hashsalt": "wangge", "svg.fonttype": "none"}
    figure = Figure(figsize=(10.5, 3.6), layout="constrained")
    FigureCanvasSVG(figure)
    speed, build, memory = figure.subplots(1, 3)
    polygons = [one["polygons"] for one in ours]
    _line(speed, polygons, ours, "one_core", OURS, "geo.Locator, one core")
    _line(speed, polygons, ours, "all_cores", OURS, "geo.Locator, all cores", "--")
    _line(speed, polygons, peers, "tree", TREE, "shapely.STRtree, prepared")
    _line(speed, polygons, peers, "sjoin", JOIN, "geopandas.sjoin")
    _line(build, polygons, ours, "build_s", OURS, "geo.Locator.from_frame")
    _line(build, polygons, ours, "cells_s", OURS, "of it the cells", "--")
    _line(build, polygons, peers, "tree_build_s", TREE, "shapely.STRtree")
    _line(memory, polygons, ours, "index_mb", OURS, "index of geo.Locator")
    memory.plot(polygons, [one["vertices"] * 16 / 1e6 for one in ours], ":", color=JOIN, label="the vertices")
    for axes, title in (
        (speed, "M points a second"),
        (build, "seconds to build"),
        (memory, "MB"),
    ):
        axes.set(xscale="log", yscale="log", title=title, xlabel="polygons (50 vertices each)")
        axes.grid(which="major", color="#d9d9d9", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, fontsize=8)
    figure.savefig(path, format="svg", metadata={"Date": None})


def _line(
    axes: Axes, polygons: Sequence[float], facts: Facts, key: str, colour: str, label: str, style: str = "-"
) -> None:
    values = [one[key] for one in facts]
    axes.plot(polygons, values, style, marker="o", markersize=3.5, color=colour, label=label)
