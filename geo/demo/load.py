"""Load the demo zone into an empty database: zone, ground, basemap, people, incidents; all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from pandas import DataFrame
from sqlalchemy.orm import Session

from geo.accounts import demo_accounts
from geo.demo.generate import DEFAULT_SEED, DemoZone, generate_zone
from geo.demo.ground import FULL_STOCK
from geo.demo.people.community import Community
from geo.demo.people.sign_in import people_by_role
from geo.demo.people_rows import Ids, person_rows, place_rows, roster_rows, service_rows
from geo.demo.place import ZONE_FILE
from geo.demo.rhythms import DAYS
from geo.demo.rows import (
    address_rows,
    basemap_rows,
    building_rows,
    grid_rows,
    hot_spot_rows,
    incident_rows,
    neighbourhood_rows,
)
from geo.errors import Conflict
from geo.model import Zone
from geo.store import basemap, demo, ground, import_runs, incident_load, partition
from geo.zone_file import ZoneFile, read_zone_file
from geo.zone_lists import Lists
from geo.zones import find_zone, record_zone

Say = Callable[[str], None]
STEPS_AT_ONCE = 1_000_000  # a line of progress each


def load_demo(
    session: Session,
    *,
    seed: int = DEFAULT_SEED,
    today: date | None = None,
    incidents: int = 20_000,
    buildings: int = FULL_STOCK,
    say: Say = lambda _: None,
) -> dict[str, int]:
    """Generate the demo zone and write it; the caller commits.

    Parameters
    ----------
    session
        Reaches the database as its owner: the zone's storage CRS is set, and rows are copied in.
    seed, incidents, buildings
        As for :func:`geo.demo.generate.generate_zone`.
    today
        Last day of the incidents; None for the present day, and then nothing is reported later than now but
        for the planted faults.
    say
        Told of each step.

    Returns
    -------
    dict
        Rows written by name.

    Raises
    ------
    Conflict
        The database serves a zone with grids already.
    InvalidInput
        A number outside its bounds.
    """
    partition.wait_for_turn(session)
    _check_empty(session)
    file = read_zone_file(ZONE_FILE)
    present = datetime.now(file.zone.zone_info)
    day = present.date() if today is None else today
    now = present if day == present.date() else None
    say(f"Making the demo zone (seed {seed}, up to {day.isoformat()}) …")
    zone_frames = generate_zone(seed=seed, today=day, incidents=incidents, buildings=buildings, now=now)
    zone = record_zone(session, file)
    run = import_runs.add_import_run(
        session,
        {
            "subject": "demo",
            "options": {
                "seed": seed,
                "today": day.isoformat(),
                "incidents": incidents,
                "buildings": buildings,
            },
        },
    )
    written = _write(session, zone_frames, zone, day, run, say)
    written |= _write_people(session, zone_frames, file, run, say)
    total = sum(written.values())
    import_runs.set_rows(session, run, rows_read=total, rows_written=total)
    demo.analyze(session)
    return written


def _check_empty(session: Session) -> None:
    zone = find_zone(session)
    if zone is not None and partition.issued_codes(session):
        raise Conflict(
            f"this database serves {zone.name} already; the demo zone wants an empty one: "
            "use another (DATABASE_URL or WANGGE_STATE_DIR)"
        )


def _write(session: Session, made: DemoZone, zone: Zone, day: date, run: int, say: Say) -> dict[str, int]:
    srid = zone.storage_srid
    written: dict[str, int] = {}
    say("Writing grids and basemap …")
    since = day - timedelta(DAYS - 1)
    release = partition.add_release(session, since, "演示辖区")
    written["grids"] = partition.add_grids(session, grid_rows(made, zone, since, release), srid=srid)
    written |= basemap.replace_basemap(session, basemap_rows(made), srid=srid)
    say("Writing neighbourhoods, buildings, units and households …")
    neighbourhoods = neighbourhood_rows(made)
    written["neighbourhoods"] = demo.add_rows(session, "neighbourhood", neighbourhoods)
    stock = building_rows(made)
    written["buildings"] = ground.add_buildings(session, stock, srid=srid)
    written["addresses"] = ground.add_addresses(session, address_rows(made))
    written["units"] = demo.add_rows(session, "unit", made.units)
    written["households"] = demo.add_rows(session, "household", made.households)
    say(f"Writing {len(made.incidents):,} incidents and {len(made.steps):,} steps of their lives …")
    rows = incident_rows(made, release, run)
    written["incidents"] = incident_load.add_incidents(session, rows, srid=srid)
    written["steps"] = _write_steps(session, made, run, say)
    written["hot_spots"] = demo.add_rows(session, "planted_hot_spot", hot_spot_rows(made), srid=srid)
    return written


def _write_people(session: Session, made: DemoZone, file: ZoneFile, run: int, say: Say) -> dict[str, int]:
    """Write people, posts and places; returns rows by table."""
    community, srid, crs = made.community, file.zone.storage_srid, file.zone.storage_crs
    say(f"Writing {len(community.persons):,} people, their posts and places, rota and record …")
    persons = {"person": person_rows(community, run)}
    written = _write_tables(session, place_rows(community, crs) | persons, srid)
    ids = demo.person_ids(session)
    renewal = _write_renewal(session, community.days.renewal, file.zone)
    rows = roster_rows(community, ids, file.lists, renewal)
    rows["service_record"] = service_rows(community, ids, run, crs)
    written |= _write_tables(session, rows, srid)
    _link_accounts(session, community, ids, file.lists)
    return written | {"roster_change_item": demo.list_renewal(session, renewal)}


def _link_accounts(session: Session, community: Community, ids: Ids, lists: Lists) -> None:
    """Let the demo's accounts be people of the roster, where a post gives their role."""
    chosen = people_by_role(community, lists)
    for role, account in demo_accounts(session):
        if role in chosen:
            demo.link_account(session, int(ids[chosen[role]]), account.id)


def _write_renewal(session: Session, on: date, zone: Zone) -> int:
    """Write the renewal as drafted three weeks and applied three days before it took effect."""
    morning = datetime.combine(on, time(9), tzinfo=zone.zone_info)
    return demo.add_renewal(session, on, morning - timedelta(21), morning - timedelta(3))


def _write_tables(session: Session, rows: dict[str, DataFrame], srid: int) -> dict[str, int]:
    return {table: demo.add_rows(session, table, frame, srid=srid) for table, frame in rows.items()}


def _write_steps(session: Session, made: DemoZone, run: int, say: Say) -> int:
    """Write the lives of a run's incidents, some at a time."""
    ids = demo.incident_ids(session, run)
    total = len(made.steps)
    for start in range(0, total, STEPS_AT_ONCE):
        if start:
            say(f"  {start:,} of {total:,} steps …")
        steps = made.steps.iloc[start : start + STEPS_AT_ONCE]
        rows = steps.assign(incident_id=ids[steps["incident"].to_numpy()]).drop(columns="incident")
        demo.add_rows(session, "incident_step", rows)
    return total
