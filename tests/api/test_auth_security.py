"""Headers on every answer, and the names we answer to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.auth import PUBLIC, access
from api.cli.serving import _config
from api.security import KnownHosts
from geo.settings import PathSettings, ServerSettings, Settings
from tests.api.conftest import ClientAs
from tests.api.visitor import Visitor
from tests.builders import Partition
from tests.database import TestDatabase

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture
def crashing(app: FastAPI, partition: Partition) -> FastAPI:
    @app.get("/test/crash", dependencies=[access(PUBLIC)])
    def crash() -> None:
        raise ZeroDivisionError("secret inside")

    return app


PATHS = {
    "/healthz": 200,
    "/geocode?lon=113.805&lat=27.605": 200,
    "/geocode?lon=x": 422,
    "/nowhere": 404,
    "/sign-in": 200,
    "/sign-in/link/x": 410,
    "/docs": 200,
    "/static/base.css": 200,
    "/static/../app.py": 404,
    "/static/%2e%2e/render.py": 404,
    "/test/crash": 500,
}


@pytest.mark.parametrize(("path", "status"), PATHS.items())
def test_every_answer_is_protected(crashing: FastAPI, client_as: ClientAs, path: str, status: int) -> None:
    answer = client_as("intake").get(path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
    assert "geolocation=(self)" in answer.headers["permissions-policy"]
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "secret inside" not in answer.text


def test_refusals_before_any_route_are_protected_too(client_as: ClientAs, partition: Partition) -> None:
    client = client_as(None)
    for answer in (
        client.get("/healthz", headers={"Host": "evil.example"}),
        client.post("/sign-in", data={}),
        client.delete("/healthz"),
    ):
        assert answer.status_code in {400, 403, 405}
        assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
        assert "content-security-policy" in answer.headers


def test_the_policy_in_full(client_as: ClientAs, partition: Partition) -> None:
    policy = client_as("intake").get("/docs").headers["content-security-policy"]
    assert re.sub(r"'nonce-[\w-]{22}'", "NONCE", policy).split("; ") == [
        "default-src 'none'",
        "script-src 'self' NONCE",
        "style-src 'self' NONCE",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ]


def test_the_nonce_is_new_each_time_and_on_the_scripts(client_as: ClientAs, partition: Partition) -> None:
    client, seen = client_as("intake"), set()
    for _ in range(5):
        answer = client.get("/docs")
        policy = answer.headers["content-security-policy"]
        nonce = re.search(r"script-src 'self' 'nonce-([\w-]+)'", policy)[1]
        assert set(re.findall(r'<script nonce="([^"]+)"', answer.text)) == {nonce}
        seen.add(nonce)
    assert len(seen) == 5


def test_personal_answers_are_not_kept_but_libraries_are(client_as: ClientAs, partition: Partition) -> None:
    client = client_as("intake")
    for path in ("/geocode?lon=113.805&lat=27.605", "/docs", "/sign-in", "/nowhere"):
        assert client.get(path).headers["cache-control"] == "no-store"
    script = re.search(r'src="(/static/vendor/[^"]+\.js)"', client.get("/docs").text)[1]
    assert "immutable" in client.get(script).headers["cache-control"]


def test_docs_load_from_our_own_server_only(client_as: ClientAs, partition: Partition) -> None:
    client = client_as("intake")
    page = client.get("/docs").text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded
    assert all(re.match(r"/(?!/)", address) for address in loaded)
    for address in loaded:
        if address.startswith("/static/"):
            assert client.get(address).status_code == 200


def app_with(database: TestDatabase, tmp_path: Path, **server: object) -> FastAPI:
    settings = Settings(paths=PathSettings(state_dir=tmp_path), server=ServerSettings(**server))
    return create_app(settings, app_url=database.urls.app)


def test_the_basemaps_origin_is_let_in_and_no_other(database: TestDatabase, tmp_path: Path) -> None:
    app = app_with(database, tmp_path, basemap_url="https://{s}.tiles.example:8443/{z}/{x}/{y}.png?key=1")
    with TestClient(app, base_url="http://127.0.0.1") as client:
        policy = client.get("/healthz").headers["content-security-policy"]
    assert "img-src 'self' data: blob: https://*.tiles.example:8443; " in policy
    assert policy.count("tiles.example") == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "{z}/{x}/{y}.png", "", "https://a b; script-src *"])
def test_odd_basemaps_add_nothing_to_the_policy(database: TestDatabase, tmp_path: Path, url: str) -> None:
    app = app_with(database, tmp_path, basemap_url=url)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        policy = client.get("/healthz").headers["content-security-policy"]
    assert "img-src 'self' data: blob:; connect-src" in policy


def test_over_https_it_stays_https(database: TestDatabase, tmp_path: Path) -> None:
    with TestClient(app_with(database, tmp_path, secure_cookies=True), base_url="http://127.0.0.1") as client:
        assert client.get("/healthz").headers["strict-transport-security"] == "max-age=31536000"
        token = next(c for c in client.get("/sign-in").headers.get_list("set-cookie") if "csrftoken" in c)
        assert "Secure" in token


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]:8000", "[::1]", "localhost."],
)
def test_loopback_names_are_answered(client_as: ClientAs, partition: Partition, host: str) -> None:
    assert client_as(None).get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "192.168.1.7",
        "",
        "localhost:80:80",
        "[::1",
        "a@localhost",
    ],
)
def test_other_names_are_not(client_as: ClientAs, partition: Partition, host: str) -> None:
    answer = client_as(None).get("/healthz", headers={"Host": host})
    assert answer.status_code == 400
    assert "WANGGE_ALLOWED_HOSTS" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("settings", "host", "known"),
    [
        ({"allowed_hosts": "wangge.example, Grid.example"}, "grid.EXAMPLE:443", True),
        ({"allowed_hosts": "wangge.example"}, "sub.wangge.example", False),
        ({"host": "0.0.0.0"}, "192.168.1.7:8000", True),
        ({"host": "0.0.0.0"}, "[fd00::7]:8000", True),
        ({"host": "0.0.0.0"}, "evil.example", False),
        ({"host": "grid.example"}, "grid.example", True),
    ],
)
def test_names_can_be_added_and_addresses_cannot_be_faked(settings: dict, host: str, known: bool) -> None:
    middleware = KnownHosts(lambda *_: None, ServerSettings(**settings))
    assert middleware._is_known(host.encode()) is known


def test_a_network_that_is_none_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        ServerSettings(local_networks="10.0.0")


def test_user_text_is_inert_in_pages(app: FastAPI, partition: Partition) -> None:
    hostile = '"><script>alert(1)</script>'
    with (visitor := Visitor(app)).client:
        answer = visitor.submit("/sign-in", username=hostile, password="x", next="/" + hostile)
        page = visitor.get(f"/sign-in?next=/{hostile}&lang={hostile}")
    for each in (answer, page):
        assert "<script>" not in each.text
        assert '"><script' not in each.text


def test_the_server_writes_no_access_lines(app: FastAPI) -> None:
    assert _config(app).access_log is False
