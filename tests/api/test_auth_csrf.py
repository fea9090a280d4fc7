"""No other site acts through a signed-in browser."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI, Request
from sqlalchemy.orm import Session

from api.auth import SIGNED_IN, access
from api.csrf import SEARCHED_BYTES, CsrfProtection
from geo import accounts
from geo.permissions import Role
from tests.api.conftest import ClientAs
from tests.api.visitor import BASE, Visitor
from tests.builders import Partition

BODY = {"category": "dispute", "source": "hotline", "lon": 113.805, "lat": 27.605}


@pytest.fixture
def visitor(app: FastAPI, partition: Partition, owner_session: Session) -> Visitor:
    """A browser signed in at the intake desk; the app has a form of its own to post."""

    @app.post("/test/form", dependencies=[access(SIGNED_IN)])
    async def form(request: Request) -> dict[str, int]:
        async with request.form() as fields:
            return {
                name: len(value if isinstance(value, str) else await value.read())
                for name, value in fields.items()
            }

    accounts.add_account(owner_session, "ann", "Ann", [Role.INTAKE])
    with (browser := Visitor(app)).client:
        assert browser.sign_in_by(accounts.make_link(owner_session, "ann", BASE)).status_code == 303
        yield browser


def test_a_form_with_the_token_passes(visitor: Visitor) -> None:
    answer = visitor.submit("/test/form", "/account", text="hello")
    assert (answer.status_code, answer.json()["text"]) == (200, 5)


@pytest.mark.parametrize("token", [None, "", "x", "网格", "a" * 5000])
def test_a_form_without_it_does_not(visitor: Visitor, token: str | None) -> None:
    answer = visitor.client.post("/test/form", data={} if token is None else {"csrftoken": token})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"


def test_json_takes_the_header(visitor: Visitor) -> None:
    token = visitor.csrf_token("/account")
    assert visitor.client.post("/incidents", json=BODY).status_code == 403
    assert visitor.client.post("/incidents", json=BODY, headers={"x-csrftoken": "wrong"}).status_code == 403
    assert visitor.client.post("/incidents", json=BODY, headers={"x-csrftoken": token}).status_code == 201


def test_a_token_of_another_installation_is_worthless(visitor: Visitor) -> None:
    visitor.client.cookies.delete("csrftoken")
    forged = "ImFiYyI.c2lnbmF0dXJl"
    visitor.client.cookies.set("csrftoken", forged)
    assert visitor.client.post("/test/form", data={"csrftoken": forged}).status_code == 403


def test_signing_in_is_protected_before_there_is_a_session(app: FastAPI, partition: Partition) -> None:
    with (stranger := Visitor(app)).client:
        for path in ("/sign-in", "/sign-in/link/x"):
            assert stranger.client.post(path, data={"username": "ann"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},  # another port of this machine
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8000.evil.example"},
        {"Origin": "http://[::1"},
    ],
)
def test_what_says_it_comes_from_elsewhere_is_refused_even_with_a_token(
    visitor: Visitor, headers: dict
) -> None:
    fields = {"csrftoken": visitor.csrf_token("/account")}
    assert visitor.client.post("/test/form", data=fields, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": BASE}])
def test_what_comes_from_our_own_page_passes(visitor: Visitor, headers: dict) -> None:
    fields = {"csrftoken": visitor.csrf_token("/account")}
    assert visitor.client.post("/test/form", data=fields, headers=headers).status_code == 200


def test_bearer_tokens_need_no_form_token(client_as: ClientAs, partition: Partition) -> None:
    assert client_as("intake").post("/incidents", json=BODY).status_code == 201


def test_without_anything_it_is_401_not_403(client_as: ClientAs, partition: Partition) -> None:
    client = client_as(None)
    client.cookies.set("other", "program")
    assert client.post("/incidents", json=BODY).status_code == 401


def test_uploads_take_the_header(visitor: Visitor) -> None:
    token = visitor.csrf_token("/account")
    file = {"file": ("a.txt", b"x" * 600_000)}
    good = visitor.client.post("/test/form", files=file, headers={"x-csrftoken": token})
    assert (good.status_code, good.json()["file"]) == (200, 600_000)
    assert visitor.client.post("/test/form", files=file, headers={"x-csrftoken": "wrong"}).status_code == 403
    assert visitor.client.post("/test/form", files=file).status_code == 403


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=a", b"--a\r\nnonsense"),
        ("multipart/form-data; boundary=a", b"no boundary at all"),
        ("application/x-www-form-urlencoded", b"\xff\xfe=1"),
        ("application/x-www-form-urlencoded", b"csrftoken=%FF%FE"),
        ("text/plain", b'{"category": "dispute"}'),
        ("", b""),
    ],
)
def test_hostile_bodies_are_refused_not_crashed_on(visitor: Visitor, kind: str, body: bytes) -> None:
    answer = visitor.client.post("/test/form", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 403


def test_the_search_for_the_token_ends(visitor: Visitor) -> None:
    asyncio.run(_post_endlessly(visitor))


async def _post_endlessly(visitor: Visitor) -> None:
    read, answered = 0, []

    async def receive() -> dict:
        nonlocal read
        read += 65_536
        return {"type": "http.request", "body": b"a" * 65_536, "more_body": True}

    async def send(message: dict) -> None:
        answered.append(message.get("status"))

    async def never(*_: object) -> None:
        pytest.fail("the app was reached")

    cookie = f"wangge_session={visitor.session_cookie}"
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"cookie", cookie.encode())]
    scope = {"type": "http", "method": "POST", "path": "/test/form", "headers": headers}
    await CsrfProtection(never, b"key", secure=False)(scope, receive, send)
    assert answered[0] == 403
    assert SEARCHED_BYTES < read < 2 * SEARCHED_BYTES


@pytest.mark.parametrize(
    "cookie", ['a={"x": [1]}; ', "a=b=c; ; =; ", "a\x80\xff=1; ", '"; ', "path=/; expires=1; "]
)
def test_cookies_of_other_programs_do_not_lock_anybody_out(visitor: Visitor, cookie: str) -> None:
    token = visitor.csrf_token("/account")
    own = f"wangge_session={visitor.session_cookie}; csrftoken={visitor.client.cookies.get('csrftoken')}"
    visitor.client.cookies.clear()
    answer = visitor.client.post(
        "/test/form", data={"csrftoken": token}, headers={"Cookie": (cookie + own).encode("latin-1")}
    )
    assert answer.status_code == 200


def test_a_header_with_odd_letters_is_refused(visitor: Visitor) -> None:
    answer = visitor.client.post("/test/form", data={}, headers={"x-csrftoken": "ä".encode("latin-1")})
    assert answer.status_code == 403
