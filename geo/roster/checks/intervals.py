"""Nothing twice at one time: opening hours, duties, leaves, who serves a neighbourhood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from geo.roster.checks.scene import Scene
from geo.roster.stored import Stored


@dataclass
class Timeline:
    """Spans of comparable moments by key, each with the words for where it stands."""

    spans: dict[Hashable, list[tuple[Any, Any, str]]] = field(default_factory=lambda: defaultdict(list))

    def meet(self, key: Hashable, begin: Any, end: Any) -> str | None:
        """Where a span of the same key stands that shares time with this one, if any does."""
        return next((where for b, e, where in self.spans[key] if b < end and begin < e), None)

    def add(self, key: Hashable, begin: Any, end: Any, where: str) -> None:
        """Put a span in."""
        self.spans[key].append((begin, end, where))


def check_openings(scene: Scene) -> None:
    """Rule ``opening-overlap``."""
    line = Timeline()
    for row in scene.roster.of("openings"):
        if not row.is_sound("site", "function", "weekday", "opens", "closes"):
            continue
        keys = [(row["site"], row["function"], weekday) for weekday in row["weekday"]]
        met = next((m for key in keys if (m := line.meet(key, row["opens"], row["closes"]))), None)
        if met:
            said = f"overlaps hours of the same function {met}; give each hour once"
            scene.faults.add(row, "opens", "opening-overlap", said)
        for key in keys:
            line.add(key, row["opens"], row["closes"], f"in row {row.number}")


def duty_span(stored: Stored, day: date, shift: str) -> tuple[datetime, datetime]:
    """When a shift of a day begins and ends, on the zone's clock."""
    starts, minutes = stored.shifts[shift]
    begin = stored.zone.midnight(day) + timedelta(minutes=starts)
    end = stored.zone.midnight(day) + timedelta(minutes=starts + minutes)
    return begin, end


def check_duty(scene: Scene) -> None:
    """Rule ``duty-overlap``; a stored duty of the same day and shift is brought up to date, not met."""
    rows = [row for row in scene.roster.of("duty") if row.is_sound("person", "day", "shift", "place")]
    named = {(row["person"], row["day"], row["shift"]) for row in rows}
    line = Timeline()
    for duty in scene.stored.rows.get("duty", ()):
        if (duty["person"], duty["day"], duty["shift"]) not in named:
            line.add(duty["person"], duty["begins"], duty["ends"], "as stored")
    for row in rows:
        begin, end = duty_span(scene.stored, row["day"], row["shift"])
        if met := line.meet(row["person"], begin, end):
            said = f"has {row['person']} on duty twice at once, also {met}; leave one of the two out"
            scene.faults.add(row, "day", "duty-overlap", said)
        line.add(row["person"], begin, end, f"in row {row.number}")


def check_leave(scene: Scene) -> None:
    """Rule ``leave-overlap``; a stored leave of the same first day is brought up to date, not met."""
    rows = [row for row in scene.roster.of("leave") if row.is_sound("person", "since", "until")]
    named = {(row["person"], row["since"]) for row in rows}
    line = Timeline()
    for leave in scene.stored.rows.get("leave", ()):
        if (leave["person"], leave["since"]) not in named:
            line.add(leave["person"], leave["since"], leave["until"], "as stored")
    for row in rows:
        if met := line.meet(row["person"], row["since"], row.end):
            said = f"begins while {row['person']} is on leave {met}; join the two or leave one out"
            scene.faults.add(row, "since", "leave-overlap", said)
        line.add(row["person"], row["since"], row.end, f"in row {row.number}")


def check_serving(scene: Scene) -> None:
    """Rule ``service-overlap``."""
    columns = ("neighbourhood", "organisation", "since", "until")
    rows = [row for row in scene.roster.of("neighbourhood_organisations") if row.is_sound(*columns)]
    named = {(row["neighbourhood"], row["organisation"], row["since"]) for row in rows}
    line = Timeline()
    for served in scene.stored.rows.get("service_of", ()):
        key = (served["neighbourhood_code"], served["organisation_code"])
        if (*key, served["since"]) not in named:
            line.add(key, served["since"], served["until"] or date.max, "as stored")
    for row in rows:
        key = (row["neighbourhood"], row["organisation"])
        if met := line.meet(key, row["since"], row.end or date.max):
            said = f"begins while the same 单位 serves there {met}; leave one of the two out"
            scene.faults.add(row, "since", "service-overlap", said)
        line.add(key, row["since"], row.end or date.max, f"in row {row.number}")
