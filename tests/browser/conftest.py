"""A real Chromium before a real server with a small demo zone; every page is watched."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.app import create_app
from geo.accounts import add_account, make_link
from geo.permissions import Role
from geo.settings import PathSettings, Settings
from tests.database import TestDatabase, disposed

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]
DESK, WALL, PHONE = (1440, 900), (1920, 1080), (390, 844)


@pytest.fixture(scope="session")
def sql(demo_database: TestDatabase) -> Iterator[Engine]:
    """The same database, asked without the application."""
    with disposed(demo_database.urls.owner) as engine:
        yield engine


@dataclass
class Served:
    """A running server."""

    url: str
    database: TestDatabase


@pytest.fixture(scope="session")
def served(demo_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application on a free port, with one person who may sign in."""
    with disposed(demo_database.urls.owner) as engine, Session(engine) as session, session.begin():
        add_account(session, "li.wei", "李伟", [Role.CENTRE_HEAD])
    with serving(demo_database, tmp_path_factory.mktemp("state")) as url:
        yield Served(url, demo_database)


class serving:  # noqa: N801 - reads as a statement
    """Runs the application in a thread while the block lasts."""

    def __init__(self, database: TestDatabase, state: Path) -> None:
        app = create_app(Settings(paths=PathSettings(state_dir=state)), app_url=database.urls.app)
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            time.sleep(0.05)
        (port,) = {sock.getsockname()[1] for server in self._server.servers for sock in server.sockets}
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)


def find_chromium() -> str:
    """Where the system's Chromium is."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "the browser tests need Chromium: apt-get install chromium"
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(chromium: Browser, served: Served) -> Any:
    """Cookies of a centre head who signed in by a one-time link as people do."""
    return sign_in(chromium, served, "li.wei")


def sign_in(chromium: Browser, served: Served, username: str) -> Any:
    """Follow a sign-in link and give the browser's cookies."""
    with disposed(served.database.urls.owner) as engine, Session(engine) as session:
        link = make_link(session, username, served.url)
        session.commit()
    context = chromium.new_context()
    page = context.new_page()
    page.goto(link)
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    state = context.storage_state()
    context.close()
    return state


@dataclass
class Watched:
    """A page, and what it has done."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    bytes_loaded: int = 0

    def open(self, path: str) -> Page:
        """Open a map or page of ours and wait until nothing more is loaded."""
        self.page.goto(self.origin + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def state(self, expression: str) -> Any:
        """Evaluate an expression with ``map`` and ``self`` (our state) of the map shown."""
        known = "const map = document.querySelector('.wangge-map').wanggeMap, self = map.wangge;"
        return self.page.evaluate(f"() => {{ {known} return {expression} }}")

    def until(self, expression: str) -> None:
        """Wait until it is true. Playwright's own waiting evaluates text, which our policy forbids."""
        deadline = time.monotonic() + 30
        while not self.page.evaluate(expression):
            assert time.monotonic() < deadline, f"never came true: {expression}"
            self.page.wait_for_timeout(50)

    def click_grid(self, code: str) -> None:
        """Click where the grid's label stands."""
        at = self.state(f"map.latLngToContainerPoint(self.grids.byCode.get('{code}').at)")
        box = self.page.locator(".wangge-map").bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])

    def check(self) -> None:
        """Nothing left the machine, nothing was blocked or broke."""
        strangers = [
            url for url in self.requests if not url.startswith((self.origin + "/", "data:", "blob:"))
        ]
        assert strangers == []
        assert self.complaints == []


@pytest.fixture
def watch(chromium: Browser, served: Served, signed_in: Any) -> Iterator[Callable[..., Watched]]:
    """``watch(size)``: a page of that size, signed in; checked at the end of the test."""
    opened: list[tuple[BrowserContext, Watched]] = []

    def make(size: tuple[int, int] = DESK, origin: str = served.url, state: Any = signed_in) -> Watched:
        phone = size == PHONE
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            storage_state=state,
            has_touch=phone,
            is_mobile=phone,
        )
        watched = Watched(context.new_page(), origin)
        listen(watched)
        opened.append((context, watched))
        return watched

    yield make
    for context, watched in opened:
        context.close()
        watched.check()


def listen(watched: Watched) -> None:
    """Note requests, console errors, exceptions and responses that failed."""
    page = watched.page

    def on_response(response: Any) -> None:
        watched.bytes_loaded += int(response.headers.get("content-length", 0))
        if response.status >= 400:
            watched.complaints.append(f"{response.status} {response.url}")

    page.on("request", lambda request: watched.requests.append(request.url))
    page.on("response", on_response)
    page.on("pageerror", lambda error: watched.complaints.append(f"exception: {error}"))
    page.on(
        "console", lambda line: line.type == "error" and watched.complaints.append(f"console: {line.text}")
    )


def show_layers(watched: Watched, *keys: str) -> None:
    """Show layers and wait until the legend of each is there, as it is when its places are."""
    for key in keys:
        watched.page.locator(f"[data-toggle={key}]").check()
    watched.until(f"document.querySelectorAll('.wangge-panel .wangge-kinds h3').length === {len(keys)}")


def overlap(one: Any, two: Any) -> bool:
    return bool(
        one["x"] + 1 < two["x"] + two["width"]
        and two["x"] + 1 < one["x"] + one["width"]
        and one["y"] + 1 < two["y"] + two["height"]
        and two["y"] + 1 < one["y"] + one["height"]
    )
