"""What the imports of grids, buildings and neighbourhoods do alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.boundaries.columns import Columns, match_columns, text_values
from geo.boundaries.place import check_area, check_shift
from geo.boundaries.read import FeatureFile, ReadOptions, read_features
from geo.boundaries.shapes import Kind
from geo.crs import to_storage
from geo.importer.report import ImportReport
from geo.locate.index import Locator
from geo.model import Fault, Zone
from geo.store import frames, import_runs
from geo.store.partition import wait_for_turn


def read_subject(
    subject: str,
    path: Any,
    options: ReadOptions,
    zone: Zone,
    kind: Kind,
) -> tuple[FeatureFile, ImportReport]:
    """Read a file and begin its report."""
    file = read_features(path, options, storage_crs=zone.storage_crs, kind=kind)
    report = ImportReport(subject, file.name, file.sha256, rows_read=len(file.frame))
    report.notes += file.notes
    report.faults.add(file.faults)
    if file.frame.empty:
        report.faults.add([Fault(None, "file-empty", "the file has no rows; nothing to import")])
    return file, report


def named_columns(
    file: FeatureFile,
    wanted: Sequence[str],
    options: ReadOptions,
    report: ImportReport,
    more: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[GeoDataFrame, Columns]:
    """A frame whose columns are called by our fields, as trimmed text; fields without a column are None."""
    present = [str(column) for column in file.frame.columns if column != "geometry"]
    said = {name: column for name, column in options.mapping.items() if name not in {"lon", "lat", "wkt"}}
    columns = match_columns(present, wanted, said, more)
    report.notes.append(f"columns: {columns.described or 'none used'}")
    values = {name: _field(file.frame, columns.get(name)) for name in wanted}
    return GeoDataFrame(values, geometry=file.frame.geometry, crs=file.frame.crs), columns


def _field(frame: GeoDataFrame, column: str | None) -> pd.Series:
    if column is None:
        return pd.Series([None] * len(frame), index=frame.index, dtype=object)
    return text_values(frame[column])


def label_points(geometries: NDArray[Any], *, zone: Zone) -> NDArray[Any]:
    """Where a polygon's name stands: the point farthest from its border, measured in the metric CRS.

    Parameters
    ----------
    geometries
        Valid polygons in the storage CRS.

    Returns
    -------
    numpy.ndarray
        Points in the storage CRS, each inside its polygon.
    """
    metric = to_storage(geometries, zone.storage_crs, zone.metric_crs)
    # Exact to a two-hundredth of the polygon's size: no eye can tell, and large ones stay cheap.
    tolerance_m = np.maximum(np.sqrt(shapely.area(metric)) / 200.0, 0.1)
    circles = [
        shapely.maximum_inscribed_circle(one, tolerance=limit)
        for one, limit in zip(metric, tolerance_m, strict=True)
    ]
    centres = shapely.get_point(np.array(circles, dtype=object), 0)
    points = to_storage(centres, zone.metric_crs, zone.storage_crs)
    inside: NDArray[Any] = np.where(
        shapely.covers(geometries, points), points, shapely.point_on_surface(geometries)
    )
    return inside


def area_m2(geometries: NDArray[Any], *, zone: Zone) -> NDArray[np.float64]:
    """Areas in the zone's metric CRS, square metres."""
    return np.asarray(
        shapely.area(to_storage(geometries, zone.storage_crs, zone.metric_crs)), dtype=np.float64
    )


def suspect_places(session: Session, file: FeatureFile, zone: Zone, report: ImportReport) -> None:
    """Say when the file lies elsewhere, or seems to be in another reference system than declared."""
    points = shapely.point_on_surface(file.frame.geometry[file.frame.geometry.notna()].to_numpy())
    x, y = shapely.get_x(points), shapely.get_y(points)
    report.faults.add(check_area(x, y, metric_crs=zone.metric_crs))
    grids = frames.grids_frame(session, zone.today(), zone.storage_crs, level=1)
    if len(grids):
        shift = check_shift(x, y, Locator.from_frame(grids), declared=file.crs, storage_crs=zone.storage_crs)
        report.warnings.add(shift)


def begin_run(session: Session, report: ImportReport, options: Mapping[str, Any]) -> int:
    """Record the run in which the report is about to be written."""
    wait_for_turn(session)
    return import_runs.add_import_run(
        session,
        {
            "subject": report.subject,
            "file_name": report.file_name,
            "sha256": report.sha256,
            "rows_read": report.rows_read,
            "rows_written": report.rows_to_write,
            "options": {name: value for name, value in options.items() if value is not None},
        },
    )


def describe_options(options: ReadOptions, file: FeatureFile | None = None) -> dict[str, Any]:
    """Options as they are kept with the run."""
    crs = options.crs if file is None else str(file.crs)
    return {"crs": crs, "encoding": options.encoding, "layer": options.layer, "map": options.mapping or None}


def check_not_imported(session: Session, report: ImportReport) -> list[Fault]:
    """The very same file twice would store everything twice; rule ``file-known``."""
    run = import_runs.find_same_file(session, report.subject, report.sha256)
    if run is None:
        return []
    return [
        Fault(
            None,
            "file-known",
            f"this very file was imported already (run {run[0]}, {run[1]:%Y-%m-%d %H:%M} UTC); "
            "nothing is left to do",
        )
    ]
