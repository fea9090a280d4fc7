"""Import a register of incidents: a million in a minute, all or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.boundaries.place import check_area, check_shift
from geo.boundaries.read import ReadOptions
from geo.errors import InvalidInput
from geo.importer.common import begin_run, describe_options
from geo.importer.incident_codes import CodeMatcher
from geo.importer.incident_places import Ground, Places
from geo.importer.registers import Block, Register, open_register
from geo.importer.repeats import SeenIds
from geo.importer.report import ImportReport
from geo.importer.times import parse_times
from geo.importer.writer import BehindWriter
from geo.incidents import CLOCK_TOLERANCE
from geo.model import Fault, Zone
from geo.store import import_lists, import_runs, incident_load
from geo.zones import get_zone

Progress = Callable[[int], None]


@dataclass(frozen=True)
class IncidentImport:
    """How a register is to be imported.

    Attributes
    ----------
    register
        Name of the register its ids belong to; the file's stem when None.
    category
        Category of rows without one, and of those whose category is on no list.
    add_categories
        Service kind under which categories on no list are added to it.
    source, state
        Source of rows without one; state of rows without one.
    time_format
        ``strptime`` pattern of the times, when they are not written year first.
    """

    register: str | None = None
    category: str | None = None
    add_categories: str | None = None
    source: str = "import"
    state: str = "reported"
    time_format: str | None = None
    read: ReadOptions = field(default_factory=ReadOptions)


def import_incidents(
    session: Session,
    path: str | Path,
    options: IncidentImport,
    *,
    commit: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Check a register and, when asked to and nothing is wrong, write it with the chain of every incident.

    Incidents outside every grid, at 0,0, without coordinates or in the future are kept and marked. Those
    whose id the register had before are skipped, so that importing again does no harm.

    Parameters
    ----------
    session
        Reaches the database as the loader; the caller commits.
    commit
        False: report only.
    progress
        Told the number of rows done, from time to time.

    Raises
    ------
    InvalidFile, InvalidInput
        The file cannot be read, a needed column is missing, or an option names no entry of a list.
    """
    zone = get_zone(session)
    with open_register(path, options.read) as register:
        report = ImportReport("incidents", register.name, register.sha256)
        report.notes += [*register.notes, f"columns: {register.columns.described}"]
        _check_columns(register, options)
        savepoint = session.begin_nested()
        load = _Load(session, zone, options, register, report, now or datetime.now(UTC), commit=commit)
        with load.writer:
            for block in register.blocks:
                load.take(block)
                if progress is not None:
                    progress(report.rows_read)
            load.finish()
        if report.is_clean:
            savepoint.commit()
        else:
            savepoint.rollback()
    return report


def _check_columns(register: Register, options: IncidentImport) -> None:
    columns = register.columns
    if columns.get("reported_at") is None:
        raise InvalidInput(f"{register.name} has no column of times; say --map time=COLUMN")
    if columns.get("category") is None and options.category is None:
        raise InvalidInput(
            f"{register.name} has no column of categories; say --map category=COLUMN, "
            "or --category CODE for all"
        )


class _Load:
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
        self._category, self._source, self._state = _matchers(session, options)
        self._seen = SeenIds()
        self.writer = BehindWriter()
        self._had = incident_load.has_register(session, self._name)
        self._counts: dict[str, int] = dict.fromkeys(
            ("inside", "outside", "no_coordinates", "null_island", "future", "skipped", "off_earth"), 0
        )
        self._run = self._begin() if commit else None
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
        self._report.faults.add(_time_faults(times, block))
        category = self._category.match(block.get("category"), block.start)
        source = self._source.match(block.get("source"), block.start)
        state = self._state.match(block.get("state"), block.start)
        self._report.faults.add(_repeat_faults(self._seen.repeated(block.get("external_id")), block))
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


def _matchers(session: Session, options: IncidentImport) -> tuple[CodeMatcher, CodeMatcher, CodeMatcher]:
    categories = import_lists.names_of(session, "incident_categories")
    sources = import_lists.names_of(session, "incident_sources")
    states = {code: code for code in import_lists.state_codes(session)}
    for name, code, known in (
        ("--category", options.category, categories),
        ("--add-categories", options.add_categories, categories),
        ("--source", options.source, sources),
        ("--state", options.state, states),
    ):
        if code is not None and code not in known.values():
            raise InvalidInput(
                f"{name} {code!r} is on no list; use one of "
                f"{', '.join(sorted(set(known.values()))) or 'none'}"
            )
    cure = (
        "add it to [lists] in ZONE.toml and run `wangge init`, or say --category CODE to take them all as "
        "that one, or --add-categories KIND to add them under a service kind"
    )
    category = CodeMatcher(
        "category",
        categories,
        options.category,
        options.category,
        adds=options.add_categories is not None,
        cure=cure,
    )
    other = "add it to [lists] in ZONE.toml and run `wangge init`, or map another column"
    source = CodeMatcher("source", sources, options.source, cure=other)
    state = CodeMatcher("state", states, options.state, cure=f"use one of {', '.join(sorted(states))}")
    return category, source, state


def _or_empty(values: NDArray[Any]) -> NDArray[Any]:
    return np.where(pd.isna(values), "", values)


def _time_faults(times: pd.Series, block: Block) -> list[Fault]:
    texts = block.get("reported_at")
    return [
        Fault(
            block.start + int(i) + 1,
            "time-unreadable",
            f"time {str(texts[i])[:40]!r} cannot be read; write 2026-01-31 08:30, or say --time-format"
            if texts[i] is not None
            else "the row has no time; every incident was reported at some time",
            column="reported_at",
            value=None if texts[i] is None else str(texts[i]),
        )
        for i in np.flatnonzero(times.isna())
    ]


def _repeat_faults(repeated: NDArray[np.bool_], block: Block) -> list[Fault]:
    ids = block.get("external_id")
    return [
        Fault(
            block.start + int(i) + 1,
            "id-repeated",
            f"id {str(ids[i])[:60]!r} came before in this file; leave one of the rows out",
            column="external_id",
            value=str(ids[i]),
        )
        for i in np.flatnonzero(repeated)
    ]
