"""Import a register of incidents: a million in a minute, all or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geo.errors import InvalidInput
from geo.importer.incident_load import IncidentLoad
from geo.importer.incident_options import IncidentImport
from geo.importer.registers import Register, open_register
from geo.importer.report import ImportReport
from geo.zones import get_zone

__all__ = ["IncidentImport", "import_incidents"]

Progress = Callable[[int], None]


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
        load = IncidentLoad(session, zone, options, register, report, now or datetime.now(UTC), commit=commit)
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
