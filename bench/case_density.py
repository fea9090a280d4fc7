"""The figures of a density map, over all incidents there are."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.ground import Ground
from bench.measuring import Comparison, seconds
from geo.density import measure_density

TITLE = "Case density"
FILTERS = {
    "all": {},
    "a year, one service kind, one source, one state": {
        "since": "2025-03-01",
        "until": "2026-03-01",
        "category": "public",
        "source": "import",
        "state": "reported",
    },
}


def measure(ground: Ground) -> list[Comparison]:
    with Session(ground.engine) as session:
        session.execute(text("ANALYZE incident"))
        total = session.scalar(text("SELECT count(*) FROM incident"))
        return [_compare(session, f"{total:,} incidents, {name}", asked) for name, asked in FILTERS.items()]


def _compare(session: Session, task: str, asked: dict[str, str]) -> Comparison:
    plain = text("SELECT grid3_code, count(*) FROM incident GROUP BY 1")
    taken = seconds(
        {
            "geo.measure_density": lambda: measure_density(session, level=3, **asked),  # type: ignore[misc]
            "bare GROUP BY over all": lambda: session.execute(plain).all(),
        }
    )
    note = "Ours with grids, rates and the account of every case, and the filter; the bare sum takes none."
    return Comparison(task, "ms", {name: 1000 * value for name, value in taken.items()}, False, note)
