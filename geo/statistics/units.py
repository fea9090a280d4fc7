"""Villages and communities side by side: what they look after, and a fact such as collective income."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from sqlalchemy.orm import Session

from geo.errors import InvalidInput
from geo.period import to_day
from geo.statistics.asked import as_filters, check_choice, check_listed
from geo.statistics.measures import UNITS
from geo.statistics.table import Code, Figure, Measure, Note, Row, Table, total_row
from geo.store.statistics import entries
from geo.store.statistics import places as places_store
from geo.store.statistics import roster as roster_store
from geo.store.statistics.entries import Entry
from geo.zones import get_zone

DIMENSIONS = ("unit", "kind", "band")
#: Lower ends of the bands the zone publishes its villages' income in, yuan.
BANDS = (50_000, 500_000, 1_000_000)

Figures = dict[str, Figure]
_UNKNOWN = ("无数据", "not known")


def unit_table(
    session: Session,
    *,
    by: str = "unit",
    as_of: date | None = None,
    fact: str = "collective_income",
    year: int | None = None,
    kind: str | None = None,
    bands: Sequence[int] = BANDS,
) -> Table:
    """Put second-level grids side by side.

    Parameters
    ----------
    by
        ``unit``; ``kind`` of unit; ``band`` of the fact.
    as_of
        The day; today in the zone when None.
    fact
        Code of the fact shown, from the zone's list.
    year
        Year the fact is of; the latest known up to the day's when None.
    kind
        Only units of a kind, such as villages.
    bands
        Lower ends of the bands, rising, in the fact's unit.

    Returns
    -------
    Table
        Its rows add up to the total, but for persons who hold posts in several units and for what belongs to
        no single one, such as a party organisation of the whole zone, which is not in it.

    Raises
    ------
    InvalidInput
        A choice, a fact, a kind or a day cannot be, or the bands do not rise.
    NotFound
        The database serves no zone yet.
    """
    zone = get_zone(session)
    day = to_day(zone, as_of)
    check_choice("by", by, DIMENSIONS)
    check_listed(session, "fact", "unit_facts", fact)
    check_listed(session, "kind", "grid_kinds", kind)
    year = year or places_store.find_last_year(session, fact, day.year)
    units = [
        unit for unit in entries.list_grids(session, 2, day) if unit.active and kind in (None, unit.group)
    ]
    columns = (*UNITS, _fact_column(session, fact, year))
    figures = _unit_figures(session, day, units, fact, year)
    return Table(
        "units",
        by,
        columns,
        _rows(session, by, units, figures, fact, bands),
        total_row(_sum(list(figures.values()), columns)),
        as_filters(as_of=day, fact=fact, year=year, kind=kind),
        (_NOT_OF_ONE,),
    )


_NOT_OF_ONE = Note(
    "只含属于某一村社的人员、阵地、队伍和党组织；一人在两个村社任职时各计一次。",
    "Only persons, sites, teams and party organisations of one unit; who holds posts in two counts in each.",
)


def _fact_column(session: Session, fact: str, year: int | None) -> Measure:
    names = {entry.code: entry for entry in entries.list_entries(session, "unit_facts")}
    unit_zh, unit_en = places_store.unit_of_fact(session, fact) or ("", "")
    when = year or ""
    return Measure(
        fact,
        f"{names[fact].zh}（{unit_zh}）" if unit_zh else names[fact].zh,
        f"{names[fact].en} ({unit_en})" if unit_en else names[fact].en,
        f"{when}年上报的{names[fact].zh}；未上报的为空，合计只含已上报的",
        f"{names[fact].en} of {when} as reported; empty when not reported, the total is of those reported",
    )


def _unit_figures(
    session: Session, day: date, units: Sequence[Entry], fact: str, year: int | None
) -> dict[str, Figures]:
    """Figures of each unit, by its code."""
    ground = places_store.count_ground(session, day)
    persons, _ = roster_store.count_persons(
        session, day=day, by="unit", personnel_only=True, since=None, unit=None, group=None
    )
    facts = places_store.list_figures(session, fact, year) if year else {}
    filed = {of: _count_by_unit(session, of, day) for of in ("sites", "teams", "party_orgs")}
    return {
        unit.code: {
            "units": 1,
            **ground.get(unit.code, {"grids": 0, "buildings": 0, "households": 0}),
            "persons": persons.get(unit.code, {}).get("persons", 0),
            **{of: counts.get(unit.code, 0) for of, counts in filed.items()},
            fact: _number(facts.get(unit.code)),
        }
        for unit in units
    }


def _count_by_unit(session: Session, of: str, day: date) -> dict[Code, int]:
    counts: dict[Code, int] = {}
    for place in places_store.list_places(session, of, day):
        counts[place["unit"]] = counts.get(place["unit"], 0) + 1
    return counts


def _rows(
    session: Session,
    by: str,
    units: Sequence[Entry],
    figures: dict[str, Figures],
    fact: str,
    bands: Sequence[int],
) -> tuple[Row, ...]:
    if by == "unit":
        return tuple(Row(unit.code, unit.zh, unit.en, figures[unit.code], unit.group) for unit in units)
    named = _kinds(session, units) if by == "kind" else _bands(bands)
    key = {
        unit.code: unit.group if by == "kind" else _band_of(figures[unit.code][fact], bands) for unit in units
    }
    columns = next(iter(figures.values()), {})
    rows = []
    for code, zh, en in named:
        own = [figures[unit.code] for unit in units if key[unit.code] == code]
        if own or code is not None:
            rows.append(Row(code, zh, en, {name: _sum_of(own, name) for name in columns}))
    return tuple(rows)


def _kinds(session: Session, units: Sequence[Entry]) -> list[tuple[Code, str, str]]:
    kinds = {unit.group for unit in units}
    listed = entries.list_entries(session, "grid_kinds")
    return [(kind.code, kind.zh, kind.en) for kind in listed if kind.code in kinds] + [(None, *_UNKNOWN)]


def _bands(bands: Sequence[int]) -> list[tuple[Code, str, str]]:
    """Bands from the highest to the lowest, then what is below all, then what is not known."""
    check_rising(bands)
    named: list[tuple[Code, str, str]] = [
        (f">={bands[-1]}", f"{_in_wan(bands[-1])}及以上", f"{bands[-1]:,} or more")
    ]
    for low, high in zip(bands[-2::-1], bands[:0:-1], strict=True):
        named.append((f"{low}-{high}", f"{_in_wan(low)}至{_in_wan(high)}以下", f"{low:,} to under {high:,}"))
    return [*named, (f"<{bands[0]}", f"{_in_wan(bands[0])}以下", f"under {bands[0]:,}"), (None, *_UNKNOWN)]


def _in_wan(value: int) -> str:
    """A number as Chinese readers say it.

    >>> _in_wan(500_000), _in_wan(7_500)
    ('50万', '7,500')
    """
    return f"{value // 10_000:,}万" if value and value % 10_000 == 0 else f"{value:,}"


def _band_of(value: Figure, bands: Sequence[int]) -> Code:
    """Code of the band a figure is in.

    >>> [_band_of(value, (5, 50)) for value in (4, 5, 49.9, 50, None)]
    ['<5', '5-50', '5-50', '>=50', None]
    """
    if value is None:
        return None
    above = [low for low in bands if value >= low]
    if not above:
        return f"<{bands[0]}"
    higher = [high for high in bands if high > above[-1]]
    return f"{above[-1]}-{higher[0]}" if higher else f">={above[-1]}"


def check_rising(bands: Sequence[int]) -> None:
    """Refuse bands that do not rise.

    Raises
    ------
    InvalidInput
        They do not, or there are none.
    """
    if not bands or any(low >= high for low, high in pairwise(bands)):
        raise InvalidInput(f"bands {list(bands)} do not rise; write them from low to high, e.g. 50000,500000")


def _sum(rows: Sequence[Figures], columns: Sequence[Measure]) -> Figures:
    return {measure.key: _sum_of(rows, measure.key) for measure in columns}


def _sum_of(rows: Sequence[Figures], key: str) -> Figure:
    """Sum of what is known; None when nothing is."""
    known = [value for row in rows if (value := row[key]) is not None]
    return sum(known) if known or not rows else None


def _number(value: Decimal | None) -> Figure:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
