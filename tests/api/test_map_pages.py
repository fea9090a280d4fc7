"""The map pages as markup, without a browser."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests import builders
from tests.builders import Partition
from tests.people_builders import add_post_lists

PAGES = ("/", "/maps/coverage", "/maps/density")


@pytest.mark.parametrize("path", PAGES)
def test_pages_carry_a_policy_and_a_nonce_on_every_script(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    (nonce,) = set(re.findall(r"'nonce-([^']+)'", policy))
    scripts = re.findall(r"<(?:script|style)\b[^>]*>", answer.text)
    assert all(f'nonce="{nonce}"' in tag for tag in scripts)
    assert not re.search(
        r"<[^>]+\s(on\w+|style)\s*=", re.sub(r"<script.*?</script>", "", answer.text, flags=re.DOTALL)
    )


@pytest.mark.parametrize("path", PAGES)
def test_pages_load_nothing_from_outside(client: TestClient, path: str) -> None:
    loaded = re.findall(r'<(?:script|link|img)\b[^>]*?(?:src|href)="([^"]+)"', client.get(path).text)
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)
    for address in loaded:
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_pages_ask_who_you_are(partition: Partition, client_as: Any, path: str) -> None:
    stranger = client_as(None)
    assert stranger.get(path, headers={"accept": "application/json"}).status_code == 401


def test_pages_speak_english_on_request(client: TestClient) -> None:
    assert "网格覆盖" in client.get("/maps/coverage").text
    english = client.get("/maps/coverage?lang=en").text
    assert 'lang="en"' in english
    assert "Test Zone" in english
    assert 'href="/maps/density?lang=en"' in english


def test_home_counts_grids_buildings_households_and_cases(
    client: TestClient, partition: Partition, owner_session: Session
) -> None:
    builders.add_building(owner_session, grid_code=partition.third[0], households=12)
    owner_session.execute(text("SELECT 1"))
    builders.add_incident(owner_session, lon=113.805, lat=27.605, reported_at=_hours_ago(owner_session, 2))
    builders.add_incident(owner_session, lon=113.805, lat=27.605, reported_at=_hours_ago(owner_session, 48))
    figures = re.findall(r"<li><strong>([\d,]+)</strong> <span>([^<]+)</span>", client.get("/?lang=en").text)
    assert [number for number, _ in figures] == ["1", "2", "4", "1", "12", "1", "2"]


def test_density_page_sums_up_where_cases_are(client: TestClient, owner_session: Session) -> None:
    builders.add_incident(owner_session, lon=113.805, lat=27.605)
    builders.add_incident(owner_session, lon=113.805, lat=27.605, category="street_light")
    builders.add_incident(owner_session, lon=120.0, lat=30.0)
    builders.add_incident(owner_session)
    page = client.get("/maps/density?period=all").text
    assert 'data-total="4"' in page
    assert "网格内 2 件" in page
    assert "网格外 1 件" in page
    assert "无坐标 1 件" in page
    assert 'data-total="1"' in client.get("/maps/density?period=all&category=street_light").text
    assert 'data-total="4"' in client.get("/maps/density?from=2026-03-10&to=2026-03-10").text
    assert 'data-total="0"' in client.get("/maps/density?from=2026-03-11").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("period=forever", "forever"),
        ("from=2026-02-02&to=2026-02-01", "exchange from and to"),
        ("measure=secrets", "secrets"),
        ("scheme=Guess", "Guess"),
        ("category=none", "none"),
        ("level=4", "level"),
        ("from=yesterday", "from"),
    ],
)
def test_choices_that_cannot_be_are_refused(client: TestClient, query: str, said: str) -> None:
    answer = client.get(f"/maps/density?{query}")
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("at=25:00", "at"),
        ("as_of=someday", "as_of"),
        ("function=dancing", "dancing"),
        ("measure=count", "count"),
        ("scheme=Guess", "Guess"),
        ("level=4", "level"),
    ],
)
def test_moments_and_measures_that_cannot_be_are_refused(client: TestClient, query: str, said: str) -> None:
    answer = client.get(f"/maps/coverage?{query}")
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_the_coverage_page_says_its_moment_and_asks_for_places_of_it(
    owner_session: Session, partition: Partition, client: TestClient
) -> None:
    add_post_lists(owner_session)
    page = client.get("/maps/coverage?as_of=2026-03-10&at=18:30&function=reading").text
    assert "2026年3月10日 星期二 18:30" in page
    asked = "as_of=2026-03-10&at=2026-03-10T18%3A30%2B08%3A00&function=reading"
    assert f"/sites?{asked}".replace("&", "\\u0026") in page
    assert client.get(f"/sites?{asked}").status_code == 200
    assert '<option value="reading" selected>' in page
    english = client.get("/maps/coverage?as_of=2026-03-10&lang=en").text
    assert "Tuesday 10 March 2026, 10:00" in english


def test_an_empty_map_is_still_a_page(owner_session: Session, client_as: Any) -> None:
    builders.add_zone(owner_session)
    client = client_as("intake")
    assert client.get("/maps/coverage").status_code == 200
    assert client.get("/maps/density").status_code == 200


def test_libraries_are_kept_for_ever_and_sent_compressed(client: TestClient) -> None:
    address = re.search(r'src="(/static/vendor/[^"]+/leaflet.js)"', client.get("/maps/coverage").text)
    assert address is not None
    answer = client.get(address[1])
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert "Leaflet" in answer.text[:400]
    plain = client.get(address[1], headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == answer.text
    assert client.get("/static/vendor/0000000000000000/leaflet.js").status_code == 404
    assert client.get(address[1].replace("leaflet.js", "..%2f..%2fpackage.json")).status_code == 404


def test_tiles_are_sent_compressed_with_a_validator(client: TestClient, owner_session: Session) -> None:
    builders.add_building(owner_session)
    answer = client.get("/tiles/buildings/15/26743/13776.mvt")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert answer.headers["cache-control"] == "private, no-cache"
    etag = answer.headers["etag"]
    again = client.get("/tiles/buildings/15/26743/13776.mvt", headers={"if-none-match": f'"x", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    versioned = client.get("/tiles/buildings/15/26743/13776.mvt?v=1")
    assert "max-age" in versioned.headers["cache-control"]
    assert gzip.compress(versioned.content)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tiles/buildings/16/0/0.mvt", 422),
        ("/tiles/buildings/3/8/0.mvt", 422),
        ("/tiles/buildings/3/-1/0.mvt", 422),
        ("/tiles/buildings/x/0/0.mvt", 422),
        ("/tiles/accounts/0/0/0.mvt", 404),
    ],
)
def test_tiles_that_cannot_be_are_refused(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_tiles_ask_who_you_are(partition: Partition, client_as: Any) -> None:
    assert client_as(None).get("/tiles/buildings/0/0/0.mvt").status_code == 401


HOSTILE = "</script><img src=x onerror=window.hacked=1>{{ 7*7 }}{% raw %}\u2028`${1}`"


@pytest.mark.parametrize("path", PAGES[1:])
def test_hostile_names_stay_text(owner_session: Session, client_as: Any, path: str) -> None:
    zone = builders.add_zone(owner_session, name=HOSTILE)
    builders.add_grid(owner_session, f"{zone.code_prefix}001", builders.square(), name=HOSTILE)
    page = client_as("intake").get(path).text
    assert page.count("<img") == 1  # the bar's own icon
    assert (
        "\\u003c/script\\u003e\\u003cimg src=x onerror=window.hacked=1\\u003e\\u007b{ 7*7 }}\\u007b% raw %}"
        in page
    )


def _hours_ago(session: Session, hours: int) -> Any:
    return session.scalar(text("SELECT now() - make_interval(hours => :hours)"), {"hours": hours})
