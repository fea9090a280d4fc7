"""What the coverage map has around its grids: filters of its address, places, names, card, imprint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

import layers
from api.pages.map_words import say
from geo.analysis.coverage import Coverage
from geo.code_lists import code_names
from geo.model import Zone
from layers.words import Lang

# What the symbols, cards and gaps name, by the list the names come from.
_LISTS = {
    "sites": "site_kinds",
    "functions": "site_functions",
    "teams": "team_kinds",
    "party_organisations": "party_org_kinds",
    "cameras": "camera_kinds",
    "networks": "camera_networks",
    "states": "camera_states",
    "posts": "posts",
    "building": "building_kinds",
    "neighbourhood": "neighbourhood_kinds",
}


@dataclass(frozen=True, slots=True)
class CoverageFilter:
    """A coverage map's filters as chosen; None is today, now, any function.

    Attributes
    ----------
    at
        Time of day in the zone.
    function
        Code of a sites' function.
    """

    as_of: date | None
    at: time | None
    function: str | None


def names_for(session: Session, lang: Lang) -> dict[str, dict[str, str]]:
    """Return the zone's own names of whatever the map shows, by what it is shown of."""
    names = code_names(session, *_LISTS.values(), lang=lang)
    return {shown: names[listed] for shown, listed in _LISTS.items()}


def place_sources(moment: datetime, function: str | None) -> dict[str, str]:
    """Return the addresses of what lies in the zone at a moment."""
    day = {"as_of": moment.date().isoformat()}
    open_at = (
        day | {"at": moment.isoformat(timespec="minutes")} | ({"function": function} if function else {})
    )
    return {
        "sites": f"/sites?{urlencode(open_at)}",
        "teams": f"/teams?{urlencode(day)}",
        "party_organisations": f"/party-organisations?{urlencode(day)}",
        "cameras": f"/cameras?{urlencode(day)}",
        "views": f"/cameras?{urlencode(day | {'geometry': 'view'})}",
    }


def card_for(zone: Zone, lang: Lang, day: date) -> layers.Card:
    """Return the card of a place on a day, with the addresses it asks and links to."""
    past = f"?as_of={day}" if day != zone.today() else ""
    english = "&lang=en" if lang == "en" else ""
    return layers.Card(
        people_url=f"/{{place}}/{{code}}/people{past}",
        counts_url=f"/{{place}}/{{code}}/counts{past}",
        links={
            "density": f"/maps/density?level={{level}}&grid={{code}}{english}",
            "statistics": f"/statistics?by=grid&unit={{unit}}{english}",
        },
        arrive=True,
    )


def imprint_for(zone: Zone, lang: Lang, moment: datetime | None) -> layers.Imprint:
    """Return what stands around a map on paper."""
    name = zone.name if lang == "zh" else zone.name_en
    return layers.Imprint(
        zone=name,
        moment=moment_words(moment, lang) if moment else "",
        notice=zone.notice_zh if lang == "zh" else zone.notice_en,
        source=say(lang, "source", name=name),
    )


def moment_words(moment: datetime, lang: Lang) -> str:
    """Write a moment as people do: ``2026年3月10日 星期二 10:00``.

    >>> moment_words(datetime(2026, 3, 10, 10, 0), "zh")
    '2026年3月10日 星期二 10:00'
    """
    if lang == "zh":
        weekday = "一二三四五六日"[moment.weekday()]
        return f"{moment.year}年{moment.month}月{moment.day}日 星期{weekday} {moment:%H:%M}"
    return f"{moment:%A} {moment.day} {moment:%B %Y}, {moment:%H:%M}"


def filter_form(
    chosen: CoverageFilter, coverage: Coverage, names: dict[str, dict[str, str]], lang: Lang
) -> dict[str, Any]:
    """Return what the form above the map shows."""
    return {
        "chosen": chosen,
        "day": coverage.moment.date().isoformat(),
        "time": f"{coverage.moment:%H:%M}",
        "moment": moment_words(coverage.moment, lang),
        "functions": list(names["functions"].items()),
        "function_name": names["functions"].get(chosen.function or ""),
        "gaps": len(coverage.gaps),
    }
