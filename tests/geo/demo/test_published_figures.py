"""Every published figure of the zone's people and places, counted in plain SQL at the renewal date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Connection, text

from geo.demo.people.plan import days_until
from tests.database import TestDatabase, disposed
from tests.demo_zones import DEMO_DAY

DAYS = days_until(DEMO_DAY)
#: Persons in posts of the 234 personnel on :renewal, and on the day before.
PERSONNEL = """
WITH present AS (
    SELECT DISTINCT a.person_id, p.post_group FROM assignment a JOIN post p ON p.code = a.post
    WHERE p.is_personnel AND a.valid @> CAST(:renewal AS date)
), before AS (
    SELECT DISTINCT a.person_id, p.post_group FROM assignment a JOIN post p ON p.code = a.post
    WHERE p.is_personnel AND a.valid @> (CAST(:renewal AS date) - 1)
), holder AS (SELECT * FROM person WHERE id IN (SELECT person_id FROM present))
"""


@pytest.fixture(scope="module")
def demo(demo_database: TestDatabase) -> Iterator[Connection]:
    with disposed(demo_database.urls.owner) as engine, engine.connect() as connection:
        yield connection


def count(demo: Connection, query: str, **values: object) -> int:
    answer = demo.scalar(text(query), {"renewal": DAYS.renewal, "today": DEMO_DAY} | values)
    return int(answer or 0)


@pytest.mark.parametrize(
    ("what", "figure"),
    [
        ("SELECT count(*) FROM holder", 1357),
        ("SELECT count(*) FROM holder WHERE id NOT IN (SELECT person_id FROM assignment a "
         "JOIN post p ON p.code = a.post WHERE p.is_personnel AND lower(a.valid) < :renewal)", 143),
        ("SELECT count(*) FROM holder JOIN education e ON e.code = education WHERE e.sort >= "
         "(SELECT sort FROM education WHERE code = 'junior_college')", 592),
        ("SELECT count(*) FROM holder WHERE age(:renewal, born_on) < interval '36 years'", 115),
        ("SELECT count(*) FROM holder WHERE born_on >= CAST(:renewal AS date) - interval '35 years'", 115),
        ("SELECT count(*) FROM holder WHERE gender = 'female'", 472),
        ("SELECT count(*) FROM holder WHERE is_prospering", 18),
    ],
)  # fmt: skip
def test_the_personnel_and_what_they_are_like(demo: Connection, what: str, figure: int) -> None:
    assert count(demo, PERSONNEL + what) == figure


@pytest.mark.parametrize(
    ("source", "goal", "figure"),
    [
        ("{four_officers}", "three_heads", 28),
        ("{three_heads}", "four_officers", 42),
        ("{four_officers,three_heads}", "two_committees", 22),
        ("{two_committees}", "three_heads", 0),
        ("{two_committees}", "four_officers", 0),
    ],
)
def test_movements_at_the_renewal(demo: Connection, source: str, goal: str, figure: int) -> None:
    """Held a post of one group the day before, a post of another on the day."""
    query = """SELECT count(DISTINCT b.person_id) FROM before b JOIN present n USING (person_id)
        WHERE b.post_group = ANY(CAST(:source AS text[])) AND n.post_group = :goal"""
    assert count(demo, PERSONNEL + query, source=source, goal=goal) == figure


def test_people_of_the_term_before_left(demo: Connection) -> None:
    gone = "SELECT count(DISTINCT person_id) FROM before WHERE person_id NOT IN (SELECT id FROM holder)"
    assert 100 <= count(demo, PERSONNEL + gone) <= 180


@pytest.mark.parametrize(
    ("query", "figure"),
    [
        ("SELECT count(DISTINCT person_id) FROM assignment WHERE post = 'grid_worker' "
         "AND valid @> CAST(:renewal AS date)", 163),
        ("SELECT count(*) FROM party_organisation WHERE valid @> CAST(:renewal AS date)", 247),
        ("SELECT count(*) FROM grid WHERE kind = 'village' AND valid @> CAST(:today AS date)", 15),
        ("SELECT count(*) FROM organisation WHERE kind = 'bureau'", 5),
    ],
)  # fmt: skip
def test_workers_and_organisations(demo: Connection, query: str, figure: int) -> None:
    assert count(demo, query) == figure


def test_grid_workers_are_apart_and_unevenly_spread(demo: Connection) -> None:
    both = """SELECT count(*) FROM holder h JOIN assignment a ON a.person_id = h.id
        WHERE a.post = 'grid_worker'"""
    assert count(demo, PERSONNEL + both) == 0
    spread = """SELECT count(*) FROM (
        SELECT g.code, count(a.id) AS n FROM grid g LEFT JOIN assignment a ON a.grid_code = g.code
            AND a.post = 'grid_worker' AND a.rank = 'primary' AND a.valid @> CAST(:today AS date)
        WHERE g.level = 3 AND g.valid @> CAST(:today AS date) GROUP BY g.code) AS cell WHERE n {}"""
    none, one, more = (count(demo, spread.format(which)) for which in ("= 0", "= 1", "> 1"))
    assert none + one + more == 138
    assert none == 5
    assert 20 <= more <= 30


def test_more_than_120_sites_with_functions_and_more_than_60_teams(demo: Connection) -> None:
    assert count(demo, "SELECT count(*) FROM service_site WHERE valid @> CAST(:today AS date)") > 120
    open_ = "SELECT count(DISTINCT site_code) FROM site_opening WHERE valid @> CAST(:today AS date)"
    assert count(demo, open_) == count(demo, "SELECT count(*) FROM service_site")
    assert count(demo, "SELECT count(*) FROM team WHERE valid @> CAST(:today AS date)") > 60
    for function in ("reading_room_24h", "elders_canteen", "public_good_class"):
        query = "SELECT count(DISTINCT site_code) FROM site_opening WHERE function = :function"
        assert count(demo, query, function=function) >= 5
    kinds = "SELECT count(*) FROM team WHERE kind = :kind"
    assert all(count(demo, kinds, kind=kind) >= 10 for kind in ("volunteers", "mediation", "patrol"))


@pytest.mark.parametrize(
    ("kind", "figure"), [("appeal", 411), ("policy_talk", 1074), ("mediation", 334), ("guidance", 318)]
)
def test_the_year_of_services(demo: Connection, kind: str, figure: int) -> None:
    """By the personnel, in posts they held at the time, within 365 days; and nothing of that kind besides."""
    by_personnel = """SELECT count(*) FROM service_record s
        CROSS JOIN LATERAL (SELECT (at AT TIME ZONE 'Asia/Shanghai')::date AS day) AS local
        WHERE kind = :kind AND day >= :since AND day < :today
        AND EXISTS (SELECT FROM assignment a JOIN post p ON p.code = a.post WHERE a.person_id = s.person_id
            AND a.post = s.post AND p.is_personnel AND a.valid @> day)"""
    assert (DEMO_DAY - DAYS.record_since).days == 365
    assert count(demo, by_personnel, kind=kind, since=DAYS.record_since) == figure
    assert count(demo, "SELECT count(*) FROM service_record WHERE kind = :kind", kind=kind) == figure


def test_all_appeals_but_two_are_resolved(demo: Connection) -> None:
    assert (
        count(demo, "SELECT count(*) FROM service_record WHERE kind = 'appeal' AND resolved_at < :today")
        == 409
    )


def test_incomes_of_the_villages(demo: Connection) -> None:
    query = """SELECT count(*) FROM unit_figure f JOIN grid g ON g.code = f.grid_code AND g.kind = 'village'
        WHERE f.fact = 'collective_income' AND f.year = :year AND f.value >= :low AND f.value < :high"""

    def between(low: float, high: float) -> int:
        return count(demo, query, year=DEMO_DAY.year - 1, low=low, high=high)

    assert between(1_000_000, 1e12) == 5
    assert between(500_000, 1_000_000) == 3
    assert between(50_000, 1e12) == 15
    assert count(demo, "SELECT count(*) FROM unit_figure WHERE value < 50000") == 0


def test_the_renewal_is_on_record_as_one_reviewed_change(demo: Connection) -> None:
    assert count(demo, "SELECT count(*) FROM roster_change WHERE kind = 'renewal' AND state = 'applied'") == 1
    began = """SELECT count(*) FROM assignment WHERE lower(valid) = :renewal AND change_id IS NOT NULL"""
    listed = "SELECT count(*) FROM roster_change_item WHERE action = :action"
    assert count(demo, listed, action="begin") == count(demo, began) > 0
    ended = "SELECT count(*) FROM assignment WHERE upper(valid) = :renewal AND end_change_id IS NOT NULL"
    assert count(demo, listed, action="end") == count(demo, ended) > 0


def test_the_renewal_date_leaves_a_whole_year(demo: Connection) -> None:
    assert date(2025, 3, 1) == DAYS.renewal
    assert days_until(date(2026, 2, 28)).renewal == date(2024, 3, 1)
    assert days_until(date(2028, 2, 28)).renewal == date(2026, 3, 1)
    assert count(demo, "SELECT count(*) FROM assignment WHERE upper(valid) = :renewal") > 0
