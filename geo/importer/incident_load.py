"""An import of incidents on its way: block by block checked, counted, located and written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.boundaries.place import check_area, check_shift
from geo.importer.common import begin_run, describe_options
from geo.importer.incident_faults import id_faults, repeat_faults, time_faults
from geo.importer.incident_options import IncidentImport, match_lists
from geo.importer.incident_places import Ground, Places
from geo.importer.registers import Block, Register
from geo.importer.repeats import SeenIds
from geo.importer.report import ImportReport
from geo.importer.times import parse_times
from geo.importer.writer import BehindWriter
from geo.incidents import CLOCK_TOLERANCE
from geo.model import Fault, Zone
from geo.store import import_lists, import_runs, incident_load

_LABELS = {
    "inside": "inside a grid",
    "outside": "outside every grid",
    "no_coordinates": "without coordinates",
    "null_island": "at 0,0",
    "future": "in the future",
    "skipped": "known already, skipped",
    "off_earth": "coordinates not on Earth (kept without place)",
}
_NO_GRIDS = "no grids are in force: every incident is stored as outside; import the grids first"
_NO_IDS = "no column of ids: importing this file again would store every incident again; say --map id=COLUMN"


class IncidentLoad:
    """One import on its way: what it knows, what it has found, what it has written."""

    def __init__(
        self,
        session: Session,
        zone: Zone,
        options: IncidentImport,
        register: Register,
        report: ImportReport,
        now: datetime,
        *,
        commit: bool,
    ) -> None:
        self._session, self._zone, self._options, self._register = session, zone, options, register
        self._report, self._now, self._commit = report, now, commit
        self._name = options.register or Path(register.name).name.partition(".")[0]
        self._ground = Ground.today(session, zone)
        self._category, self._source, self._state = match_lists(session, options)
        self._seen = SeenIds()
        self.writer = BehindWriter()
        # The turn is waited for first: what another import is writing must be seen here.
        self._run = self._begin() if commit else None
        self._had = incident_load.has_register(session, self._name)
        self._counts: dict[str, int] = dict.fromkeys(
            ("inside", "outside", "no_coordinates", "null_island", "future", "skipped", "off_earth"), 0
        )
        self._after = incident_load.last_id(session) if commit else 0
        if not self._ground.has_grids:
            report.warnings.add([Fault(None, "no-grids", _NO_GRIDS)])

    def _begin(self) -> int:
        described = describe_options(self._options.read) | {
            "crs": str(self._register.crs),
            "register": self._name,
        }
        return begin_run(self._session, self._report, described)

    def take(self, block: Block) -> None:
        """Check a block, count it, and write it while nothing has been found wrong."""
        times = parse_times(
            block.get("reported_at"), time_zone=self._zone.time_zone, pattern=self._options.time_format
        )
        self._report.faults.add(time_faults(times, block))
        self._report.faults.add(id_faults(block))
        category = self._category.match(block.get("category"), block.start)
        source = self._source.match(block.get("source"), block.start)
        state = self._state.match(block.get("state"), block.start)
        self._report.faults.add(repeat_faults(self._seen.repeated(block.get("external_id")), block))
        places = self._ground.place(block.x, block.y, self._register.crs)
        if block.start == 0:
            self._suspect(places)
        future = (times > pd.Timestamp(self._now + CLOCK_TOLERANCE)).to_numpy()
        fresh = ~self._known(block)
        self._count(places, future, fresh)
        self._report.rows_read += len(block)
        faulty = (
            self._report.faults
            or self._category.has_faults
            or self._source.has_faults
            or self._state.has_faults
        )
        if self._commit and not faulty:
            codes = {"category": category, "source": source, "state": state}
            rows = self._rows(block, places, codes, times, future)[fresh]
            self.writer.wait()
            self._add_categories()
            srid = self._zone.storage_srid
            self.writer.write(lambda: incident_load.add_incidents(self._session, rows, srid=srid))

    def _suspect(self, places: Places) -> None:
        """Look at the first block for a mix-up of axes or systems; incidents are kept all the same."""
        self._report.warnings.add(check_area(places.lon, places.lat, metric_crs=self._zone.metric_crs))
        if self._ground.has_grids:
            outline, storage = self._ground.outline, self._zone.storage_crs
            crs = self._register.crs
            found = check_shift(places.lon, places.lat, outline, declared=crs, storage_crs=storage)
            self._report.warnings.add(found)

    def _known(self, block: Block) -> NDArray[np.bool_]:
        ids = block.get("external_id")
        if not self._had:
            return np.zeros(len(block), dtype=bool)
        self.writer.wait()
        stored = incident_load.known_ids(self._session, self._name, [i for i in ids if i is not None])
        return np.array([i in stored for i in ids], dtype=bool)

    def _count(self, places: Places, future: NDArray[np.bool_], fresh: NDArray[np.bool_]) -> None:
        for status, count in pd.Series(places.status[fresh]).value_counts().items():
            self._counts[str(status)] += int(count)
        self._counts["future"] += int((future & fresh).sum())
        self._counts["off_earth"] += int((places.off_earth & fresh).sum())
        self._counts["skipped"] += int((~fresh).sum())
        self._report.rows_to_write += int(fresh.sum())

    def _rows(
        self,
        block: Block,
        places: Places,
        codes: dict[str, NDArray[Any]],
        times: pd.Series,
        future: NDArray[np.bool_],
    ) -> GeoDataFrame:
        placed = np.isfinite(places.lon)
        release = pd.array(np.where(placed, self._ground.release_id or 0, 0), dtype="Int64")
        table = pd.DataFrame(
            codes
            | places.chains
            | {
                "description": _or_empty(block.get("description")),
                "address_text": _or_empty(block.get("address")),
                "reported_at": times,
                "lon": block.x,
                "lat": block.y,
                "input_crs": self._register.crs.name[:80],
                "place_status": places.status,
                "time_status": np.where(future, "future", "plausible"),
                "release_id": pd.Series(release).where(pd.Series(release) > 0),
                "import_id": self._run,
                "import_source": self._name,
                "external_id": block.get("external_id"),
            }
        )
        return GeoDataFrame(
            table, geometry=GeoSeries(places.points, crs=self._zone.storage_crs)
        ).rename_geometry("geom")

    def _add_categories(self) -> None:
        if self._category.added and self._options.add_categories is not None:
            import_lists.add_categories(self._session, self._category.added, self._options.add_categories)
            self._category.added.clear()

    def finish(self) -> None:
        """Say what was found, and close the run when everything was written."""
        self.writer.wait()
        report = self._report
        for matcher in (self._category, self._source, self._state):
            report.faults.add(matcher.faults())
        if report.rows_read == 0:
            report.faults.add([Fault(None, "file-empty", "the file has no rows; nothing to import")])
        if self._register.columns.get("external_id") is None:
            report.warnings.add([Fault(None, "no-ids", _NO_IDS)])
        if self._category.new:
            report.notes.append(f"categories added to the list: {', '.join(sorted(self._category.new))}")
        report.figures |= {_LABELS[name]: count for name, count in self._counts.items()}
        report.figures["register"] = self._name
        if self._run is not None and report.is_clean:
            incident_load.add_first_steps(self._session, self._run, self._after)
            import_runs.set_rows(
                self._session, self._run, rows_read=report.rows_read, rows_written=report.rows_to_write
            )
            report.import_id = self._run


def _or_empty(values: NDArray[Any]) -> NDArray[Any]:
    return np.where(pd.isna(values), "", values)
