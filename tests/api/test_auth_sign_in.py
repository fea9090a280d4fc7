"""Signing in, out, and one's own account, as a browser does it."""

from __future__ import annotations

import html
import logging
import re

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.pages.sign_in import safe_next
from api.throttle import WINDOW_S, Throttle
from geo import accounts, identity
from geo.permissions import Role
from tests.api.visitor import BASE, Visitor
from tests.builders import Partition, add_zone

GOOD = "seven quiet herons"


@pytest.fixture
def visitor(app: FastAPI, partition: Partition) -> Visitor:
    with (browser := Visitor(app)).client:
        yield browser


@pytest.fixture
def ann(app: FastAPI, owner_session: Session, partition: Partition) -> str:
    """A person with a password."""
    actor = accounts.add_account(owner_session, "ann", "安妮", [Role.PLANNER]).actor
    identity.set_password(owner_session, actor, current="", new=GOOD, keep="", passwords=app.state.passwords)
    return "ann"


def link_for(session: Session, username: str) -> str:
    return accounts.make_link(session, username, BASE)


def test_a_password_opens_a_session_with_a_safe_cookie(visitor: Visitor, ann: str) -> None:
    answer = visitor.submit("/sign-in", username=ann, password=GOOD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("wangge_session="))
    assert re.fullmatch(r"wangge_session=[\w-]{43}; HttpOnly; Max-Age=604800; Path=/; SameSite=lax", cookie)
    page = visitor.get("/account")
    assert page.status_code == 200
    assert "安妮" in page.text
    assert "规划人员" in page.text


def test_over_https_the_cookies_are_secure(app: FastAPI, partition: Partition, ann: str) -> None:
    app.state.settings.server.secure_cookies = True
    with (browser := Visitor(app)).client:
        answer = browser.submit("/sign-in", username=ann, password=GOOD)
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("wangge_session="))
    assert "Secure" in cookie


def test_wrong_and_unknown_are_answered_alike(visitor: Visitor, ann: str) -> None:
    wrong = visitor.submit("/sign-in", username="ann", password="wrong")
    unknown = visitor.submit("/sign-in", username="bob", password="wrong")
    assert wrong.status_code == unknown.status_code == 401
    normal = re.compile(r'value="(ann|bob)"|nonce="[^"]*"')
    assert normal.sub("", wrong.text) == normal.sub("", unknown.text)
    assert "用户名或密码不正确" in wrong.text
    assert visitor.session_cookie is None


@pytest.mark.parametrize(
    "username", ["a\x00b", "<script>alert(1)</script>", "x" * 1900, "'; DROP TABLE account;--"]
)
def test_hostile_names_are_just_wrong(visitor: Visitor, username: str) -> None:
    answer = visitor.submit("/sign-in", username=username, password="x")
    assert answer.status_code == 401
    assert "<script>alert" not in answer.text


def test_missing_fields_are_just_wrong(visitor: Visitor) -> None:
    assert visitor.submit("/sign-in").status_code == 401


def test_signing_in_anew_leaves_the_old_session(visitor: Visitor, ann: str) -> None:
    visitor.submit("/sign-in", username=ann, password=GOOD)
    first = visitor.session_cookie
    visitor.submit("/sign-in", username=ann, password=GOOD)
    assert visitor.session_cookie != first
    visitor.take_session(first)
    assert visitor.get("/account").status_code == 303


def test_a_cookie_somebody_planted_is_not_taken_over(visitor: Visitor, ann: str) -> None:
    planted = "A" * 43
    visitor.take_session(planted)
    answer = visitor.submit("/sign-in", username=ann, password=GOOD)
    assert answer.status_code == 303
    assert planted not in answer.headers["set-cookie"]
    visitor.client.cookies.clear()
    visitor.take_session(planted)
    assert visitor.get("/account").status_code == 303


def test_signing_out_ends_the_session_on_the_server(visitor: Visitor, ann: str) -> None:
    visitor.submit("/sign-in", username=ann, password=GOOD)
    kept = visitor.session_cookie
    answer = visitor.submit("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert visitor.session_cookie is None
    visitor.take_session(kept)
    assert visitor.get("/account").status_code == 303


def test_a_page_without_session_leads_to_sign_in_and_back(visitor: Visitor, ann: str) -> None:
    answer = visitor.get("/account?saved=false")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=%2Faccount%3Fsaved%3Dfalse",
    )
    page = visitor.get(answer.headers["location"]).text
    goal = html.unescape(re.search(r'name="next" value="([^"]*)"', page)[1])
    back = visitor.submit("/sign-in", username=ann, password=GOOD, next=goal)
    assert back.headers["location"] == "/account?saved=false"


def test_the_language_stays(visitor: Visitor, ann: str) -> None:
    answer = visitor.get("/account?lang=en")
    assert answer.headers["location"] == "/sign-in?next=%2Faccount%3Flang%3Den&lang=en"
    page = visitor.get("/sign-in?lang=en").text
    assert '<html lang="en">' in page
    assert ">Sign in</button>" in page
    chinese = visitor.get("/sign-in").text
    assert '<html lang="zh-CN">' in chinese
    assert ">登录</button>" in chinese
    assert visitor.submit("/sign-in?lang=en", username=ann, password=GOOD).headers["location"] == "/?lang=en"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        " /",
        "/sign-out",
        "///evil.example",
        "http:evil.example",
        "//[::1",
        "/\x00",
        "/\u2028/evil",
    ],
)
def test_no_way_leads_outside(visitor: Visitor, ann: str, address: str) -> None:
    assert safe_next(address) == "/"
    answer = visitor.submit("/sign-in", username=ann, password=GOOD, next=address)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("address", ["/", "/maps/density?level=3&from=2026-01-01", "/field#x", "/grids/1%2F"])
def test_ways_inside_stay(address: str) -> None:
    assert safe_next(address) == address


def test_programs_are_told_by_problem_not_redirected(visitor: Visitor) -> None:
    for accept in ("*/*", "application/json"):
        answer = visitor.get("/account", headers={"Accept": accept})
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


def test_guessing_is_slowed_down(visitor: Visitor, ann: str) -> None:
    for _ in range(5):
        assert visitor.submit("/sign-in", username=ann, password="guess").status_code == 401
    answer = visitor.submit("/sign-in", username=ann, password=GOOD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= WINDOW_S + 1
    assert "失败次数过多" in answer.text


def test_one_guesser_does_not_lock_the_person_out_elsewhere(app: FastAPI, visitor: Visitor, ann: str) -> None:
    for _ in range(6):
        visitor.submit("/sign-in", username=ann, password="guess")
    with (elsewhere := Visitor(app, address="127.0.0.2")).client:
        assert elsewhere.submit("/sign-in", username=ann, password=GOOD).status_code == 303


def test_the_throttle_forgets_in_time_and_takes_good_ones_back() -> None:
    now = [0.0]
    throttle = Throttle(clock=lambda: now[0])
    for _ in range(10):
        assert throttle.wait_s({"a": 2}) == 0
        throttle.forgive(["a"])
    assert throttle.wait_s({"a": 2}) == 0
    now[0] = 60
    assert throttle.wait_s({"a": 2}) == 0
    assert throttle.wait_s({"a": 2, "b": 1}) == WINDOW_S - 60
    assert throttle.wait_s({"b": 1}) == 0  # what was refused was not counted
    now[0] = WINDOW_S
    assert throttle.wait_s({"a": 2}) == 0


def test_the_throttle_remembers_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.throttle.MOST_KEYS", 3)
    throttle = Throttle(clock=lambda: 0.0)
    for number in range(50):
        throttle.wait_s({f"key {number}": 1})
    assert len(throttle._failures) == 3


def test_a_link_is_looked_at_without_being_used_up(
    visitor: Visitor, ann: str, owner_session: Session
) -> None:
    path = link_for(owner_session, ann).removeprefix(BASE)
    for _ in range(2):  # a preview, then the person
        page = visitor.get(path)
        assert page.status_code == 200
        assert "以“安妮”身份登录" in page.text
        visitor.client.head(path)
    assert visitor.session_cookie is None
    assert visitor.sign_in_by(path).headers["location"] == "/"
    assert visitor.get("/account").status_code == 200


def test_a_link_works_once(app: FastAPI, visitor: Visitor, ann: str, owner_session: Session) -> None:
    link = link_for(owner_session, ann)
    with (other := Visitor(app)).client:
        token = other.csrf_token()
        assert visitor.sign_in_by(link).status_code == 303
        again = other.client.post(link, data={"csrftoken": token})
    assert again.status_code == 410
    assert "已使用或已过期" in again.text
    assert other.session_cookie is None
    assert visitor.get(link).status_code == 410


@pytest.mark.parametrize("secret", ["x", "A" * 43, "%00", "网格", "a" * 3000])
def test_a_link_nobody_made_is_gone(visitor: Visitor, secret: str) -> None:
    assert visitor.get(f"/sign-in/link/{secret}").status_code == 410


def test_the_first_link_lets_a_person_choose_a_password(visitor: Visitor, owner_session: Session) -> None:
    accounts.add_account(owner_session, "bo", "Bo", [Role.ADMINISTRATOR])
    assert visitor.sign_in_by(link_for(owner_session, "bo")).headers["location"] == "/account"
    page = visitor.get("/account").text
    assert "请先设置密码" in page
    assert 'name="current"' not in page

    def choose(new: str, repeated: str) -> int:
        return visitor.submit("/account/password", "/account", new=new, repeated=repeated).status_code

    assert choose("short", "short") == 422
    assert choose(GOOD, GOOD + "x") == 422
    assert choose("bo likes bo's name", "bo likes bo's name") == 422
    assert choose(GOOD, GOOD) == 303
    assert "密码已保存" in visitor.get("/account?saved=true").text
    visitor.submit("/sign-out")
    assert visitor.submit("/sign-in", username="bo", password=GOOD).status_code == 303


def test_changing_a_password_takes_the_old_one(app: FastAPI, visitor: Visitor, ann: str) -> None:
    with (other := Visitor(app, address="127.0.0.3")).client:
        other.submit("/sign-in", username=ann, password=GOOD)
        visitor.submit("/sign-in", username=ann, password=GOOD)
        new = "nine loud geese"
        form = {"page": "/account", "new": new, "repeated": new}
        assert visitor.submit("/account/password", current="wrong", **form).status_code == 403
        assert other.get("/account").status_code == 200
        assert visitor.submit("/account/password", current=GOOD, **form).status_code == 303
        assert visitor.get("/account").status_code == 200
        assert other.get("/account").status_code == 303  # signed out


def test_weak_passwords_do_not_use_up_attempts_but_wrong_ones_do(visitor: Visitor, ann: str) -> None:
    visitor.submit("/sign-in", username=ann, password=GOOD)

    def change(current: str, new: str) -> int:
        fields = {"current": current, "new": new, "repeated": new}
        return visitor.submit("/account/password", "/account", **fields).status_code

    assert [change(GOOD, "short") for _ in range(6)] == [422] * 6
    assert [change("wrong", "nine loud geese") for _ in range(6)] == [403] * 5 + [429]


def test_demo_links_show_the_role_and_set_no_password(visitor: Visitor, owner_session: Session) -> None:
    add_zone(owner_session, is_demo=True)
    links = dict(accounts.demo_links(owner_session, BASE))
    page = visitor.get(links["grid-worker"])
    assert "以“网格员”身份登录" in page.text
    assert "Sign in as grid worker" in visitor.get(links["grid-worker"] + "?lang=en").text
    assert visitor.sign_in_by(links["grid-worker"]).headers["location"] == "/"
    assert 'name="new"' not in visitor.get("/account").text
    answer = visitor.submit("/account/password", "/account", new=GOOD, repeated=GOOD)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("192.168.1.7", BASE),
        ("127.0.0.1", "http://wangge.example"),
        ("testclient", BASE),
        ("::ffff:10.0.0.1", BASE),
    ],
)
def test_demo_links_and_sessions_work_on_this_machine_only(
    app: FastAPI, visitor: Visitor, owner_session: Session, address: str, base: str
) -> None:
    add_zone(owner_session, is_demo=True)
    path = dict(accounts.demo_links(owner_session, BASE))["planner"].removeprefix(BASE)
    middleware = next(each for each in app.user_middleware if each.cls.__name__ == "KnownHosts")
    middleware.kwargs["settings"].allowed_hosts = "wangge.example"
    app.middleware_stack = None
    with (far := Visitor(app, address=address, base=base)).client:
        assert far.get(path).status_code == 403
        assert far.client.post(path, data={"csrftoken": far.csrf_token()}).status_code == 403
        assert visitor.sign_in_by(path).status_code == 303
        far.take_session(visitor.session_cookie)
        assert far.get("/account").status_code == 303
        assert visitor.get("/account").status_code == 200


def test_a_containers_gateway_can_count_as_this_machine(
    app: FastAPI, visitor: Visitor, owner_session: Session
) -> None:
    add_zone(owner_session, is_demo=True)
    app.state.settings.server.local_networks = "10.0.0.0/8, 172.16.0.0/12"
    path = dict(accounts.demo_links(owner_session, BASE))["planner"].removeprefix(BASE)
    with (gateway := Visitor(app, address="172.18.0.1")).client:
        assert gateway.sign_in_by(path).status_code == 303


def test_a_person_without_role_sees_their_account_and_nothing_else(
    visitor: Visitor, ann: str, owner_session: Session
) -> None:
    visitor.submit("/sign-in", username=ann, password=GOOD)
    owner_session.execute(
        text("UPDATE account_role SET valid = daterange(lower(valid) - 9, lower(valid) - 1)")
    )
    assert "今日没有任何角色" in visitor.get("/account").text
    refused = visitor.get("/docs")
    assert refused.status_code == 403
    assert "没有权限" in refused.text


def test_nothing_personal_or_secret_is_logged(
    visitor: Visitor, ann: str, owner_session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    link = link_for(owner_session, ann)
    visitor.submit("/sign-in", username=ann, password="a wrong secret")
    visitor.sign_in_by(link)
    visitor.get("/geocode?lon=113.805&lat=27.605")
    said = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    for hidden in (
        "安妮",
        "a wrong secret",
        link.rsplit("/", 1)[1],
        visitor.session_cookie,
        "113.805",
        "127.0.0.1",
    ):
        assert hidden not in said
