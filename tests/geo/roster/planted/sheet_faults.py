"""Faults of sheets and their headings."""

from __future__ import annotations

from tests.geo.roster.planted.faults import Mark, plants
from tests.geo.roster.planted.layout import SHEETS
from tests.geo.roster.planted.roster import Roster

#: Sheets of which a column can be missing without anything of other sheets hanging on it.
_CODES = {"people", "organisations", "party_orgs", "sites", "teams"}

for _title in ("Sheet1", "人员表", "填写说明", "persons", "任职二"):

    def _stranger(roster: Roster, title: str = _title) -> list[Mark]:
        if title in roster.strangers:
            return []
        roster.strangers.append(title)
        return [Mark("sheet-unknown", title)]

    plants("sheet-unknown", repr(_title))(_stranger)


def _without(sheet: str, column: str) -> None:
    def plant(roster: Roster) -> list[Mark]:
        if (sheet, column) == ("people", "name"):
            for row in roster.rows["assignments"]:
                row.cells["name"] = None  # whose names there are cannot be said
        roster.missing.add((sheet, column))
        return [Mark("column-missing", sheet)]

    hangs_on_it = (sheet, column) == ("people", "name")
    plants("column-missing", f"{sheet}.{column}", sheet=sheet, is_alone=hangs_on_it)(plant)


def _with_again(sheet: str, column: str) -> None:
    def plant(roster: Roster) -> list[Mark]:
        roster.repeated.add((sheet, column))
        return [Mark("column-repeated", sheet, None, column)]

    plants("column-repeated", f"{sheet}.{column}", sheet=sheet)(plant)


for _sheet in SHEETS.values():
    for _column in _sheet.columns.values():
        if _column.required and not (_sheet.en in _CODES and _column.en == "code"):
            _without(_sheet.en, _column.en)
    for _column in list(_sheet.columns.values())[:: max(1, len(_sheet.columns) // 2)]:
        _with_again(_sheet.en, _column.en)


@plants("column-missing", "two of a sheet", sheet="figures")
def _two_missing(roster: Roster) -> list[Mark]:
    roster.missing |= {("figures", "year"), ("figures", "value")}
    return [Mark("column-missing", "figures"), Mark("column-missing", "figures")]


def _only(sheet: str) -> None:
    """Plant a missing column of codes in a workbook in which nobody refers to them."""

    def plant(roster: Roster) -> list[Mark]:
        for name in SHEETS:
            if name != sheet:
                roster.rows[name].clear()
        optional = [column for column in SHEETS[sheet].columns.values() if column.kind.startswith("ref")]
        for row in roster.rows[sheet]:
            row.cells |= {column.en: None for column in optional}
        roster.missing.add((sheet, "code"))
        return [Mark("column-missing", sheet)]

    plants("column-missing", f"{sheet}.code alone in its workbook", sheet=sheet, is_alone=True)(plant)


for _name in sorted(_CODES):
    _only(_name)
