"""Statistics: every figure is what plain SQL and a count by hand give; small groups give nobody away."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import InvalidInput, NotFound
from geo.statistics import (
    Exported,
    Table,
    moves_table,
    place_table,
    roster_table,
    service_table,
    unit_table,
    write_csv,
    write_xlsx,
)
from geo.statistics.suppression import suppress_small_groups
from geo.store import tables
from tests.builders import Partition, acting_as, add_building, add_neighbourhood, add_partition
from tests.people_builders import (
    add_assignment,
    add_opening,
    add_organisation,
    add_party_org,
    add_person,
    add_post_lists,
    add_service,
    add_site,
    add_team,
)

DAY = date(2026, 3, 1)
SOUTH, NORTH = "360371001001", "360371001002"


@pytest.fixture
def zone(owner_session: Session) -> Partition:
    partition = add_partition(owner_session)
    add_post_lists(owner_session)
    return partition


def figures(table: Table, key: str) -> dict[str | None, Any]:
    return {row.code: row.figures[key] for row in table.rows}


def people(
    session: Session, number: int, post: str = "policy_publicist", at: str = SOUTH, **more: Any
) -> list[int]:
    count = session.scalar(text("SELECT count(*) FROM person")) or 0
    found = [add_person(session, f"R{count + n}", **more) for n in range(number)]
    for person in found:
        add_assignment(session, person, post, at)
    return found


def test_a_person_with_two_posts_counts_once_in_the_total(owner_session: Session, zone: Partition) -> None:
    ann = add_person(owner_session)
    add_assignment(owner_session, ann, "committee_member", SOUTH)
    add_assignment(owner_session, ann, "policy_publicist", NORTH)
    by_post = roster_table(owner_session, by="post", as_of=DAY, with_small_groups=True)
    assert figures(by_post, "persons")["committee_member"] == 1
    assert figures(by_post, "persons")["policy_publicist"] == 1
    assert (by_post.total.figures["persons"], by_post.total.figures["posts"]) == (1, 2)
    by_unit = roster_table(owner_session, by="unit", as_of=DAY)
    assert figures(by_unit, "persons") == {SOUTH: 1, NORTH: 1}
    assert by_unit.total.figures["persons"] == 1


def test_every_kind_of_target_leads_to_its_unit(owner_session: Session, zone: Partition) -> None:
    session, here = owner_session, zone.third[2]  # in the village of the north
    targets = {
        "party_committee_member": NORTH,
        "villager_group_leader": add_neighbourhood(session, "G1", grid_code=here, kind="villager_group"),
        "village_party_group_leader": add_party_org(session, "P1", grid_code=here),
        "building_head": add_building(session, f"{NORTH}00001", grid_code=here),
        "grid_worker": here,
        "site_keeper": add_site(session, "S1", grid_code=here),
        "team_member": add_team(session, "T1", grid_code=NORTH),
        "bureau_staff": add_organisation(session, "O1", grid_code=here),
    }
    session.execute(
        insert(tables.Unit).values(code=f"{NORTH}0000101", building_code=f"{NORTH}00001", name="1")
    )
    targets["unit_head"] = f"{NORTH}0000101"
    for number, (post, target) in enumerate(targets.items()):
        add_assignment(session, add_person(session, f"R{number}"), post, target)
    table = roster_table(session, by="unit", as_of=DAY, who="all")
    assert figures(table, "persons") == {SOUTH: 0, NORTH: len(targets)}
    by_grid = figures(roster_table(session, by="grid", as_of=DAY, who="all"), "persons")
    assert by_grid[here] == len(targets) - 2
    assert by_grid[None] == 2  # posts of the whole unit


def test_posts_of_no_single_unit_stand_in_a_row_of_their_own(owner_session: Session, zone: Partition) -> None:
    people(owner_session, 1, at=zone.first[0])
    assert figures(roster_table(owner_session, as_of=DAY), "persons") == {SOUTH: 0, NORTH: 0, None: 1}
    assert figures(roster_table(owner_session, by="area", as_of=DAY), "persons") == {zone.first[0]: 1}


def test_only_personnel_unless_all_are_asked_for(owner_session: Session, zone: Partition) -> None:
    people(owner_session, 2, "grid_worker", zone.third[0])
    people(owner_session, 1)
    assert roster_table(owner_session, as_of=DAY).total.figures["persons"] == 1
    assert roster_table(owner_session, as_of=DAY, who="all").total.figures["persons"] == 3
    assert roster_table(owner_session, as_of=DAY, who="all", group="grid").total.figures["persons"] == 2


@pytest.mark.parametrize(
    ("born_on", "key"),
    [
        (date(1990, 3, 2), "aged_35_or_under"),
        (date(1990, 3, 1), "aged_36_to_45"),
        (date(1980, 3, 2), "aged_36_to_45"),
        (date(1980, 3, 1), "aged_46_to_55"),
        (date(1970, 3, 2), "aged_46_to_55"),
        (date(1970, 3, 1), "aged_56_or_over"),
        (None, "age_unknown"),
    ],
)
def test_ages_are_completed_years(
    owner_session: Session, zone: Partition, born_on: date | None, key: str
) -> None:
    people(owner_session, 1, born_on=born_on)
    total = roster_table(owner_session, as_of=DAY, with_small_groups=True).total.figures
    assert {name: value for name, value in total.items() if name.startswith("age") and value} == {key: 1}


def test_attributes_are_counted_as_defined(owner_session: Session, zone: Partition) -> None:
    branch = add_party_org(owner_session)
    (ann,) = people(owner_session, 1, education="junior_college", is_prospering=True)
    people(owner_session, 2, gender="male", education="senior_middle")
    people(owner_session, 1, gender=None, education=None)
    owner_session.execute(
        insert(tables.PartyMembership).values(person_id=ann, party_org_code=branch, valid=Range(DAY, None))
    )
    total = roster_table(owner_session, as_of=DAY, with_small_groups=True).total.figures
    assert [total[key] for key in ("persons", "women", "college", "prospering", "party_members")] == [
        4,
        1,
        1,
        1,
        1,
    ]
    before = roster_table(owner_session, as_of=date(2026, 2, 28), with_small_groups=True).total.figures
    assert before["party_members"] == 0


def test_new_is_who_held_no_personnel_post_the_day_before(owner_session: Session, zone: Partition) -> None:
    session = owner_session
    stays, changes, comes, worker = (add_person(session, f"R{n}") for n in range(4))
    add_assignment(session, stays, "committee_member", SOUTH)
    add_assignment(session, changes, "policy_publicist", SOUTH, until=DAY)
    add_assignment(session, changes, "committee_member", SOUTH, since=DAY)
    add_assignment(session, comes, "committee_member", SOUTH, since=DAY)
    add_assignment(session, worker, "grid_worker", zone.third[0])
    add_assignment(session, worker, "committee_member", SOUTH, since=DAY)
    table = roster_table(session, as_of=DAY, since=DAY)
    assert (table.total.figures["persons"], table.total.figures["new"]) == (4, 2)
    assert "new" not in roster_table(session, as_of=DAY).total.figures


def test_the_last_renewal_applied_is_when_the_term_began(owner_session: Session, zone: Partition) -> None:
    people(owner_session, 3)
    change = {"kind": "renewal", "title": "换届", "made_as": "甲", "decided_as": "乙", "state": "applied"}
    owner_session.execute(
        insert(tables.RosterChange).values(**change, effective_on=DAY, applied_at=datetime.now(UTC))
    )
    assert roster_table(owner_session, as_of=DAY).filters["since"] == "2026-03-01"
    assert "since" not in roster_table(owner_session, as_of=date(2026, 2, 28)).filters


def test_moves_put_each_person_in_one_row(owner_session: Session, zone: Partition) -> None:
    session = owner_session
    changes = [
        (["policy_publicist"], ["grid_head"], 2),
        (["policy_publicist", "grid_head"], ["committee_member"], 1),
        ([], ["policy_publicist"], 3),
        (["policy_publicist"], [], 1),
        (["policy_publicist"], ["policy_publicist"], 4),
    ]
    number = 0
    for before, after, times in changes:
        for _ in range(times):
            number += 1
            person = add_person(session, f"R{number}")
            grid = {"grid_head": zone.third[0]}
            for post, dates in [
                *((p, {"until": DAY}) for p in before),
                *((p, {"since": DAY}) for p in after),
            ]:
                target = grid.get(post, SOUTH)
                add_assignment(session, person, post, target, rank="deputy", **dates)  # type: ignore[arg-type]
    table = moves_table(session, on=DAY)
    assert {(row.code, row.group): row.figures["persons"] for row in table.rows} == {
        ("four_officers>three_heads", "moved"): 2,
        ("three_heads+four_officers>two_committees", "moved"): 1,
        (">four_officers", "came"): 3,
        ("four_officers>", "left"): 1,
        ("four_officers>four_officers", "stayed"): 4,
    }
    assert table.total.figures["persons"] == 11
    assert {row.zh for row in table.rows} >= {"四员 → 三长", "（无） → 四员"}


def test_who_left_the_roster_no_longer_counts(owner_session: Session, zone: Partition) -> None:
    people(owner_session, 1, valid=Range(date(2020, 1, 1), DAY))
    assert roster_table(owner_session, as_of=date(2026, 2, 28)).total.figures["persons"] == 1
    assert roster_table(owner_session, as_of=DAY).total.figures["persons"] == 0


def test_small_groups_show_no_attributes_to_some(owner_session: Session, zone: Partition) -> None:
    people(owner_session, 4)
    people(owner_session, 9, at=NORTH)
    shown = roster_table(owner_session, as_of=DAY, with_small_groups=True)
    assert figures(shown, "women") == {SOUTH: 4, NORTH: 9}
    hidden = roster_table(owner_session, as_of=DAY)
    assert figures(hidden, "persons") == {SOUTH: 4, NORTH: 9}
    # the second row would give the first away: 13 - 9
    assert figures(hidden, "women") == {SOUTH: None, NORTH: None}
    assert hidden.total.figures["women"] == 13
    assert any("＊" in note.zh for note in hidden.notes)


def test_a_small_total_is_hidden_too(owner_session: Session, zone: Partition) -> None:
    people(owner_session, 4)
    table = roster_table(owner_session, as_of=DAY, unit=SOUTH)
    assert (table.total.figures["persons"], table.total.figures["women"]) == (4, None)


def test_large_groups_hide_nothing(owner_session: Session, zone: Partition) -> None:
    people(owner_session, 5)
    table = roster_table(owner_session, as_of=DAY)
    assert suppress_small_groups(table) == table
    assert figures(table, "women") == {SOUTH: 5, NORTH: 0}


SERVICES = [
    ("appeal", "2026-01-31T15:59:59Z", 0, "information_collector", True, "culture"),  # January in the zone
    ("appeal", "2026-01-31T16:00:00Z", 0, "information_collector", False, None),  # February in the zone
    ("policy_talk", "2026-02-10T04:00:00Z", 1, "policy_publicist", False, "culture"),
    ("mediation", "2026-04-10T04:00:00Z", 2, "stability_mediator", False, None),
    ("mediation", "2026-04-10T04:00:00Z", 3, None, True, None),  # its time of resolution does not count
    ("errand", "2026-04-11T04:00:00Z", None, "grid_worker", True, None),
]


@pytest.fixture
def record(owner_session: Session, zone: Partition) -> Partition:
    ann = add_person(owner_session)
    for kind, at, grid, post, resolved, project in SERVICES:
        moment = datetime.fromisoformat(at)
        add_service(
            owner_session,
            ann,
            kind,
            at=moment,
            grid_code=None if grid is None else zone.third[grid],
            post=post,
            project=project,
            resolved_at=moment if resolved else None,
        )
    return zone


def test_services_by_every_dimension_add_up(owner_session: Session, record: Partition) -> None:
    for by in ("unit", "grid", "post", "group", "kind", "project", "period"):
        for period in (None, "month", "quarter", "year"):
            table = service_table(owner_session, by=by, period=period)
            for measure in table.measures:
                if not measure.is_share:
                    total = sum(row.figures[measure.key] or 0 for row in table.rows)
                    assert total == table.total.figures[measure.key], (by, period, measure.key)
            assert table.total.figures["count"] == len(SERVICES)


def test_services_equal_plain_sql(owner_session: Session, record: Partition) -> None:
    table = service_table(owner_session, by="unit")
    plain = owner_session.execute(
        text("SELECT left(grid_code, 12), kind, count(*) FROM service_record GROUP BY 1, 2")
    ).all()
    found = {
        (row.code, key.removeprefix("kind.")): value
        for row in table.rows
        for key, value in row.figures.items()
        if key.startswith("kind.") and value
    }
    assert found == {(code, kind): count for code, kind, count in plain}
    by_kind = figures(service_table(owner_session, by="kind"), "count")
    assert {kind: n for kind, n in by_kind.items() if n} == dict(Counter(entry[0] for entry in SERVICES))


def test_only_what_can_be_resolved_has_a_share(owner_session: Session, record: Partition) -> None:
    table = service_table(owner_session, by="kind")
    rows = {row.code: row.figures for row in table.rows}
    assert [rows["appeal"][key] for key in ("resolvable", "resolved", "resolved_share")] == [2, 1, 0.5]
    assert [rows["mediation"][key] for key in ("resolvable", "resolved", "resolved_share")] == [0, 0, None]
    assert table.total.figures["resolved_share"] == round(2 / 3, 4)


def test_months_are_the_zones_and_none_is_missing(owner_session: Session, record: Partition) -> None:
    months = service_table(owner_session, by="period")
    counts = [(row.code, row.zh, row.figures["count"]) for row in months.rows]
    assert counts == [
        ("2026-01-01", "2026年1月", 1),
        ("2026-02-01", "2026年2月", 2),
        ("2026-03-01", "2026年3月", 0),
        ("2026-04-01", "2026年4月", 3),
    ]
    quarters = figures(service_table(owner_session, by="period", period="quarter"), "count")
    assert quarters == {"2026-01-01": 3, "2026-04-01": 3}


def test_a_day_begins_at_the_zones_midnight(owner_session: Session, record: Partition) -> None:
    assert service_table(owner_session, since="2026-02-01").total.figures["count"] == 5
    assert service_table(owner_session, until="2026-02-01").total.figures["count"] == 1


def test_services_narrowed(owner_session: Session, record: Partition) -> None:
    south = service_table(owner_session, by="grid", unit=SOUTH)
    assert [row.code for row in south.rows] == list(record.third[:2])
    assert south.total.figures["count"] == 3
    assert service_table(owner_session, kind="mediation").total.figures["count"] == 2
    assert service_table(owner_session, project="culture").total.figures["count"] == 2
    assert service_table(owner_session, group="four_officers").total.figures["count"] == 4


def test_the_unit_is_that_of_the_day_of_the_service(owner_session: Session, record: Partition) -> None:
    grid = record.third[0]
    owner_session.execute(
        text("UPDATE grid SET valid = daterange(lower(valid), '2026-02-01') WHERE code = :code"),
        {"code": grid},
    )
    owner_session.execute(
        text(
            "INSERT INTO grid (code, level, kind, name, parent_code, geom, label_point, area_m2, valid, "
            "release_id) SELECT code, level, kind, name, :parent, geom, label_point, area_m2, "
            "daterange('2026-02-01', NULL), release_id FROM grid WHERE code = :code"
        ),
        {"code": grid, "parent": NORTH},
    )
    assert figures(service_table(owner_session, by="unit"), "count") == {SOUTH: 2, NORTH: 3, None: 1}


def test_sites_by_function_count_each_site_once_in_the_total(owner_session: Session, zone: Partition) -> None:
    add_site(owner_session, "S1", grid_code=zone.third[0])
    add_site(owner_session, "S2", grid_code=zone.third[2], kind="farm_library")
    add_site(owner_session, "S3", kind="farm_library", valid=Range(date(2026, 3, 2), None))
    for function in ("culture", "reading"):
        add_opening(owner_session, "S1", function)
    table = place_table(owner_session, by="function", as_of=DAY)
    assert {code: n for code, n in figures(table, "sites").items() if n} == {
        "culture": 1,
        "reading": 1,
        None: 1,
    }
    assert table.total.figures["sites"] == 2
    by_unit = place_table(owner_session, by="unit", as_of=DAY)
    assert figures(by_unit, "function.culture") == {SOUTH: 1, NORTH: 0}
    assert figures(by_unit, "kind.farm_library") == {SOUTH: 0, NORTH: 1}
    assert figures(place_table(owner_session, by="unit_kind", as_of=DAY), "sites") == {
        "village": 1,
        "community": 1,
    }


def test_teams_and_party_organisations(owner_session: Session, zone: Partition) -> None:
    session = owner_session
    add_team(session, "T1", grid_code=SOUTH, declared_members=12)
    add_team(session, "T2", kind="patrol")
    add_assignment(session, add_person(session), "team_member", "T1")
    teams = place_table(session, of="teams", by="unit", as_of=DAY)
    assert figures(teams, "teams") == {SOUTH: 1, NORTH: 0, None: 1}
    assert [teams.total.figures[key] for key in ("declared_members", "roster_members")] == [12, 1]
    add_party_org(session, "P1", grid_code=SOUTH)
    add_party_org(session, "P2", grid_code=zone.third[0], kind="group")
    by_kind = figures(place_table(session, of="party_orgs", as_of=DAY), "party_orgs")
    assert {code: n for code, n in by_kind.items() if n} == {"branch": 1, "group": 1}
    assert place_table(session, of="party_orgs", unit=NORTH, as_of=DAY).total.figures["party_orgs"] == 0


def test_members_of_a_branch_are_those_of_its_committee_too(owner_session: Session, zone: Partition) -> None:
    session = owner_session
    add_party_org(session, "P1", kind="committee", declared_members=90)
    add_party_org(session, "P2", kind="general_branch", parent_code="P1")
    add_party_org(session, "P3", parent_code="P2", declared_members=30)
    add_party_org(session, "P4", declared_members=7)
    table = place_table(session, of="party_orgs", as_of=DAY)
    assert table.total.figures["declared_members"] == 97
    members = figures(table, "declared_members")
    assert [members[kind] for kind in ("committee", "general_branch", "branch")] == [90, 0, 37]


def add_income(session: Session, unit: str, value: str, year: int = 2025) -> None:
    session.execute(
        insert(tables.UnitFigure).values(
            grid_code=unit, fact="collective_income", year=year, value=Decimal(value)
        )
    )


def test_units_side_by_side(owner_session: Session, zone: Partition) -> None:
    session = owner_session
    add_income(session, NORTH, "1000000")
    add_income(session, NORTH, "70000.5", 2024)
    add_building(session, f"{NORTH}00001", grid_code=zone.third[2], households=7)
    people(session, 2, at=NORTH)
    table = unit_table(session, as_of=DAY)
    assert table.filters["year"] == "2025"
    assert figures(table, "collective_income") == {SOUTH: None, NORTH: 1_000_000}
    north = next(row.figures for row in table.rows if row.code == NORTH)
    assert [north[key] for key in ("grids", "buildings", "households", "persons")] == [2, 1, 7, 2]
    assert (table.total.figures["grids"], table.total.figures["collective_income"]) == (4, 1_000_000)
    assert figures(unit_table(session, as_of=DAY, year=2024), "collective_income")[NORTH] == 70000.5
    assert figures(unit_table(session, by="kind", as_of=DAY), "units") == {"village": 1, "community": 1}


def test_bands_hold_every_unit_once(owner_session: Session, zone: Partition) -> None:
    add_income(owner_session, NORTH, "500000")
    bands = figures(unit_table(owner_session, by="band", as_of=DAY), "units")
    assert bands == {">=1000000": 0, "500000-1000000": 1, "50000-500000": 0, "<50000": 0, None: 1}
    with pytest.raises(InvalidInput, match="do not rise"):
        unit_table(owner_session, by="band", as_of=DAY, bands=[5, 3])


@pytest.mark.parametrize(
    ("ask", "more", "said"),
    [
        (roster_table, {"by": "name"}, "by 'name'"),
        (roster_table, {"who": "me"}, "who 'me'"),
        (roster_table, {"group": "kings"}, "group 'kings'"),
        (service_table, {"by": "person"}, "by 'person'"),
        (service_table, {"period": "week"}, "period 'week'"),
        (service_table, {"kind": "song"}, "kind 'song'"),
        (service_table, {"since": "2026-02-01", "until": "2026-01-01"}, "before since"),
        (place_table, {"of": "kings"}, "of 'kings'"),
        (place_table, {"of": "teams", "by": "function"}, "by 'function'"),
        (unit_table, {"fact": "gold"}, "fact 'gold'"),
    ],
)
def test_what_cannot_be_asked(
    owner_session: Session, zone: Partition, ask: Any, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        ask(owner_session, **more)


@pytest.mark.parametrize("ask", [roster_table, service_table, place_table])
def test_a_unit_that_is_none(owner_session: Session, zone: Partition, ask: Any) -> None:
    for code in ("000", zone.third[0]):
        with pytest.raises(NotFound, match="no second-level grid"):
            ask(owner_session, unit=code)


def test_the_application_role_may_count(owner_session: Session, record: Partition) -> None:
    with acting_as(owner_session, "wangge_app"):
        for ask in (roster_table, moves_table, service_table, place_table, unit_table):
            assert ask(owner_session).rows is not None  # type: ignore[operator]


EXPORTED = Exported("测试区", "=evil", datetime(2026, 3, 1, 9, tzinfo=UTC))


@pytest.fixture
def hostile(owner_session: Session, zone: Partition) -> Table:
    """A roster in which a unit's name begins like a formula, and a group is small."""
    owner_session.execute(text("UPDATE grid SET name = '=HYPERLINK(1)' WHERE code = :code"), {"code": SOUTH})
    people(owner_session, 3)
    return roster_table(owner_session, as_of=DAY, since=DAY)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_workbook_holds_no_formula_and_says_what_it_is(hostile: Table, lang: Any) -> None:
    book = load_workbook(io.BytesIO(write_xlsx(hostile, EXPORTED, lang)))
    figures, about = book.worksheets
    assert figures["B2"].value == "=HYPERLINK(1)"
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n", "inlineStr"}
    said = {row[0].value: row[1].value for row in about.iter_rows(min_row=2)}
    for measure in hostile.measures:
        assert said[getattr(measure, lang)] == getattr(measure, f"definition_{lang}")
    assert "=evil" in said.values()
    assert any("2026-03-01 09:00:00" in str(value) for value in said.values())
    assert any("＊" in str(value) for value in said.values())
    assert [cell.value for cell in figures["C"]][1:] == [3, 0, 3]


def test_a_workbook_names_its_filters_in_the_readers_words(hostile: Table) -> None:
    said = {}
    for lang in ("zh", "en"):
        about = load_workbook(io.BytesIO(write_xlsx(hostile, EXPORTED, lang))).worksheets[1]
        said |= {row[0].value: row[1].value for row in about.iter_rows(min_row=2)}
    assert said["按"] == "村、社区"
    assert said["by"] == "unit"
    assert said["筛选条件：日期"] == said["filter: as_of"] == "2026-03-01"
    assert said["筛选条件：人员范围"] == "“234”人员"


def test_csv_for_excel(hostile: Table) -> None:
    content = write_csv(hostile)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["编码", "名称", "人数", "任职数"]
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[1][rows[0].index("女性")] == "＊"
    assert rows[-1][:3] == ["", "合计", "3"]


def test_split_by_period_the_period_is_a_column(owner_session: Session, record: Partition) -> None:
    rows = list(
        csv.reader(io.StringIO(write_csv(service_table(owner_session, by="kind", period="month")).decode()))
    )
    assert rows[0][0].endswith("期间")
    assert {row[0] for row in rows[1:-1]} == {f"2026-0{month}-01" for month in (1, 2, 3, 4)}
