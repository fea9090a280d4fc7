"""Cameras with what each sees, how it is filed and how long recordings are kept."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.demo.people.camera_places import camera_places
from geo.demo.people.land import Land
from geo.demo.people.plan import Days
from geo.demo.people.views import views
from geo.demo.shapes import stream

#: kind → opening angle, range; a panoramic one sees all round
OPTICS = {"bullet": (52.0, 85.0), "dome": (110.0, 100.0), "gate": (64.0, 38.0), "panoramic": (360.0, 75.0)}


def make_cameras(seed: int, land: Land, outline: shapely.Polygon, days: Days, prefix: str) -> pd.DataFrame:
    """Place the cameras.

    Returns
    -------
    pandas.DataFrame
        code, kind, network, state, name, direction_deg, angle_deg, range_m, height_m, cell, stream_url,
        filing_number, filed_on, retention_days, since, x, y, view (local metres).

    Notes
    -----
    Codes have the shape of GB/T 28181: eight digits of the centre, two of the industry, 132 for a network
    camera, one of the network, six of the serial number. Stream addresses end in ``.invalid``, a name that
    by RFC 2606 never exists.
    """
    rng = stream(seed, "cameras")
    table = _standing_free(camera_places(rng, land), land, outline)
    table["cell"] = _cells(table, land)
    table = table.sort_values(["cell", "x", "y"], ignore_index=True)
    table["name"] = _numbered(table["name"])
    count = len(table)
    optics = np.array([OPTICS[kind] for kind in table["kind"]])
    table["angle_deg"] = optics[:, 0]
    table["range_m"] = np.round(optics[:, 1] * rng.uniform(0.85, 1.15, count))
    table["height_m"] = np.where(table["kind"] == "gate", 3.5, np.round(rng.uniform(5.5, 8.0, count), 1))
    table["code"] = [f"{prefix}00{i}1320{n:06d}" for n, i in enumerate(table["industry"], start=1)]
    points = table[["x", "y"]].to_numpy()
    table["view"] = views(
        points, table["bearing"].to_numpy(), optics[:, 0], table["range_m"].to_numpy(), land.footprints
    )
    table["direction_deg"] = np.where(
        table["angle_deg"] < 360.0, np.round(table["bearing"], 1) % 360.0, np.nan
    )
    return _filed(rng, table, days).drop(columns=["bearing", "industry"])


def _numbered(names: pd.Series) -> pd.Series:
    """Number the cameras of one road or crossing, where it has several."""
    serial = (names.groupby(names).cumcount() + 1).astype(str)
    return names + serial.where(names.duplicated(keep=False), "")


def _filed(rng: np.random.Generator, table: pd.DataFrame, days: Days) -> pd.DataFrame:
    """Add state, filing and retention facts, and addresses that can lead nowhere."""
    count = len(table)
    table["state"] = rng.choice(
        np.array(["online", "offline", "repair"], dtype=object), count, p=[0.92, 0.05, 0.03]
    )
    since = [days.renewal - timedelta(int(n)) for n in rng.integers(30, 2200, count)]
    table["since"] = since
    filed = rng.random(count) < 0.94
    table["filed_on"] = [
        day + timedelta(20) if is_filed else None for day, is_filed in zip(since, filed, strict=True)
    ]
    table["filing_number"] = [
        f"演示备{day.year}{n:05d}" if is_filed else None
        for n, (day, is_filed) in enumerate(zip(since, filed, strict=True), start=1)
    ]
    table["retention_days"] = rng.choice([30, 30, 30, 90], count)
    linked = (rng.random(count) < 0.8) & (table["network"] != "property")
    table["stream_url"] = [
        f"rtsp://camera.invalid/{code}" if link else None
        for code, link in zip(table["code"], linked, strict=True)
    ]
    return table


def _standing_free(table: pd.DataFrame, land: Land, outline: shapely.Polygon) -> pd.DataFrame:
    """Keep cameras that stand in the zone, clear of buildings and of each other."""
    points = shapely.points(table[["x", "y"]].to_numpy())
    blocked = np.zeros(len(table), dtype=bool)
    blocked[shapely.STRtree(land.footprints).query(points, predicate="dwithin", distance=0.5)[0]] = True
    first, second = shapely.STRtree(points).query(points, predicate="dwithin", distance=25.0)
    blocked[first[second < first]] = True
    inside = shapely.contains(outline.buffer(-5.0), points)
    return table[inside & ~blocked].reset_index(drop=True)


def _cells(table: pd.DataFrame, land: Land) -> NDArray[np.int64]:
    points = shapely.points(table[["x", "y"]].to_numpy())
    inside = shapely.STRtree(land.cell_shapes).query(points, predicate="intersects")
    cell = np.full(len(table), -1)
    cell[inside[0]] = inside[1]
    return cell
