"""The zone's own names for the codes of its lists."""

from __future__ import annotations

from typing import Literal

from sqlalchemy.orm import Session

from geo.store import code_lists as store


def code_names(session: Session, *names: str, lang: Literal["zh", "en"] = "zh") -> dict[str, dict[str, str]]:
    """Names by code of some lists, each in its own order.

    Parameters
    ----------
    names
        Names of lists as in a ZONE.toml: ``site_kinds``, ``posts`` …

    Returns
    -------
    dict
        By name of the list: name by code; entries no longer offered included, since old rows keep them.
    """
    return {
        name: {code: zh if lang == "zh" else en for code, zh, en in store.list_names(session, name)}
        for name in names
    }
