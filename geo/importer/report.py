"""What an import found, would write or has written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from geo.model import Fault

#: Faults of one rule that are kept in full; all are counted.
KEPT_PER_RULE = 1000


@dataclass
class Findings:
    """Faults or warnings: the first thousand of each rule in full, all of them counted."""

    kept: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, faults: Iterable[Fault]) -> None:
        """Take more findings in."""
        for fault in faults:
            self.counts[fault.rule] += 1
            if self.counts[fault.rule] <= KEPT_PER_RULE:
                self.kept.append(fault)

    def __bool__(self) -> bool:
        return bool(self.counts)

    @property
    def total(self) -> int:
        """How many there are, kept or not."""
        return self.counts.total()


@dataclass
class ImportReport:
    """Outcome of an import, dry or committed.

    Attributes
    ----------
    subject
        grids, neighbourhoods, buildings, basemap, incidents, people or a kind of places.
    faults
        What keeps the file from being written.
    warnings
        What a person should look at, but does not keep it from being written.
    notes
        How the file was read: CRS, encoding, columns.
    figures
        Numbers by name, in the order they are shown.
    import_id
        The run that wrote it; None when nothing was written.
    """

    subject: str
    file_name: str
    sha256: str = ""
    rows_read: int = 0
    rows_to_write: int = 0
    faults: Findings = field(default_factory=Findings)
    warnings: Findings = field(default_factory=Findings)
    notes: list[str] = field(default_factory=list)
    figures: dict[str, int | float | str] = field(default_factory=dict)
    import_id: int | None = None

    @property
    def is_clean(self) -> bool:
        """Whether it may be written."""
        return not self.faults

    @property
    def is_written(self) -> bool:
        """Whether it has been written in this transaction."""
        return self.import_id is not None

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "subject": self.subject,
            "file": self.file_name,
            "sha256": self.sha256,
            "rows_read": self.rows_read,
            "rows_to_write": self.rows_to_write,
            "written": self.is_written,
            "import_id": self.import_id,
            "figures": self.figures,
            "notes": self.notes,
            "fault_counts": dict(self.faults.counts),
            "faults": [_fault(fault) for fault in self.faults.kept],
            "warning_counts": dict(self.warnings.counts),
            "warnings": [_fault(fault) for fault in self.warnings.kept],
        }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "sheet": fault.sheet,
        "cell": fault.cell,
        "row": fault.row,
        "rule": fault.rule,
        "message": fault.message,
        "column": fault.column,
        "value": fault.value,
    }
