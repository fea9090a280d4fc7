import json
from datetime import date

import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.builders import Partition, add_building, add_grid, square

pytestmark = pytest.mark.usefixtures("partition")


def features(client: TestClient, path: str, **params: object) -> list[dict]:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/geo+json")
    body = answer.json()
    assert body["numberReturned"] == len(body["features"]) == body["numberMatched"]
    return body["features"]


def test_grids_of_a_level_with_their_figures(
    client: TestClient, partition: Partition, owner_session: Session
) -> None:
    add_building(owner_session, grid_code=partition.third[0], households=7)
    found = features(client, "/grids", level=3)
    assert [feature["id"] for feature in found] == list(partition.third)
    assert found[0]["properties"]["households"] == 7
    area = owner_session.scalar(
        text("SELECT area_m2 / 1e6 FROM grid WHERE code = :code"), {"code": partition.third[0]}
    )
    assert found[0]["properties"]["area_km2"] == pytest.approx(area)
    drawn = shapely.from_geojson(json.dumps(found[0]["geometry"]))
    assert drawn.equals(shapely.MultiPolygon([square()]))


def test_children_and_parent_filter_agree(client: TestClient, partition: Partition) -> None:
    children = features(client, f"/grids/{partition.second[1]}/children")
    assert [child["id"] for child in children] == list(partition.third[2:])
    assert features(client, "/grids", parent=partition.second[1]) == children
    assert features(client, f"/grids/{partition.third[0]}/children") == []


def test_one_grid_and_its_buildings_from_every_level(
    client: TestClient, partition: Partition, owner_session: Session
) -> None:
    code = add_building(owner_session, grid_code=partition.third[2], address="测试路1号")
    assert features(client, f"/grids/{partition.second[1]}")[0]["properties"]["name"] == "北村"
    for holder in (partition.first[0], partition.second[1], partition.third[2]):
        assert [b["id"] for b in features(client, f"/grids/{holder}/buildings")] == [code]
    assert features(client, f"/grids/{partition.third[0]}/buildings") == []
    building = features(client, f"/buildings/{code}")[0]["properties"]
    assert (building["address"], building["grid_code"]) == ("测试路1号", partition.third[2])


def test_as_of_and_crs(client: TestClient, owner_session: Session) -> None:
    add_grid(owner_session, "360371001001900", square(5, 5), since=date(2021, 1, 1), until=date(2022, 1, 1))
    assert len(features(client, "/grids", level=3, as_of="2021-06-01")) == 5
    assert len(features(client, "/grids", level=3)) == 4
    here = features(client, "/grids", level=1)[0]["geometry"]["coordinates"][0][0][0]
    amap = features(client, "/grids", level=1, crs="GCJ-02")[0]["geometry"]["coordinates"][0][0][0]
    metres = features(client, "/grids", level=1, crs="EPSG:4547")[0]["geometry"]["coordinates"][0][0][0]
    assert 0.002 < abs(here[0] - amap[0]) < 0.01
    assert 300_000 < metres[0] < 700_000


@pytest.mark.parametrize(
    "path", ["/grids/nowhere", "/grids/nowhere/children", "/grids/nowhere/buildings", "/buildings/none"]
)
def test_unknown_codes_are_404_with_the_code(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "'no" in answer.json()["detail"]


def test_hostile_names_stay_text(client: TestClient, owner_session: Session) -> None:
    name = '"}]</script><script>alert(1)</script>'
    add_grid(owner_session, "360371001001901", square(7, 7), name=name)
    assert features(client, "/grids/360371001001901")[0]["properties"]["name"] == name
