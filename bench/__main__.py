"""``python -m bench [MEASUREMENT …]``: measure, and write the sections of ``bench/RESULTS.md``."""

from __future__ import annotations

import sys
import time
from importlib import import_module

from bench.ground import make_ground
from bench.machine import circumstances, describe
from bench.report import RESULTS, put, section

MACHINE = "Machine and versions of the last run"
#: In this order: coverage is that of the demo alone, the density query runs over what the import brought in.
MEASUREMENTS = (
    "point_to_grid",
    "exactness",
    "scale",
    "real_layers",
    "files",
    "geocode_http",
    "geocode_batch",
    "geocode_files",
    "coverage",
    "incident_import",
    "case_density",
)


def main() -> None:
    chosen = [name for name in MEASUREMENTS if name in sys.argv[1:]] or list(MEASUREMENTS)
    unknown = sorted(set(sys.argv[1:]) - set(MEASUREMENTS))
    if unknown:
        raise SystemExit(f"no measurement {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
    modules = {name: import_module(f"bench.{name}") for name in MEASUREMENTS}
    order = [*(module.TITLE for module in modules.values()), MACHINE]
    print("Loading the demo zone …", flush=True)
    with make_ground() as ground:
        for name in chosen:
            title = modules[name].TITLE
            print(f"{title} …", flush=True)
            begun, around = time.perf_counter(), circumstances()
            figures = modules[name].measure(ground)
            if not figures:
                print(f"Not measured: {modules[name].NEEDS}. The section stays as it was.", flush=True)
                continue
            written = section(title, around, figures)
            _write(title, written, order)
            print(f"{written}\n{time.perf_counter() - begun:.0f} s, written to {RESULTS}", flush=True)
        _write(MACHINE, f"## {MACHINE}\n\n{describe(ground)}", order)


def _write(title: str, written: str, order: list[str]) -> None:
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    RESULTS.write_text(put(before, title, written, order), encoding="utf-8")


if __name__ == "__main__":
    main()
