"""Statistics over HTTP: the figures, the files, and what small groups show to whom."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.permissions import SEE_SMALL_GROUPS, Role
from tests.api.conftest import ClientAs
from tests.builders import Partition
from tests.people_builders import (
    add_assignment,
    add_person,
    add_post_lists,
    add_service,
    add_site,
    add_team,
)

SOUTH, NORTH = "360371001001", "360371001002"
SUBJECTS = ("roster", "moves", "services", "places", "units")


@pytest.fixture
def zone(partition: Partition, owner_session: Session) -> Partition:
    """Three persons in the south, six in the north, four services, a site and a team."""
    add_post_lists(owner_session)
    for number in range(9):
        person = add_person(owner_session, f"R{number}", name=f"张三{number}")
        unit = SOUTH if number < 3 else NORTH
        add_assignment(owner_session, person, "policy_publicist", unit)
    for month, kind in ((1, "appeal"), (1, "policy_talk"), (2, "policy_talk"), (4, "mediation")):
        at = datetime(2026, month, 15, 4, tzinfo=UTC)
        add_service(owner_session, person, kind, at=at, grid_code=partition.third[0])
    add_site(owner_session, grid_code=partition.third[0])
    add_team(owner_session, grid_code=SOUTH)
    return partition


def rows(answer: Any, key: str) -> dict[str | None, Any]:
    assert answer.status_code == 200, answer.text
    return {row["code"]: row["figures"][key] for row in answer.json()["rows"]}


def test_the_roster_with_its_definitions(zone: Partition, client: TestClient) -> None:
    answer = client.get("/statistics/roster", params={"by": "unit", "as_of": "2026-03-01"})
    assert rows(answer, "persons") == {SOUTH: 3, NORTH: 6}
    body = answer.json()
    assert body["filters"] == {"as_of": "2026-03-01", "who": "personnel"}
    assert {measure["key"] for measure in body["measures"]} == set(body["total"]["figures"])
    assert all(m["definition_zh"] and m["definition_en"] for m in body["measures"])


@pytest.mark.parametrize("role", sorted(Role))
def test_who_sees_what_people_a_small_group_is_of(zone: Partition, client_as: ClientAs, role: Role) -> None:
    answer = client_as(role).get("/statistics/roster", params={"as_of": "2026-03-01"})
    expected = {SOUTH: 3, NORTH: 6} if role in SEE_SMALL_GROUPS else {SOUTH: None, NORTH: None}
    assert rows(answer, "women") == expected
    assert rows(answer, "persons") == {SOUTH: 3, NORTH: 6}


@pytest.mark.parametrize("role", ["planner", "auditor", "integration"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_files_hide_what_the_answer_hides(zone: Partition, client_as: ClientAs, role: str, kind: str) -> None:
    answer = client_as(role).get(f"/statistics/roster.{kind}", params={"as_of": "2026-03-01"})
    table = read_csv(answer) if kind == "csv" else read_xlsx(answer)[0]
    women = table[0].index("女性")
    assert [line[women] for line in table[1:]] == ["＊", "＊", "9" if kind == "csv" else 9]


def read_csv(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def read_xlsx(answer: Any) -> list[list[tuple[Any, ...]]]:
    return [list(sheet.values) for sheet in load_workbook(io.BytesIO(answer.content)).worksheets]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_files_hold_the_figures_of_the_answer(zone: Partition, client: TestClient, subject: str) -> None:
    body = client.get(f"/statistics/{subject}").json()
    workbook = client.get(f"/statistics/{subject}.xlsx", params={"lang": "en"})
    plain = client.get(f"/statistics/{subject}.csv", params={"lang": "en"})
    assert f"-{subject}-" in workbook.headers["content-disposition"]
    assert plain.headers["content-type"].startswith("text/csv")
    assert plain.content.startswith(b"\xef\xbb\xbf")
    sheet, about = read_xlsx(workbook)
    keys = [measure["key"] for measure in body["measures"]]
    expected = [[row["figures"][key] for key in keys] for row in [*body["rows"], body["total"]]]
    assert [list(line[2:]) for line in sheet[1:]] == expected
    texts = [["" if value is None else str(value) for value in line] for line in expected]
    assert [line[2:] for line in read_csv(plain)[1:]] == texts
    said = dict(line[:2] for line in about)
    assert said["exported by"] == "program-intake"
    assert {said[measure["en"]] for measure in body["measures"]} == {
        m["definition_en"] for m in body["measures"]
    }
    for name, value in body["filters"].items():
        assert said[f"filter: {name}"] == value


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_answer_and_no_file_names_a_person(zone: Partition, client: TestClient, subject: str) -> None:
    for kind in ("", ".csv"):
        assert "张三" not in client.get(f"/statistics/{subject}{kind}").content.decode()
    assert "张三" not in str(read_xlsx(client.get(f"/statistics/{subject}.xlsx")))


def test_services_equal_plain_sql(zone: Partition, client: TestClient, owner_session: Session) -> None:
    for month in (1, 2, 4):
        asked = {"since": f"2026-0{month}-01", "until": f"2026-0{month + 1}-01", "by": "kind"}
        plain = owner_session.execute(
            text(
                "SELECT kind, count(*) AS n FROM service_record WHERE at >= CAST(:since AS timestamptz) "
                "AND at < CAST(:until AS timestamptz) GROUP BY kind"
            ),
            {end: f"{asked[end]}T00:00:00+08:00" for end in ("since", "until")},
        )
        found = rows(client.get("/statistics/services", params=asked), "count")
        assert {kind: n for kind, n in found.items() if n} == {row.kind: row.n for row in plain}


def test_services_by_quarter(zone: Partition, client: TestClient) -> None:
    answer = client.get("/statistics/services", params={"by": "period", "period": "quarter", "unit": SOUTH})
    assert rows(answer, "count") == {"2026-01-01": 3, "2026-04-01": 1}
    assert answer.json()["filters"] == {"unit": SOUTH, "period": "quarter"}


def test_places_and_units(zone: Partition, client: TestClient) -> None:
    assert rows(client.get("/statistics/places?of=sites&by=unit"), "sites") == {SOUTH: 1, NORTH: 0}
    assert rows(client.get("/statistics/places?of=teams"), "teams")["volunteers"] == 1
    assert rows(client.get("/statistics/units"), "sites") == {SOUTH: 1, NORTH: 0}
    assert rows(client.get("/statistics/units?by=band&bands=10,20"), "units") == {
        ">=20": 0, "10-20": 0, "<10": 0, None: 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/statistics/roster?by=name", 422, "by 'name'"),
        ("/statistics/roster?unit=nowhere", 404, "second-level grid"),
        ("/statistics/roster?unit=%00", 422, "NUL"),
        ("/statistics/roster?as_of=yesterday", 422, "as_of"),
        ("/statistics/services?since=2026-02-01&until=2026-01-01", 422, "before since"),
        ("/statistics/services?since=0001-01-01T00:00:00%2B08:00", 422, "since"),
        ("/statistics/units?bands=a", 422, "whole numbers"),
        ("/statistics/units?bands=3,2", 422, "do not rise"),
        ("/statistics/units?year=1", 422, "year"),
    ],
)
def test_what_cannot_be_asked(zone: Partition, client: TestClient, path: str, status: int, said: str) -> None:
    answer = client.get(path.replace("bands", "by=band&bands") if "bands" in path else path)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar(zone: Partition, client: TestClient, day: date) -> None:
    for path in ("roster?as_of", "roster?since", "moves?on", "places?as_of", "units?as_of"):
        assert client.get(f"/statistics/{path}={day}").status_code == 200, path
    for end in ("since", "until"):
        assert client.get(f"/statistics/services?by=period&{end}={day}").status_code in {200, 422}


def test_openapi_shows_an_example(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert described["components"]["schemas"]["TableOut"]["examples"][0]["subject"] == "roster"
    assert "/statistics/services.xlsx" in described["paths"]
