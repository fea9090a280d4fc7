"""Sites, teams, party organisations and cameras as frames."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import shapely
from geoalchemy2.shape import from_shape
from psycopg2.errors import InsufficientPrivilege
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import InvalidInput
from geo.places import cameras_frame, openings_frame, party_orgs_frame, sites_frame, teams_frame
from tests.builders import acting_as, add_partition, middle
from tests.people_builders import (
    add_camera,
    add_opening,
    add_organisation,
    add_party_org,
    add_post_lists,
    add_site,
    add_team,
)

MONDAY_NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 12:00 in the zone


@pytest.fixture
def zone(owner_session: Session) -> Session:
    add_partition(owner_session)
    add_post_lists(owner_session)
    return owner_session


def test_sites_say_what_they_offer_and_whether_it_is_open(zone: Session) -> None:
    add_site(zone)
    add_opening(zone, function="culture")
    add_opening(zone, function="elders_canteen", weekdays=(1, 2, 4), opens=690, closes=720)
    add_site(zone, "SITE2", kind="farm_library", name="农家书屋")
    add_opening(zone, "SITE2", "reading_room_24h", weekdays=tuple(range(1, 8)), opens=0, closes=1440)
    sites = sites_frame(zone, as_of="2026-03-02", at=MONDAY_NOON)
    assert list(sites.index) == ["SITE1", "SITE2"]
    assert sites.loc["SITE1", "functions"] == ["culture", "elders_canteen"]
    assert sites.loc["SITE1", "hours"]["elders_canteen"] == "周一至周二 11:30–12:00；周四 11:30–12:00"
    assert sites.loc["SITE2", "hours"] == {"reading_room_24h": "全天24小时"}
    assert list(sites["open_now"]) == [True, True]
    # The canteen closes at noon: not open in its last minute's end.
    canteens = sites_frame(zone, as_of="2026-03-02", at=MONDAY_NOON, function="elders_canteen")
    assert list(canteens.index) == ["SITE1"]
    assert list(canteens["open_now"]) == [False]
    assert len(openings_frame(zone, as_of="2026-03-02")) == 5 + 3 + 7


def test_only_what_there_is_on_the_day(zone: Session) -> None:
    add_site(zone, valid=Range(date(2026, 1, 1), date(2026, 2, 1)))
    assert sites_frame(zone, as_of="2026-02-01").empty
    assert len(sites_frame(zone, as_of="2026-01-31")) == 1


def test_a_moment_without_time_zone_is_refused(zone: Session) -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        sites_frame(zone, at=datetime(2026, 3, 2, 12))  # noqa: DTZ001 - what is refused


def test_cameras_with_and_without_a_view(zone: Session) -> None:
    lon, lat = middle()
    view = shapely.Polygon([(lon, lat), (lon + 1e-3, lat), (lon, lat + 1e-3)])
    add_camera(zone, view=from_shape(view, 4490), direction_deg=45.0, angle_deg=90.0)
    runner = add_organisation(zone, "ORG1", name="测试物业")
    second = {"stream_url": "rtsp://camera.invalid/2", "organisation_code": runner}
    add_camera(zone, "36037100001320000002", **second)
    cameras = cameras_frame(zone)
    assert cameras.loc["36037100001320000001", "view"].equals(view)
    assert cameras.loc["36037100001320000002", "view"] is None
    assert not {"stream_url", "filing_number", "filed_on"} & set(cameras)
    assert {"stream_url", "filing_number", "filed_on"} <= set(cameras_frame(zone, with_stream=True))
    assert cameras["organisation_name"].dropna().to_dict() == {"36037100001320000002": "测试物业"}
    metric = cameras_frame(zone, crs="EPSG:4547")
    assert metric.loc["36037100001320000001", "view"].area > 1000
    with acting_as(zone, "wangge_planner"):
        assert len(cameras_frame(zone)) == 2
    with pytest.raises(InsufficientPrivilege, match="permission"), acting_as(zone, "wangge_planner"):
        cameras_frame(zone, with_stream=True)


def test_teams_and_party_organisations(zone: Session) -> None:
    add_team(zone, declared_members=12)
    add_party_org(zone)
    add_party_org(zone, "PARTY2", parent_code="PARTY1", kind="group")
    assert teams_frame(zone)["declared_members"].tolist() == [12]
    orgs = party_orgs_frame(zone)
    assert orgs["parent_code"].tolist()[1] == "PARTY1"
    assert orgs["parent_name"].dropna().to_dict() == {"PARTY2": "测试党支部"}
    assert orgs.geometry.isna().all()
