from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from tests.builders import Partition, add_building, add_grid, add_neighbourhood, middle, square

pytestmark = pytest.mark.usefixtures("partition")


def ask(client: TestClient, lon: float, lat: float, **more: object) -> dict:
    answer = client.get("/geocode", params={"lon": lon, "lat": lat, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def codes(chain: dict) -> list[str]:
    return [grid["code"] for grid in chain["grids"]]


def test_a_place_inside_gets_one_grid_per_level(client: TestClient, partition: Partition) -> None:
    chain = ask(client, *middle(1, 0))
    assert chain["inside"] is True
    assert codes(chain) == [partition.first[0], partition.second[0], partition.third[1]]
    assert [grid["level"] for grid in chain["grids"]] == [1, 2, 3]
    assert chain["nearest"] is None
    assert chain["release"]["title"] == "首次发布"
    assert chain["point"] == {"lon": middle(1, 0)[0], "lat": middle(1, 0)[1], "crs": "EPSG:4490"}


def test_a_place_on_a_shared_border_belongs_to_the_lowest_code(
    client: TestClient, partition: Partition
) -> None:
    assert codes(ask(client, 113.81, 27.605))[2] == partition.third[0]
    assert codes(ask(client, 113.81, 27.61)) == [partition.first[0], partition.second[0], partition.third[0]]
    assert codes(ask(client, 113.80, 27.60))[2] == partition.third[0]


def test_a_place_outside_names_the_nearest_grid_and_its_distance(
    client: TestClient, partition: Partition
) -> None:
    chain = ask(client, 113.83, 27.615)
    assert (chain["inside"], chain["grids"]) == (False, [])
    assert chain["nearest"]["code"] == partition.third[3]
    # 0.01 degrees of longitude at 27.615 degrees north on the CGCS2000 ellipsoid
    assert chain["nearest"]["distance_m"] == pytest.approx(987.0, abs=0.5)


def test_building_and_neighbourhood_come_along(client: TestClient, owner_session: Session) -> None:
    quarter = add_neighbourhood(owner_session)
    building = add_building(owner_session, neighbourhood_code=quarter, address="玉湖路18号测试小区1栋")
    chain = ask(client, *middle())
    assert chain["building"] == {
        "code": building,
        "kind": "residential",
        "name": "1栋",
        "address": "玉湖路18号测试小区1栋",
    }
    assert chain["neighbourhood"]["code"] == quarter
    assert chain["nearest_building"] is None


def test_the_nearest_building_is_named_within_200_metres_only(
    client: TestClient, owner_session: Session
) -> None:
    code = add_building(owner_session)
    lon, lat = middle()
    near = ask(client, lon + 0.0011, lat)["nearest_building"]
    assert near["code"] == code
    assert near["distance_m"] == pytest.approx(98.7, abs=0.1)
    assert ask(client, lon + 0.004, lat)["nearest_building"] is None


def test_a_neighbourhood_is_found_by_its_outline_without_a_building(
    client: TestClient, owner_session: Session
) -> None:
    add_neighbourhood(owner_session, "OUTLINED", geometry=square(0, 0, 0.5))
    assert ask(client, 113.802, 27.602)["neighbourhood"]["code"] == "OUTLINED"


def test_as_of_asks_the_partition_of_another_day(client: TestClient, owner_session: Session) -> None:
    add_grid(owner_session, "360371001001900", square(5, 5), since=date(2021, 1, 1), until=date(2022, 1, 1))
    assert ask(client, *middle(5, 5), as_of="2021-12-31")["inside"] is True
    assert ask(client, *middle(5, 5), as_of="2022-01-01")["inside"] is False
    assert ask(client, *middle(5, 5))["inside"] is False


def test_declared_coordinate_systems_are_brought_to_the_storage_one(
    client: TestClient, partition: Partition
) -> None:
    lon, lat = middle(0, 0)
    # the same place as Amap's users see it lies some 500 m to the south-east
    assert codes(ask(client, lon + 0.0049, lat - 0.0031, crs="GCJ-02"))[2] == partition.third[0]
    chain = ask(client, 480_000, 3_055_000, crs="EPSG:4547")
    assert chain["point"]["crs"] == "EPSG:4547"


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"lon": 27.6, "lat": 113.8}, "longitude first"),
        ({"lon": "nan", "lat": 27.6}, "no numbers"),
        ({"lon": 113.8, "lat": 27.6, "crs": "EPSG:1"}, "EPSG:1"),
        ({"lon": 113.8}, "lat"),
        ({"lon": "x", "lat": 1}, "lon"),
        ({"lon": 1, "lat": 1, "as_of": "tomorrow"}, "as_of"),
    ],
)
def test_bad_questions_get_a_problem_that_names_the_value(
    client: TestClient, params: dict, said: str
) -> None:
    answer = client.get("/geocode", params=params)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]
