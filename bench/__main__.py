"""``python -m bench [MEASUREMENT …]``: measure and write ``bench/RESULTS.md``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from bench.ground import make_ground
from bench.machine import describe
from bench.measuring import Comparison

#: In this order: coverage is that of the demo alone, the density query runs over what the import brought in.
MEASUREMENTS = ("point_to_grid", "geocode_http", "coverage", "incident_import", "case_density")
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> None:
    chosen = sys.argv[1:] or list(MEASUREMENTS)
    unknown = sorted(set(chosen) - set(MEASUREMENTS))
    if unknown:
        raise SystemExit(f"no measurement {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
    print("Loading the demo zone …", flush=True)
    with make_ground() as ground:
        lines = [*_heading(), *(f"- {line}" for line in describe(ground)), ""]
        for name in chosen:
            module = import_module(f"bench.{name}")
            print(f"{module.TITLE} …", flush=True)
            lines += [f"## {module.TITLE}", ""]
            for comparison in module.measure(ground):
                lines += _table(comparison)
    text = "\n".join(lines).rstrip() + "\n"
    print(text)
    if chosen == list(MEASUREMENTS):
        RESULTS.write_text(text, encoding="utf-8")
        print(f"Written to {RESULTS}.")


def _heading() -> list[str]:
    day = datetime.now(UTC).date().isoformat()
    return [
        "# Measured side by side",
        "",
        f"Written by `make bench` on {day}: peers take turns, medians are given. Other work may have",
        "shared the machine, so the ratios say more than the figures.",
        "",
    ]


def _table(comparison: Comparison) -> list[str]:
    ours, *_ = comparison.figures.values()
    rows = [
        f"| {name} | {_number(value)} | {_ratio(comparison, ours, value)} |"
        for name, value in comparison.figures.items()
    ]
    note = [comparison.note, ""] if comparison.note else []
    return [
        f"**{comparison.task}**",
        "",
        f"| | {comparison.unit} | ours is |",
        "|---|---:|---:|",
        *rows,
        "",
        *note,
    ]


def _ratio(comparison: Comparison, ours: float, other: float) -> str:
    """How many times better ours is than the other."""
    return f"{ours / other if comparison.more_is_better else other / ours:.2f} ×"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
