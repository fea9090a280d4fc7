"""Homes of the town: residential quarters of numbered blocks, and the old town's rows of shop houses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.demo.footprints import footprints, turned
from geo.demo.parcels import Parcels
from geo.demo.shapes import Floats, stream
from geo.demo.stock import rows_of_boxes, some_buildings

UNIT_WIDTH_M = 15.5
# depth, row pitch, gap, units to use in turn, doors per floor, usual floors, most floors, outline
STYLES = {
    "slab": (12.0, 31.0, 9.0, (3, 3, 4), 2, (4, 5, 6, 6), 9, "notched"),
    "long": (11.5, 29.0, 10.0, (4, 5, 4), 2, (4, 5, 6), 8, "box"),
    "low": (10.5, 24.0, 8.0, (2, 3, 2), 2, (3, 4, 5), 7, "box"),
    "tower": (18.0, 52.0, 22.0, (2, 2, 1), 3, (9, 11, 15), 33, "tower"),
}


def town_homes(seed: int, parcels: Parcels, target: Floats) -> pd.DataFrame:
    """Build the homes of every town grid until its households are housed.

    Returns
    -------
    pandas.DataFrame
        Rows as :func:`geo.demo.stock.some_buildings` makes them; households of a grid are within a few
        per cent of its target where its parcels have room.

    Notes
    -----
    Parcels that turn out not to be needed get another use.
    """
    rng = stream(seed, "homes")
    frames: list[pd.DataFrame] = []
    for cell in np.unique(parcels.cell):
        mine = np.flatnonzero((parcels.cell == cell) & (parcels.use == "quarter"))
        if len(mine):
            frames.append(
                _housed(pd.concat([_quarter(rng, parcels, int(i)) for i in mine]), float(target[cell]))
            )
        mine = np.flatnonzero((parcels.cell == cell) & (parcels.use == "old_town"))
        if len(mine):
            frames.append(_shop_houses(rng, parcels, mine, float(target[cell])))
    homes = pd.concat(frames, ignore_index=True)
    lived_in = {int(site.split()[1]) for site in homes["site"].dropna()}
    empty = [i for i in np.flatnonzero(parcels.use == "quarter") if i not in lived_in]
    parcels.use[empty] = rng.choice(np.array(["field", "park", "works", "shops"], dtype=object), len(empty))
    return homes


def _quarter(rng: np.random.Generator, parcels: Parcels, index: int) -> pd.DataFrame:
    style = str(rng.choice(list(STYLES), p=[0.40, 0.2, 0.24, 0.16]))
    depth, pitch, gap, units, doors, floors, _, outline = STYLES[style]
    angle = float(parcels.angle[index])
    ground = parcels.polygons[index].buffer(-6.0)
    if ground.is_empty:
        return some_buildings(np.empty(0, dtype=object), kind="residential", cell=0)
    level = shapely.transform(ground, lambda p: turned(p, -angle))
    lengths = np.array(units) * UNIT_WIDTH_M * (1.6 if style == "tower" else 1.0)
    boxes = rows_of_boxes(level, lengths_m=lengths, depth_m=depth, pitch_m=pitch, gap_m=gap)
    shapes = footprints(
        turned(boxes[:, :2], angle),
        boxes[:, 2],
        np.full(len(boxes), depth),
        np.full(len(boxes), angle),
        outline,
    )
    fits = shapely.contains(ground, shapes) & (rng.random(len(shapes)) > 0.03)
    counts = (
        np.array(units)[np.argmin(np.abs(boxes[fits, 2][:, None] - lengths), axis=1)] if fits.any() else []
    )
    number = int(fits.sum())
    frame = some_buildings(
        shapes[fits],
        kind="residential",
        cell=int(parcels.cell[index]),
        site=f"quarter {index}",
        site_kind="quarter",
        label=[f"{n}栋" for n in range(1, number + 1)],
        floors=int(rng.choice(floors)),
        units=np.asarray(counts, dtype=np.int64),
        doors=doors,
    )
    frame["style"] = style
    return frame


def _housed(frame: pd.DataFrame, target: float) -> pd.DataFrame:
    """Set floors and leave out the last blocks so that the grid's households come to its target."""
    per_floor = (frame["units"] * frame["doors"]).to_numpy(dtype=float)
    floors = frame["floors"].to_numpy(dtype=float)
    most = frame["style"].map({name: style[6] for name, style in STYLES.items()}).to_numpy(dtype=float)
    share = target / max(float((per_floor * floors).sum()), 1.0)
    floors = np.clip(
        np.ceil(floors * share) if share > 1.0 else np.round(floors * max(share, 0.8)), 3.0, most
    )
    homes = per_floor * floors
    keep = np.cumsum(homes) <= target * 1.02
    frame = frame.assign(floors=floors.astype(int), households=homes.astype(int)).drop(columns="style")
    return frame[keep]


def _shop_houses(
    rng: np.random.Generator, parcels: Parcels, mine: NDArray[np.int64], target: float
) -> pd.DataFrame:
    """Fill old-town parcels with narrow houses along lanes; two or three households each."""
    parts = [_shop_rows(rng, parcels, i) for i in mine]
    shapes = np.concatenate(parts)
    wanted = min(len(shapes), round(target / 2.3))
    households = np.clip(np.round(rng.normal(target / max(wanted, 1), 0.8, wanted)), 1, 6).astype(np.int64)
    floors = np.clip(rng.integers(2, 5, wanted), np.ceil(households / 2).astype(int), 6)
    shop = rng.random(wanted) < 0.3
    frame = some_buildings(
        shapes[np.sort(rng.permutation(len(shapes))[:wanted])],
        kind="residential",
        cell=int(parcels.cell[mine[0]]),
        floors=floors,
        doors=2,
        households=households,
    )
    frame["kind"] = np.where(shop, "shop", "residential")
    return frame


def _shop_rows(rng: np.random.Generator, parcels: Parcels, index: int) -> NDArray[np.object_]:
    angle = float(parcels.angle[index])
    ground = parcels.polygons[index].buffer(-1.0)
    level = shapely.transform(ground, lambda p: turned(p, -angle))
    lengths = np.round(rng.uniform(6.5, 12.5, 37), 1)
    boxes = rows_of_boxes(level, lengths_m=lengths, depth_m=13.0, pitch_m=17.0, gap_m=0.6)
    depths = rng.uniform(8.5, 12.8, len(boxes))
    boxes[:, 1] += (13.0 - depths) / 2 * np.where(np.arange(len(boxes)) % 2, 1, -1) * 0.6
    shapes = footprints(turned(boxes[:, :2], angle), boxes[:, 2], depths, np.full(len(boxes), angle))
    keep: NDArray[np.bool_] = shapely.contains(ground, shapes) & (rng.random(len(shapes)) > 0.05)
    return shapes[keep]
