"""Codes: given once, naming something there is, in trees without circles."""

from __future__ import annotations

from geo.roster.checks.scene import Scene
from geo.roster.columns import Column
from geo.roster.rows import Row
from geo.roster.stored import OWN_ID

_CODED = ("people", "organisations", "party_orgs", "sites", "teams", "cameras")
_ONCE = dict.fromkeys(_CODED, "code") | {"services": "id"}
_TREES = {"organisation": "organisations", "party_org": "party_orgs"}


def check_repeated(scene: Scene) -> None:
    """Rules ``code-repeated`` and ``figure-repeated``."""
    for sheet, column in _ONCE.items():
        first: dict[str, Row] = {}
        for row in scene.roster.of(sheet):
            code = row[column]
            if code is None:
                continue
            if code in first:
                said = f"stands in row {first[code].number} already; give each row a code of its own"
                scene.faults.add(row, column, "code-repeated", said)
            first.setdefault(code, row)
    _check_figures(scene)


def _check_figures(scene: Scene) -> None:
    first: dict[tuple[str, str, int], Row] = {}
    for row in scene.roster.of("figures"):
        if not row.is_sound("grid", "fact", "year"):
            continue
        key = (row["grid"], row["fact"], row["year"])
        if key in first:
            said = f"of this grid and fact stands in row {first[key].number} already; keep one of the rows"
            scene.faults.add(row, "year", "figure-repeated", said)
        first.setdefault(key, row)


def check_references(scene: Scene) -> None:
    """Rule ``reference-unknown``."""
    for row in scene.roster.all_rows():
        for column in row.table.sheet.columns:
            if column.refers and row[column.name] is not None:
                _check_reference(scene, row, column)

    _check_own_ids(scene)


def _check_own_ids(scene: Scene) -> None:
    """An export names an entry that came from elsewhere by its own id: ``id:17``."""
    stored = {row["id"] for row in scene.stored.rows.get("service", ())}
    for row in scene.roster.of("services"):
        match = OWN_ID.fullmatch(row["id"] or "")
        if match and int(match[1]) not in stored:
            said = "names no stored service; leave the cell empty, or write an id of your own"
            scene.faults.add(row, "id", "reference-unknown", said)


def _check_reference(scene: Scene, row: Row, column: Column) -> None:
    code = row[column.name]
    if any(scene.knows(kind, code) for kind in column.refers):
        return
    if scene.knows_all_of(column.refers):
        said = "is neither stored nor in the file; correct it, or bring in first what it names"
        scene.faults.add(row, column.name, "reference-unknown", said)
    else:
        # The sheet that would bring it has no column of codes, which is said there.
        row.faulty.add(column.name)


def check_circles(scene: Scene) -> None:
    """Rule ``parent-circle``: follow each row's parents, those of the file before those stored."""
    for kind, sheet in _TREES.items():
        parents = dict(scene.stored.parents.get(kind, {}))
        rows = [row for row in scene.brought[kind].values() if row.is_sound("code", "parent")]
        for row in rows:
            if row.has("parent"):
                parents[row["code"]] = row["parent"]
        for row in rows:
            if row["parent"] is not None and _returns(row["code"], parents):
                said = f"makes {row['code']} its own ancestor; name another {sheet} above, or none"
                scene.faults.add(row, "parent", "parent-circle", said)


def _returns(code: str, parents: dict[str, str]) -> bool:
    seen: set[str] = set()
    above = parents.get(code)
    while above is not None and above not in seen:
        if above == code:
            return True
        seen.add(above)
        above = parents.get(above)
    return False
