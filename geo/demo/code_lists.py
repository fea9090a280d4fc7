"""The demo zone's code lists, read from ``code_lists.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

CODE_LISTS_FILE = Path(__file__).with_name("code_lists.toml")


def read_code_lists(path: Path = CODE_LISTS_FILE) -> dict[str, pd.DataFrame]:
    """Return the lists by name: ``service_kinds``, ``categories``, ``sources``, ``land_use_kinds``.

    Returns
    -------
    dict of pandas.DataFrame
        Columns code, name_zh, name_en at least; ``categories`` also has parent (a service kind), weight
        (relative frequency), place, hours, season and texts; ``sources`` has weight.
    """
    lists: dict[str, list[dict[str, Any]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: pd.DataFrame(entries) for name, entries in lists.items()}
