"""How an import's report is shown at the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geo.importer.report import Findings, ImportReport
from geo.model import Fault

_SHOWN = 20


def show(report: ImportReport, seconds: float) -> None:
    """Print what was read, found and written."""
    console = Console(soft_wrap=False)
    console.print(f"[bold]{escape(report.file_name)}[/bold] → {report.subject}, read in {seconds:.1f} s")
    for note in report.notes:
        console.print(f"  · {escape(note)}")
    console.print(_figures(report))
    _print_findings(console, "error", report.faults)
    _print_findings(console, "warning", report.warnings)
    console.print(f"[bold]{escape(conclusion(report))}[/bold]")


def conclusion(report: ImportReport) -> str:
    """What came of it, in one sentence."""
    if report.faults:
        return f"Nothing is written: {report.faults.total} faults. Correct them and import again."
    if not report.rows_to_write:
        return "There is nothing to write: everything in the file is stored already."
    if report.is_written:
        return f"Written: {report.rows_to_write} rows (import run {report.import_id})."
    return f"Nothing is written yet: {report.rows_to_write} rows would be. Say --commit to write them."


def _figures(report: ImportReport) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_row("rows read", f"{report.rows_read:,}")
    for name, value in report.figures.items():
        table.add_row(escape(name), f"{value:,}" if isinstance(value, int) else escape(str(value)))
    return table


def print_faults(faults: Sequence[Fault]) -> None:
    """Print faults that kept something from being planned."""
    findings = Findings()
    findings.add(faults)
    _print_findings(Console(stderr=True, soft_wrap=False), "error", findings)


def _print_findings(console: Console, severity: str, findings: Findings) -> None:
    if not findings:
        return
    table = Table(title=f"{findings.total} {severity}s", title_justify="left")
    table.add_column("where", justify="right", no_wrap=True)
    table.add_column("rule", no_wrap=True)
    # "fold": Rich would cut a line of Chinese one letter short to make room for the blank at its end.
    table.add_column("what is wrong, and what to do", overflow="fold")
    for fault in findings.kept[:_SHOWN]:
        table.add_row(escape(inert(_where(fault))), fault.rule, escape(inert(fault.message)))
    console.print(table)
    if findings.total > _SHOWN:
        counts = ", ".join(f"{rule} {count}" for rule, count in findings.counts.most_common())
        console.print(f"  … and {findings.total - _SHOWN} more ({counts}); --report DIR writes them to files")


def _where(fault: Fault) -> str:
    """Sheet and cell in a workbook, the row in any other file."""
    if fault.sheet is not None:
        return f"{fault.sheet[:31]} {fault.cell or ''}".strip()
    return "" if fault.row is None else str(fault.row)


def inert(text: str) -> str:
    """No control characters: a name in a file must not drive the terminal."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
