"""The demo zone in the database."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.demo.load import load_demo
from geo.demo.place import ZONE_FILE
from geo.errors import Conflict, InvalidInput
from geo.zone_file import read_zone_file
from tests.demo_zones import remembered_ground
from tests.geo.demo.conftest import TODAY


@pytest.fixture
def loaded(owner_session: Session) -> tuple[Session, dict[str, int], list[str]]:
    said: list[str] = []
    with remembered_ground():
        written = load_demo(
            owner_session, seed=7, today=TODAY, incidents=2_000, buildings=2_000, say=said.append
        )
    return owner_session, written, said


def test_everything_arrives_and_says_so(loaded: tuple[Session, dict[str, int], list[str]]) -> None:
    session, written, said = loaded

    def count(query: str) -> int:
        return int(session.scalar(text(query)) or 0)

    assert [count(f"SELECT count(*) FROM grid WHERE level = {level}") for level in (1, 2, 3)] == [5, 29, 138]
    assert written["grids"] == 172
    for name, table in (
        ("buildings", "building"),
        ("addresses", "address"),
        ("units", "unit"),
        ("households", "household"),
        ("neighbourhoods", "neighbourhood"),
        ("roads", "road"),
        ("water", "water"),
        ("land_use", "land_use"),
        ("incidents", "incident"),
        ("steps", "incident_step"),
        ("hot_spots", "planted_hot_spot"),
    ):
        assert written[name] == count(f"SELECT count(*) FROM {table}") > 0
    assert written["incidents"] == 2_000
    assert len(said) >= 4
    assert count("SELECT count(*) FROM import_run WHERE subject = 'demo' AND rows_written > 3000") == 1
    assert session.scalar(text("SELECT is_demo FROM zone"))

    # chains and buildings as PostGIS finds them
    assert not count("""
        SELECT count(*) FROM incident i WHERE i.grid3_code IS DISTINCT FROM (
            SELECT g.code FROM grid g WHERE g.level = 3 AND ST_Covers(g.geom, i.geom) ORDER BY g.code LIMIT 1)
    """)
    assert not count("""
        SELECT count(*) FROM incident i WHERE i.building_code IS DISTINCT FROM (
            SELECT b.code FROM building b WHERE ST_Covers(b.geom, i.geom) ORDER BY b.code LIMIT 1)
    """)
    assert not count("""
        SELECT count(*) FROM building b JOIN grid g ON g.code = b.grid_code
        WHERE NOT ST_ContainsProperly(g.geom, b.geom)
    """)
    # every kind of oddity is kept and marked
    assert count("SELECT count(DISTINCT place_status) FROM incident") == 4
    assert count("SELECT count(*) FROM incident WHERE place_status = 'outside'") == 20
    # the last step is the state, for all
    assert not count("""
        SELECT count(*) FROM incident i JOIN LATERAL (
            SELECT s.state FROM incident_step s WHERE s.incident_id = i.id ORDER BY number DESC LIMIT 1
        ) s ON true WHERE s.state <> i.state
    """)
    assert not count(
        "SELECT count(*) FROM incident i "
        "WHERE NOT EXISTS (SELECT FROM incident_step s WHERE s.incident_id = i.id)"
    )

    with pytest.raises(Conflict, match="empty one"):
        load_demo(session, today=TODAY)


def test_numbers_out_of_bounds_write_nothing(owner_session: Session) -> None:
    with pytest.raises(InvalidInput, match="incidents=3"):
        load_demo(owner_session, today=TODAY, incidents=3)
    assert owner_session.scalar(text("SELECT count(*) FROM grid_code")) == 0


def test_categories_lie_under_the_three_service_kinds() -> None:
    categories = read_zone_file(ZONE_FILE).lists["incident_categories"]
    kinds = {row["code"] for row in categories if row["parent_code"] is None}
    assert kinds == {"comprehensive", "livelihood", "public"}
    assert {row["parent_code"] for row in categories} == {None, *kinds}
    assert len(categories) == 3 + 26
    assert len({row["sort"] for row in categories}) == len(categories)
