"""The rows of people and places hang together: targets, places, times, and what was planted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import shapely
from sqlalchemy import Connection, text

from geo.demo.generate import DemoZone
from geo.store.tables import TARGETS, Base
from tests.database import TestDatabase, disposed
from tests.demo_zones import DEMO_DAY, zone_of_demo_database

METRIC = "EPSG:4547"
TABLES = (
    "organisation neighbourhood_organisation party_organisation party_membership service_site site_opening "
    "team camera person assignment duty leave service_record unit_figure roster_change_item"
).split()


@pytest.fixture(scope="module")
def demo(demo_database: TestDatabase) -> Iterator[Connection]:
    with disposed(demo_database.urls.owner) as engine, engine.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def same_zone() -> DemoZone:
    """What ``demo_database`` was loaded from, but for the number of incidents."""
    return zone_of_demo_database()


def count(demo: Connection, query: str, **values: object) -> int:
    return int(demo.scalar(text(query), {"today": DEMO_DAY} | values) or 0)


@pytest.mark.parametrize("table", TABLES)
def test_every_reference_leads_somewhere(demo: Connection, table: str) -> None:
    """The rows are written without looking at foreign keys, so they are looked at here."""
    assert count(demo, f"SELECT count(*) FROM {table}") > 0
    for key in Base.metadata.tables[table].foreign_keys:
        column, goal = key.parent.name, key.column
        if key.constraint is not None and len(key.constraint.columns) == 1:
            lost = f"""SELECT count(*) FROM {table} t WHERE t.{column} IS NOT NULL AND NOT EXISTS
                (SELECT FROM {goal.table.name} g WHERE g.{goal.name} = t.{column})"""
            assert count(demo, lost) == 0, column


def test_posts_are_held_for_what_the_list_says(demo: Connection) -> None:
    for kind, column in TARGETS.items():
        wrong = f"""SELECT count(*) FROM assignment a JOIN post p ON p.code = a.post
            WHERE (p.target = :kind) <> (a.{column} IS NOT NULL) OR a.is_single <> p.is_single"""
        assert count(demo, wrong, kind=kind) == 0
        assert count(demo, f"SELECT count(*) FROM assignment WHERE {column} IS NOT NULL") > 0
    level = """SELECT count(*) FROM assignment a JOIN post p ON p.code = a.post
        JOIN grid g ON g.code = a.grid_code WHERE p.grid_level <> g.level"""
    assert count(demo, level) == 0


def test_village_posts_lie_in_villages_and_community_posts_in_communities(demo: Connection) -> None:
    where = "coalesce(a.grid_code, a.neighbourhood_code, a.building_code, a.unit_code, a.party_org_code)"
    query = f"""SELECT count(*) FROM assignment a JOIN post p ON p.code = a.post
        JOIN grid g ON g.level = 2 AND g.code = left({where}, 12)
        WHERE p.unit_kind IS NOT NULL AND g.kind {{}} p.unit_kind"""
    assert count(demo, query.format("<>")) == 0
    assert count(demo, query.format("=")) > 500


def test_nobody_holds_what_does_not_exist_yet_or_is_not_in_the_roster(demo: Connection) -> None:
    for table, column in (("building", "building_code"), ("neighbourhood", "neighbourhood_code")):
        early = f"""SELECT count(*) FROM assignment a JOIN {table} t ON t.code = a.{column}
            WHERE NOT a.valid <@ t.valid"""
        assert count(demo, early) == 0
    for table in ("assignment", "party_membership"):
        outside = f"SELECT count(*) FROM {table} t JOIN person p ON p.id = t.person_id WHERE "
        if table == "assignment":
            assert count(demo, outside + "NOT t.valid <@ p.valid") == 0
        assert count(demo, outside + "upper(t.valid) > upper(p.valid)") == 0
    young = """SELECT count(*) FROM assignment a JOIN person p ON p.id = a.person_id
        WHERE lower(a.valid) < p.born_on + interval '18 years'"""
    assert count(demo, young) == 0


def test_places_lie_in_the_grids_they_are_filed_under(demo: Connection) -> None:
    for table in ("service_site", "team", "camera", "service_record"):
        wrong = f"""SELECT count(*) FROM {table} t JOIN grid g ON g.code = t.grid_code
            AND g.valid @> CAST(:today AS date) WHERE NOT ST_Covers(g.geom, t.geom)"""
        assert count(demo, wrong) == 0, table
        assert count(demo, f"SELECT count(*) FROM {table} WHERE grid_code IS NULL OR geom IS NULL") == 0
    for table in ("service_site", "service_record"):
        beside = f"""SELECT count(*) FROM {table} t JOIN building b ON b.code = t.building_code
            WHERE NOT ST_Covers(b.geom, t.geom)"""
        assert count(demo, beside) == 0


def test_services_are_within_what_the_person_answers_for(demo: Connection) -> None:
    """In the village or community of the post; at home only where the household is."""
    where = "coalesce(a.grid_code, a.neighbourhood_code, a.building_code, a.party_org_code)"
    lost = f"""SELECT count(*) FROM service_record s WHERE NOT EXISTS (SELECT FROM assignment a
        WHERE a.person_id = s.person_id AND a.post = s.post AND left({where}, 12) = left(s.grid_code, 12)
        AND a.valid @> (s.at AT TIME ZONE 'Asia/Shanghai')::date)"""
    assert count(demo, lost) == 0
    strange = "SELECT count(*) FROM service_record WHERE left(household_code, 17) <> building_code"
    assert count(demo, strange) == 0
    hours = """SELECT count(*) FROM service_record WHERE kind = :kind
        AND extract(hour FROM at AT TIME ZONE 'Asia/Shanghai') NOT BETWEEN :first AND :last"""
    assert count(demo, hours, kind="evening_talk", first=18, last=21) == 0
    assert count(demo, hours, kind="day_visit", first=8, last=18) == 0


def test_the_rota_reaches_four_weeks_back_and_two_ahead_and_the_centre_never_sleeps(demo: Connection) -> None:
    assert demo.execute(
        text("SELECT min(day) - :today, max(day) - :today FROM duty"), {"today": DEMO_DAY}
    ).one() == (
        -28,
        14,
    )
    awake = """SELECT count(*) FROM generate_series(-300, 300) AS hour WHERE NOT EXISTS (
        SELECT FROM duty WHERE organisation_code IS NOT NULL AND during @>
        (CAST(:today AS timestamp) AT TIME ZONE 'Asia/Shanghai') + hour * interval '1 hour')"""
    assert count(demo, awake) == 0
    away = """SELECT count(*) FROM duty d JOIN leave l ON l.person_id = d.person_id AND l.valid @> d.day
        WHERE {} (SELECT FROM leave o WHERE o.person_id = l.deputy_id AND o.valid && l.valid)"""
    assert count(demo, away.format("EXISTS")) == 0
    assert count(demo, away.format("NOT EXISTS")) > 20
    shift = """SELECT count(*) FROM duty d JOIN duty_shift s ON s.code = d.shift WHERE d.during <> tstzrange(
        (d.day + s.starts_minute * interval '1 minute') AT TIME ZONE 'Asia/Shanghai',
        (d.day + (s.starts_minute + s.minutes) * interval '1 minute') AT TIME ZONE 'Asia/Shanghai')"""
    assert count(demo, shift) == 0


def test_party_organisations_are_one_tree(demo: Connection) -> None:
    tree = """WITH RECURSIVE tree AS (
        SELECT code, kind, 1 AS depth FROM party_organisation WHERE parent_code IS NULL
        UNION ALL
        SELECT o.code, o.kind, depth + 1 FROM party_organisation o JOIN tree t ON o.parent_code = t.code
    ) SELECT count(*) FROM tree WHERE {}"""
    assert count(demo, tree.format("true")) == 247
    assert count(demo, tree.format("depth = 1")) == 1
    assert count(demo, tree.format("kind = 'group' AND depth = 4")) == count(
        demo, tree.format("kind = 'group'")
    )
    fewer = """SELECT count(*) FROM party_organisation o WHERE declared_members < (SELECT count(*)
        FROM party_membership m WHERE m.party_org_code = o.code AND m.valid @> CAST(:today AS date))"""
    assert count(demo, fewer) == 0
    leaders = """SELECT count(*) FROM assignment a JOIN party_organisation o ON o.code = a.party_org_code
        WHERE a.post LIKE '%party_group_leader' AND o.kind <> 'group'"""
    assert count(demo, leaders) == 0


def test_telephones_and_streams_cannot_be_real(demo: Connection) -> None:
    assert count(demo, "SELECT count(*) FROM person WHERE phone !~ '^100[0-9]{8}$'") == 0
    assert count(demo, "SELECT count(DISTINCT phone) FROM person") == count(
        demo, "SELECT count(*) FROM person"
    )
    for table in ("organisation", "service_site", "team"):
        assert count(demo, f"SELECT count(*) FROM {table} WHERE phone !~ '^0799-0[0-9]{{6}}$'") == 0
    assert count(demo, "SELECT count(*) FROM camera WHERE stream_url !~ '^rtsp://camera[.]invalid/'") == 0
    assert count(demo, "SELECT count(*) FROM camera WHERE stream_url IS NOT NULL") > 100


def test_residents_live_where_households_are(demo: Connection) -> None:
    assert count(demo, "SELECT count(*) FROM building WHERE (residents > 0) <> (households > 0)") == 0
    share = demo.scalar(text("SELECT sum(residents)::float / sum(households) FROM building"))
    assert share is not None
    assert 2.5 <= share <= 3.0


def test_cameras_see_ground_and_not_through_walls(same_zone: DemoZone) -> None:
    cameras = same_zone.community.cameras.to_crs(METRIC)
    walls = same_zone.buildings.to_crs(METRIC).geometry.to_numpy()
    views = cameras.geometry.to_numpy()
    assert cameras.is_valid.all()
    assert set(cameras.geom_type) == {"Polygon"}
    assert 350 <= len(cameras) <= 480
    camera, building = shapely.STRtree(walls).query(views, predicate="intersects")
    seen_through = shapely.area(shapely.intersection(views[camera], shapely.buffer(walls[building], -0.3)))
    assert seen_through.max() < 1.5
    full = cameras["angle_deg"] / 360.0 * 3.1416 * cameras["range_m"] ** 2
    assert (cameras.area <= full * 1.01).all()
    assert (cameras.area < full * 0.97).mean() > 0.1
    assert (cameras["direction_deg"].isna() == cameras["angle_deg"].eq(360)).all()


def test_planted_vacancies_are_the_vacancies_in_the_database(demo: Connection, same_zone: DemoZone) -> None:
    """Of every required post, by its target, in SQL: those planted and no others; no deputy either."""
    queries = {
        "building_head": """SELECT b.code FROM building b
            JOIN grid g ON g.level = 2 AND g.code = left(b.code, 12)
            WHERE b.kind = 'residential' AND g.kind = 'community'""",
        "villager_group_leader": "SELECT code FROM neighbourhood WHERE kind = 'villager_group'",
        "grid_worker": "SELECT code FROM grid WHERE level = 3",
        "grid_head": """SELECT c.code FROM grid c JOIN grid u ON u.code = c.parent_code
            WHERE c.level = 3 AND u.kind = 'community'""",
        "committee_director": "SELECT code FROM grid WHERE level = 2",
        "party_secretary": "SELECT code FROM grid WHERE level = 2",
    }
    planted = same_zone.community.planted
    vacant = planted[planted["kind"] == "vacant"]
    assert set(vacant["post"]) == set(queries) - {"party_secretary"}
    for post, targets in queries.items():
        query = f"""SELECT t.code FROM ({targets}) AS t WHERE NOT EXISTS (SELECT FROM assignment a
            WHERE a.post = :post AND a.valid @> CAST(:today AS date)
            AND split_part(a.target, ' ', 2) = t.code)"""
        found = demo.scalars(text(query), {"post": post, "today": DEMO_DAY}).all()
        assert set(found) == set(vacant.loc[vacant["post"] == post, "target_code"]), post


def test_planted_overloads_are_the_overloads_in_the_database(demo: Connection, same_zone: DemoZone) -> None:
    query = """SELECT r.code, a.post, count(*) FROM assignment a JOIN post p ON p.code = a.post
        JOIN person r ON r.id = a.person_id WHERE a.rank = 'primary' AND a.valid @> CAST(:today AS date)
        GROUP BY r.code, a.post, p.most_targets HAVING count(*) > p.most_targets"""
    found = {tuple(row) for row in demo.execute(text(query), {"today": DEMO_DAY})}
    people = same_zone.community.persons["code"]
    planted = same_zone.community.planted
    rows = planted[planted["kind"] == "overloaded_targets"]
    wanted = zip(people.loc[rows["person"]], rows["post"], rows["measure"], strict=True)
    assert found == set(wanted)
    assert {post for _, post, _ in found} == {
        "villager_group_leader", "building_head", "grid_head", "grid_worker",
    }  # fmt: skip


def test_demo_accounts_are_people_who_hold_the_post_of_their_role(demo: Connection) -> None:
    query = """SELECT r.role, a.grid_code, a.building_code FROM person JOIN account u ON u.id = account_id
        JOIN account_role r ON r.account_id = u.id JOIN post p ON p.role = r.role
        JOIN assignment a ON a.person_id = person.id AND a.post = p.code AND a.rank = 'primary'
        WHERE u.username LIKE 'demo-%' AND a.valid @> CAST(:today AS date) ORDER BY r.role, 2, 3"""
    rows = demo.execute(text(query), {"today": DEMO_DAY}).all()
    assert {role for role, *_ in rows} == {
        "grid_worker", "grid_head", "building_head", "centre_head", "duty_leader", "intake", "unit_handler",
    }  # fmt: skip
    grids = {role: grid for role, grid, _ in rows if grid}
    building = next(code for role, _, code in rows if role == "building_head")
    assert grids["grid_worker"] == grids["grid_head"]
    assert building[:12] == grids["grid_head"][:12]
    assert count(demo, "SELECT count(*) FROM person WHERE account_id IS NOT NULL") == 7


def test_the_day_shifts_with_today_and_the_seed_changes_the_people(
    same_zone: DemoZone, other_zone: DemoZone
) -> None:
    assert not same_zone.community.persons["name"].equals(other_zone.community.persons["name"])
    assert same_zone.community.days.renewal == date(2025, 3, 1)
