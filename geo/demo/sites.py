"""Everything in town that is not a home: schools, hospitals, offices, shops, works and factory halls."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geo.demo.footprints import Geometries, footprints, turned
from geo.demo.parcels import Parcels
from geo.demo.shapes import Floats, stream
from geo.demo.stock import rows_of_boxes, some_buildings

# on a plot of 100 by 100: kind, label, centre x, centre y, width, depth, outline, fewest floors, most floors
Layout = list[tuple[str, str, float, float, float, float, str, int, int]]
LAYOUTS: dict[str, Layout] = {
    "school": [
        ("school", "教学楼", -22, 14, 46, 34, "u", 4, 6),
        ("school", "综合楼", 27, 24, 30, 14, "box", 4, 5),
        ("school", "宿舍楼", 30, 42, 34, 10, "box", 5, 6),
        ("school", "食堂", -30, 43, 26, 10, "box", 2, 2),
    ],
    "college": [
        ("school", "教学楼", -24, 8, 40, 26, "h", 5, 6),
        ("school", "图书馆", 18, 6, 22, 20, "notched", 4, 6),
        ("school", "1号宿舍楼", -30, 40, 30, 7, "box", 6, 6),
        ("school", "2号宿舍楼", -30, 28, 30, 7, "box", 6, 6),
        ("school", "3号宿舍楼", 12, 40, 30, 7, "box", 6, 6),
        ("school", "食堂", 40, 36, 15, 18, "box", 2, 3),
        ("school", "行政楼", 34, -34, 24, 12, "t", 5, 8),
    ],
    "hospital": [
        ("hospital", "门诊楼", -12, -24, 54, 24, "t", 4, 6),
        ("hospital", "住院楼", -8, 22, 62, 20, "h", 9, 16),
        ("hospital", "医技楼", 36, -4, 16, 26, "box", 4, 5),
        ("hospital", "后勤楼", 38, 36, 18, 12, "box", 2, 3),
    ],
    "government": [
        ("public", "主楼", 0, 14, 66, 26, "t", 8, 12),
        ("public", "东附楼", 36, -18, 12, 34, "box", 4, 5),
        ("public", "西附楼", -36, -18, 12, 34, "box", 4, 5),
        ("public", "后勤楼", 0, 40, 40, 9, "box", 3, 3),
    ],
    "mall": [
        ("shop", "主楼", 0, 6, 76, 58, "notched", 4, 6),
        ("office", "写字楼", 0, -38, 30, 16, "tower", 16, 24),
    ],
    "stadium": [
        ("public", "体育馆", 26, 20, 42, 40, "tower", 2, 3),
        ("public", "游泳馆", 28, -26, 36, 22, "box", 2, 2),
    ],
    "station": [
        ("public", "候车楼", 0, 8, 72, 26, "t", 2, 3),
        ("warehouse", "行包房", 34, 38, 28, 10, "box", 1, 1),
    ],
    "market": [
        ("shop", "交易大棚", 0, 8, 70, 44, "box", 1, 2),
        ("shop", "综合楼", 0, -36, 74, 13, "box", 2, 3),
    ],
    "park": [("public", "管理用房", 8, 6, 12, 8, "l", 1, 1)],
    "square": [("public", "文化活动中心", 0, 32, 46, 20, "u", 2, 4)],
}
# kind, label, lengths, depth, row pitch, gap, floors from, to
ROWS = {
    "factory": ("factory", "号厂房", (62.0, 84.0, 104.0), 40.0, 62.0, 20.0, 1, 3),
    "works": ("warehouse", "号仓库", (34.0, 46.0, 28.0), 18.0, 31.0, 11.0, 1, 2),
    "office": ("office", "号楼", (38.0, 46.0, 30.0), 18.0, 48.0, 20.0, 5, 14),
    "shops": ("shop", "号楼", (44.0, 28.0, 56.0), 15.0, 35.0, 9.0, 2, 4),
}


def town_sites(seed: int, parcels: Parcels) -> pd.DataFrame:
    """Build on every town parcel that is not for homes."""
    rng = stream(seed, "sites")
    frames = []
    for index, use in enumerate(parcels.use):
        if use in LAYOUTS and not (use == "park" and rng.random() < 0.5):
            frames.append(_laid_out(rng, parcels, index))
        elif use in ROWS:
            frames.append(_in_rows(rng, parcels, index))
    return pd.concat(frames, ignore_index=True)


def _laid_out(rng: np.random.Generator, parcels: Parcels, index: int) -> pd.DataFrame:
    use = str(parcels.use[index])
    ground = parcels.polygons[index].buffer(-4.0)
    angle = float(parcels.angle[index])
    layout = LAYOUTS[use]
    frames = []
    for kind, label, x, y, width, depth, outline, low, high in layout:
        shape = _scaled(ground, angle, np.array([[x, y, width, depth]]), outline)
        if shapely.contains(ground, shape[0]):
            frame = some_buildings(
                shape,
                kind=kind,
                cell=int(parcels.cell[index]),
                site=f"{use} {index}",
                site_kind="campus",
                label=label if len(layout) > 1 else None,
                floors=int(rng.integers(low, high + 1)),
                units=0,
            )
            frames.append(frame)
    return pd.concat(frames) if frames else some_buildings(np.empty(0, dtype=object), kind="public", cell=0)


def _scaled(ground: shapely.Polygon, angle: float, boxes: Floats, outline: str) -> Geometries:
    """Fit boxes given on a plot of 100 by 100 to a parcel's own frame, at most 170 m across."""
    level = shapely.transform(ground, lambda p: turned(p, -angle))
    x0, y0, x1, y1 = level.bounds
    middle = shapely.get_coordinates(shapely.centroid(level))
    wide, deep = min(x1 - x0, 190.0) / 100, min(y1 - y0, 190.0) / 100
    centres = turned(middle + boxes[:, :2] * [wide, deep] * 0.9, angle)
    return footprints(
        centres, boxes[:, 2] * wide * 0.9, boxes[:, 3] * deep * 0.9, np.full(len(boxes), angle), outline
    )


def _in_rows(rng: np.random.Generator, parcels: Parcels, index: int) -> pd.DataFrame:
    use = str(parcels.use[index])
    kind, label, lengths, depth, pitch, gap, low, high = ROWS[use]
    stretch = rng.uniform(0.85, 1.2)
    angle = float(parcels.angle[index])
    ground = parcels.polygons[index].buffer(-6.0)
    if ground.is_empty:
        return some_buildings(np.empty(0, dtype=object), kind=kind, cell=0)
    level = shapely.transform(ground, lambda p: turned(p, -angle))
    boxes = rows_of_boxes(
        level,
        lengths_m=rng.permutation(np.array(lengths)) * stretch,
        depth_m=depth * stretch,
        pitch_m=pitch * stretch,
        gap_m=gap,
    )
    depths = depth * stretch * rng.uniform(0.82, 1.0, len(boxes))
    outline = (
        str(rng.choice(["box", "box", "notched"]))
        if use != "office"
        else str(rng.choice(["box", "tower", "u"]))
    )
    shapes = footprints(turned(boxes[:, :2], angle), boxes[:, 2], depths, np.full(len(boxes), angle), outline)
    shapes = shapes[shapely.contains(ground, shapes) & (rng.random(len(shapes)) > 0.1)]
    return some_buildings(
        shapes,
        kind=kind,
        cell=int(parcels.cell[index]),
        site=f"{use} {index}",
        site_kind="campus",
        label=[f"{n}{label}" for n in range(1, len(shapes) + 1)],
        floors=rng.integers(low, high + 1, len(shapes)),
        units=0,
    )
