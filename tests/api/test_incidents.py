from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.app import create_app
from geo.accounts import make_token
from geo.permissions import Role
from geo.settings import PathSettings, Settings
from tests.api.conftest import ClientAs
from tests.builders import Partition, add_building, add_incident, add_partition, middle
from tests.database import disposed

BODY = {"category": "dispute", "source": "app", "description": "楼上漏水", "address_text": "测试路1号"}


def report(client: TestClient, **fields: object) -> dict:
    answer = client.post("/incidents", json=BODY | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_incident_is_placed_in_its_grids_and_read_back(
    client: TestClient, partition: Partition, owner_session: Session
) -> None:
    building = add_building(owner_session)
    lon, lat = middle()
    stored = report(client, lon=lon, lat=lat)
    assert stored["created"] is True
    assert stored["place_status"] == "inside"
    assert stored["grid_codes"] == [partition.first[0], partition.second[0], partition.third[0]]
    assert stored["building_code"] == building
    assert stored["chain"]["building"]["code"] == building
    again = client.get(f"/incidents/{stored['id']}").json()
    assert again == {key: stored[key] for key in again}
    steps = owner_session.execute(
        text("SELECT number, state FROM incident_step WHERE incident_id = :id"), {"id": stored["id"]}
    )
    assert steps.all() == [(1, "reported")]


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ({"lon": 114.5, "lat": 27.6}, "outside"),
        ({"lon": 0, "lat": 0}, "null_island"),
        ({}, "no_coordinates"),
    ],
)
def test_incidents_that_lie_nowhere_are_kept_and_marked(client: TestClient, place: dict, status: str) -> None:
    stored = report(client, **place)
    assert stored["place_status"] == status
    assert stored["grid_codes"] == [None, None, None]
    listed = client.get("/incidents", params={"place_status": status}).json()
    assert [incident["id"] for incident in listed["incidents"]] == [stored["id"]]


def test_an_incident_from_the_future_is_kept_and_marked(client: TestClient) -> None:
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    assert report(client, reported_at=later)["time_status"] == "future"
    assert report(client)["time_status"] == "plausible"


def test_a_client_key_stores_once(client: TestClient) -> None:
    lon, lat = middle()
    first = report(client, client_key="phone-1", lon=lon, lat=lat)
    answer = client.post("/incidents", json=BODY | {"client_key": "phone-1", "lon": lon, "lat": lat})
    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["created"]) == (first["id"], False)
    other = client.post("/incidents", json=BODY | {"client_key": "phone-1", "description": "另一件事"})
    assert other.status_code == 409
    assert "phone-1" in other.json()["detail"]


def test_a_client_key_belongs_to_its_account(client: TestClient, client_as: ClientAs) -> None:
    mine = report(client, client_key="same")
    assert report(client_as("grid_worker"), client_key="same")["id"] != mine["id"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"category": "nonsense"}, "'nonsense'"),
        ({"source": "rumour"}, "'rumour'"),
        ({"lon": 1}, "come together"),
        ({"lon": 200, "lat": 10}, "not on Earth"),
        ({"lon": 1, "lat": 1, "crs": "EPSG:0"}, "EPSG:0"),
        ({"reported_at": "2026-01-01T00:00:00"}, "time zone"),
        ({"category": "living\u0000"}, "category"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_bad_incidents_are_refused_with_the_value_named(client: TestClient, change: dict, said: str) -> None:
    answer = client.post("/incidents", json=BODY | change)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_case_text_is_kept_from_roles_that_may_not_read_it(client: TestClient, client_as: ClientAs) -> None:
    stored = report(client)
    planner = client_as("planner").get(f"/incidents/{stored['id']}").json()
    assert (planner["description"], planner["address_text"]) == (None, None)
    assert client.get(f"/incidents/{stored['id']}").json()["description"] == "楼上漏水"


def test_who_may_not_report(partition: Partition, client_as: ClientAs) -> None:
    assert client_as("planner").post("/incidents", json=BODY).status_code == 403
    assert client_as(None).post("/incidents", json=BODY).status_code == 401
    assert client_as("auditor").get("/incidents").status_code == 403


@pytest.fixture
def many(partition: Partition, owner_session: Session) -> list[int]:
    """Thirty incidents, one an hour, going round the four cells; every tenth without a place."""
    start = datetime(2026, 3, 1, tzinfo=UTC)
    made = []
    for hour in range(30):
        lon, lat = middle(hour % 2, hour // 2 % 2)
        place = {} if hour % 10 == 9 else {"lon": lon, "lat": lat}
        category = "dispute" if hour % 3 else "street_light"
        made.append(
            add_incident(owner_session, reported_at=start + timedelta(hours=hour), category=category, **place)
        )
    return made


def listed(client: TestClient, **params: object) -> list[int]:
    answer = client.get("/incidents", params={"limit": 1000, **params})
    assert answer.status_code == 200, answer.text
    return [incident["id"] for incident in answer.json()["incidents"]]


def test_pages_follow_one_another_without_gap_or_repeat(client: TestClient, many: list[int]) -> None:
    url, seen = "/incidents?limit=7&count=true", []
    while url:
        page = client.get(url).json()
        assert page["numberMatched"] == 30
        seen += [incident["id"] for incident in page["incidents"]]
        url = page["next"]
    assert seen == many[::-1]


def test_filters_agree_with_sql(
    client: TestClient, partition: Partition, many: list[int], owner_session: Session
) -> None:
    def sql(where: str) -> list[int]:
        query = f"SELECT id FROM incident WHERE {where} ORDER BY reported_at DESC, id DESC"
        return list(owner_session.scalars(text(query)))

    cell = partition.third[1]
    assert listed(client, code=cell) == sql(f"grid3_code = '{cell}'")
    assert listed(client, code=partition.second[0]) == sql(f"grid2_code = '{partition.second[0]}'")
    assert listed(client, level=3) == sql("grid3_code IS NOT NULL")
    assert listed(client, category="public") == sql("category = 'street_light'")
    assert listed(client, category="dispute") == sql("category = 'dispute'")
    assert listed(client, state="archived") == []
    assert listed(client, bbox="113.80,27.60,113.81,27.61") == sql(
        "ST_Intersects(geom, ST_MakeEnvelope(113.80, 27.60, 113.81, 27.61, 4490))"
    )


def test_days_begin_at_the_zones_midnight(client: TestClient, many: list[int]) -> None:
    # 2026-03-02 begins in Shanghai at 16:00 UTC of the day before: incident number 16
    assert listed(client, since="2026-03-02") == many[16:][::-1]
    assert listed(client, until="2026-03-02") == many[:16][::-1]
    assert listed(client, since="2026-03-02T00:00:00Z") == many[24:][::-1]


def test_geojson_holds_the_placed_ones_with_links(client: TestClient, many: list[int]) -> None:
    body = client.get("/incidents.geojson", params={"limit": 10}).json()
    assert (body["type"], body["numberMatched"], body["numberReturned"]) == ("FeatureCollection", 27, 10)
    assert body["features"][0]["geometry"]["type"] == "Point"
    following = client.get(body["links"][0]["href"]).json()
    assert not {f["id"] for f in body["features"]} & {f["id"] for f in following["features"]}


@pytest.mark.parametrize(
    "params",
    [
        {"bbox": "1,2,3"},
        {"bbox": "3,2,1,4"},
        {"bbox": "a,b,c,d"},
        {"cursor": "???"},
        {"cursor": "MjAyNg"},
        {"since": "soon"},
        {"since": "2026-02-01", "until": "2026-01-01"},
        {"limit": 0},
        {"limit": 100_000},
        {"level": 4},
    ],
)
def test_bad_filters_are_refused(client: TestClient, params: dict) -> None:
    answer = client.get("/incidents", params=params)
    assert answer.status_code == 422
    assert answer.json()["status"] == 422


def test_an_unknown_incident_is_404(client: TestClient) -> None:
    assert client.get("/incidents/987654321").status_code == 404


def test_one_key_sent_many_times_at_once_is_stored_once(new_database, tmp_path: Path) -> None:
    database = new_database()
    with disposed(database.urls.owner) as owner, Session(owner) as session, session.begin():
        add_partition(session)
        token = make_token(session, Role.INTAKE, days=1, name="race")
    app = create_app(Settings(paths=PathSettings(state_dir=tmp_path)), app_url=database.urls.app)
    body = BODY | {"client_key": "race", "lon": 113.805, "lat": 27.605}
    headers = {"Authorization": f"Bearer {token}"}
    with (
        TestClient(app, base_url="http://127.0.0.1", headers=headers) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        answers = list(pool.map(lambda _: client.post("/incidents", json=body), range(24)))
    assert sorted({answer.status_code for answer in answers}) == [200, 201]
    assert sum(answer.status_code == 201 for answer in answers) == 1
    assert len({answer.json()["id"] for answer in answers}) == 1
    with disposed(database.urls.owner) as owner, owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM incident")) == 1
