"""Import the zone's background: roads, water, land use, from an OSM extract or any vector file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.boundaries.columns import match_columns, text_values
from geo.boundaries.read import ReadOptions, read_features
from geo.boundaries.shapes import multi
from geo.boundaries.tags import TAGS, Meaning, Role, parse_other_tags, read_kind, read_tags
from geo.errors import InvalidInput
from geo.importer.common import begin_run, describe_options
from geo.importer.report import ImportReport
from geo.model import Fault, Zone
from geo.store import basemap as store
from geo.store import frames
from geo.store.import_lists import names_of
from geo.zones import get_zone

ROLES: tuple[Role, ...] = ("roads", "water", "land_use")
_LISTS: dict[Role, str] = {"roads": "road_kinds", "water": "water_kinds", "land_use": "land_use_kinds"}
_OSM_LAYERS = ("lines", "multipolygons")
#: What lies farther from the zone than this is not kept, degrees (about 5 km).
_MARGIN = 0.05
_LINES, _AREAS = (1, 5), (3, 6)


@dataclass(frozen=True)
class _Part:
    """A layer of the file, read."""

    frame: GeoDataFrame
    columns: dict[str, str]


def import_basemap(
    session: Session, path: str | Path, options: ReadOptions, *, role: str | None = None, commit: bool = False
) -> ImportReport:
    """Check a street map and, when asked to and nothing is wrong, put it in the place of the present one.

    Each of roads, water and land use is replaced when the file has any of it, and stays otherwise. Features
    farther than 5 km from the zone, and broken ones, are left out and counted.

    Parameters
    ----------
    session
        Reaches the database as the loader; the caller commits.
    role
        ``roads``, ``water`` or ``land_use`` for all features of the file; None: by their tags or kinds.

    Raises
    ------
    InvalidFile, InvalidInput
        The file cannot be read, or there is no such role.
    """
    if role is not None and role not in ROLES:
        raise InvalidInput(f"role {role!r} is none; use one of {', '.join(ROLES)}")
    zone = get_zone(session)
    report = ImportReport("basemap", Path(path).name)
    lists: dict[Role, dict[str, str]] = {name: names_of(session, _LISTS[name]) for name in ROLES}
    parts = _read(path, options, zone, report)
    meant = [_meanings(part, lists, role) for part in parts]
    near = [_near(session, part.frame, zone) for part in parts]
    layers = {name: _layer(parts, meant, near, name, zone) for name in ROLES}
    layers = {name: layer for name, layer in layers.items() if len(layer)}
    _count(layers, meant, near, report)
    if commit and report.is_clean:
        run = begin_run(session, report, describe_options(options) | {"role": role})
        store.replace_basemap(session, layers, srid=zone.storage_srid)
        report.import_id = run
    return report


def _read(path: str | Path, options: ReadOptions, zone: Zone, report: ImportReport) -> list[_Part]:
    suffix = Path(path).suffix.lower()
    layers = _OSM_LAYERS if suffix in {".osm", ".pbf"} and options.layer is None else (options.layer,)
    parts = []
    for layer in layers:
        chosen = ReadOptions(layer, options.crs, options.encoding, options.mapping, options.limits)
        file = read_features(path, chosen, storage_crs=zone.storage_crs, kind="any")
        report.sha256 = file.sha256
        report.rows_read += len(file.frame)
        report.notes += [note for note in file.notes if note not in report.notes]
        # A background may have holes; a broken lake is left out, not a reason to have no map.
        report.warnings.add(file.faults)
        present = [str(name) for name in file.frame.columns if name != "geometry"]
        columns = match_columns(present, ("name", "kind"), options.mapping)
        tags = {tag: tag for tag in (*TAGS, "other_tags") if tag in present}
        parts.append(_Part(file.frame, dict(columns.of) | tags))
    return parts


def _meanings(part: _Part, lists: dict[Role, dict[str, str]], role: str | None) -> list[Meaning | None]:
    types = shapely.get_type_id(part.frame.geometry.to_numpy())
    tagged = [tag for tag in (*TAGS, "other_tags") if tag in part.columns]
    values = {name: text_values(part.frame[column]).tolist() for name, column in part.columns.items()}
    found: list[Meaning | None] = []
    for row, kind_of_shape in enumerate(types):
        if kind_of_shape not in (*_LINES, *_AREAS):
            found.append(None)
            continue
        is_area = kind_of_shape in _AREAS
        meaning = (
            read_tags(_tags(values, tagged, row), is_area=is_area)
            if tagged
            else read_kind(values["kind"][row] if "kind" in values else None, lists, is_area=is_area)
        )
        found.append(_in_role(meaning, role, lists, is_area=is_area))
    return found


def _tags(values: dict[str, list[Any]], tagged: list[str], row: int) -> dict[str, str]:
    tags = parse_other_tags(values["other_tags"][row]) if "other_tags" in tagged else {}
    own = {tag: values[tag][row] for tag in tagged if tag != "other_tags"}
    return tags | {tag: value for tag, value in own.items() if value is not None}


def _in_role(
    meaning: Meaning | None, role: str | None, lists: dict[Role, dict[str, str]], *, is_area: bool
) -> Meaning | None:
    """Take the role the user says, where the geometry allows it, and only kinds on the zone's list."""
    if role is not None:
        fits = is_area if role == "land_use" else (not is_area if role == "roads" else True)
        kept = meaning.kind if meaning and meaning.role == role else "other"
        meaning = Meaning(cast("Role", role), kept) if fits else None
    if meaning is None or meaning.kind in lists[meaning.role].values():
        return meaning
    return Meaning(meaning.role, "other") if "other" in lists[meaning.role].values() else None


def _near(session: Session, frame: GeoDataFrame, zone: Zone) -> NDArray[np.bool_]:
    """Which features lie in or near the zone; all of them while it has no grids."""
    grids = frames.grids_frame(session, zone.today(), zone.storage_crs, level=1)
    if not len(grids):
        return np.ones(len(frame), dtype=bool)
    west, south, east, north = grids.total_bounds
    around = shapely.box(west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
    return np.asarray(shapely.intersects(frame.geometry.to_numpy(), around), dtype=bool)


def _layer(
    parts: list[_Part],
    meant: list[list[Meaning | None]],
    near: list[NDArray[np.bool_]],
    role: Role,
    zone: Zone,
) -> GeoDataFrame:
    kinds: list[str] = []
    names: list[str | None] = []
    shapes: list[Any] = []
    for part, meanings, close in zip(parts, meant, near, strict=True):
        rows = [i for i, m in enumerate(meanings) if m is not None and m.role == role and close[i]]
        kinds += [cast("Meaning", meanings[i]).kind for i in rows]
        column = part.columns.get("name")
        names += [None] * len(rows) if column is None else text_values(part.frame[column].iloc[rows]).tolist()
        shapes += list(part.frame.geometry.to_numpy()[rows])
    table = pd.DataFrame({"kind": kinds, "name": pd.Series(names, dtype=object)})
    geometry = multi(np.array([*shapes, None], dtype=object)[:-1])
    return GeoDataFrame(table, geometry=GeoSeries(geometry, crs=zone.storage_crs)).rename_geometry("geom")


def _count(
    layers: dict[Role, GeoDataFrame],
    meant: list[list[Meaning | None]],
    near: list[NDArray[np.bool_]],
    report: ImportReport,
) -> None:
    for role, layer in layers.items():
        kinds = Counter(layer["kind"])
        report.figures[role.replace("_", " ")] = len(layer)
        report.notes.append(f"{role}: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    drawn = [m is not None for meanings in meant for m in meanings]
    close = [bool(one) for part in near for one in part]
    report.figures["not drawn (buildings, borders, points …)"] = drawn.count(False)
    report.figures["too far away"] = sum(d and not c for d, c in zip(drawn, close, strict=True))
    report.rows_to_write = sum(len(layer) for layer in layers.values())
    if not layers:
        report.faults.add([Fault(None, "nothing-to-draw", _NOTHING)])


_NOTHING = (
    "the file has no roads, water or land use near the zone; give it OSM tags, a column of kinds "
    "(--map kind=COLUMN), or say --role roads, water or land_use"
)
