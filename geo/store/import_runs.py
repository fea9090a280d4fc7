"""Runs that brought data in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geo.store import tables

T = tables.ImportRun


def add_import_run(session: Session, values: dict[str, Any]) -> int:
    """Record a run and give its id."""
    run = T(**values)
    session.add(run)
    session.flush()
    return run.id


def set_rows(session: Session, run_id: int, *, rows_read: int, rows_written: int) -> None:
    """Say how many rows a run read and wrote, once that is known."""
    session.execute(update(T).where(T.id == run_id).values(rows_read=rows_read, rows_written=rows_written))


def find_same_file(session: Session, subject: str, sha256: str) -> tuple[int, datetime] | None:
    """The run that imported the very same file for the same subject, if there was one."""
    query = select(T.id, T.at).where(T.subject == subject, T.sha256 == sha256).order_by(T.id).limit(1)
    row = session.execute(query).first()
    return None if row is None else (row.id, row.at)
