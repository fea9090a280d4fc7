"""Sign in by password or one-time link, sign out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from api.auth import PUBLIC, SESSION_COOKIE, access, client_address, is_from_this_machine
from api.deps import SessionDep
from api.pages import account
from api.pages.render import language_of, localized, page
from api.pages.words import words_in
from api.problems import problem
from api.throttle import Throttle, sign_in_limits
from geo import accounts, identity
from geo.errors import NotAllowed, NotSignedIn
from geo.identity import SESSION_AT_MOST, is_demo, is_person
from geo.model import Actor
from geo.passwords import Passwords

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=2000)]


def add_sign_in(app: FastAPI) -> None:
    """Add the pages, and show people rather than programs the way to them."""
    app.state.passwords = Passwords()
    app.state.throttle = Throttle()
    app.include_router(router)
    app.include_router(account.router)
    app.add_exception_handler(NotSignedIn, _on_not_signed_in)
    app.add_exception_handler(NotAllowed, _on_not_allowed)


@router.get("/sign-in", dependencies=[access(PUBLIC)])
def show_sign_in(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the URL
    """Ask for username and password."""
    return _sign_in_page(request, goal=next)


@router.post("/sign-in", dependencies=[access(PUBLIC)])
def sign_in(
    request: Request,
    session: SessionDep,
    username: Text = "",
    password: Text = "",
    next: Text = "/",  # noqa: A002 - the name in the form
) -> Response:
    """Sign in by username and password."""
    username = username.strip()
    throttle: Throttle = request.app.state.throttle
    limits = sign_in_limits(client_address(request), username)
    wait_s = throttle.wait_s(limits)
    t = words_in(language_of(request))
    if wait_s:
        fault = t("too_often", minutes=int(wait_s // 60) + 1)
        refusal = _sign_in_page(request, status=429, fault=fault, username=username, goal=next)
        refusal.headers["Retry-After"] = str(int(wait_s) + 1)
        return refusal
    try:
        actor = identity.sign_in(session, username, password, passwords=request.app.state.passwords)
    except NotSignedIn:
        return _sign_in_page(request, status=401, fault=t("no_fit"), username=username, goal=next)
    throttle.forgive(limits)
    return _signed_in(request, session, actor, safe_next(next))


@router.get("/sign-in/link/{secret}", dependencies=[access(PUBLIC)])
def show_link(request: Request, session: SessionDep, secret: str) -> Response:
    """Ask whether to sign in; only the button uses the link up, so that a preview of it does not."""
    actor = identity.find_link_actor(session, secret)
    if actor is None:
        return _link_page(request, "link_gone", status=410)
    if is_demo(actor) and not is_from_this_machine(request):
        return _link_page(request, "link_elsewhere", status=403)
    return page(
        request, "sign_in_link.html", fault=None, name=_name(actor, session, request), action=_here(request)
    )


@router.post("/sign-in/link/{secret}", dependencies=[access(PUBLIC)])
def use_link(request: Request, session: SessionDep, secret: str) -> Response:
    """Sign in by a link, which then works no longer."""
    try:
        actor = identity.use_link(session, secret, from_loopback=is_from_this_machine(request))
    except NotSignedIn:
        return _link_page(request, "link_gone", status=410)
    except NotAllowed:
        return _link_page(request, "link_elsewhere", status=403)
    first = is_person(actor) and not identity.has_password(session, actor)
    return _signed_in(request, session, actor, "/account" if first else "/")


@router.post("/sign-out", dependencies=[access(PUBLIC)])
def sign_out(request: Request, session: SessionDep) -> Response:
    """End this browser's session."""
    if secret := request.cookies.get(SESSION_COOKIE):
        identity.sign_out(session, secret)
    answer = RedirectResponse(localized(request, "/sign-in"), 303)
    answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
    return answer


def safe_next(address: str) -> str:
    """The page to go on to: a path of ours, or else the first page.

    >>> safe_next("/maps/density?level=3"), safe_next("//evil.example"), safe_next("https://evil.example")
    ('/maps/density?level=3', '/', '/')
    """
    plain = (
        address.isprintable()
        and "\\" not in address
        and not any(character.isspace() for character in address)
    )
    if not plain or not address.startswith("/") or address.startswith(("//", "/sign-")):
        return "/"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else address


def _on_not_signed_in(request: Request, error: Exception) -> Response:
    if not _is_navigation(request):
        return problem(401, str(error))
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(localized(request, "/sign-in", next=here if here != "/" else None), 303)


def _on_not_allowed(request: Request, error: Exception) -> Response:
    return (
        page(request, "not_allowed.html", status=403) if _is_navigation(request) else problem(403, str(error))
    )


def _is_navigation(request: Request) -> bool:
    """Whether a person opens an address in a browser; a program asks for JSON or takes anything."""
    return request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", "")


def _signed_in(request: Request, session: Session, actor: Actor, goal: str) -> Response:
    """Open a session of its own for this sign-in, whatever the browser had before."""
    if before := request.cookies.get(SESSION_COOKIE):
        identity.sign_out(session, before)
    secret = identity.open_web_session(session, actor)
    answer = RedirectResponse(localized(request, goal), 303)
    answer.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=int(SESSION_AT_MOST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.server.secure_cookies,
    )
    return answer


def _here(request: Request) -> str:
    return localized(request, request.url.path)


def _name(actor: Actor, session: Session, request: Request) -> str:
    """A demo account is known by its role, a person by name."""
    roles = accounts.role_names(session, actor, english=language_of(request) == "en")
    return ", ".join(roles) if is_demo(actor) and roles else actor.display_name


def _sign_in_page(
    request: Request,
    *,
    goal: str,
    status: int = 200,
    fault: str | None = None,
    username: str = "",
) -> Response:
    return page(
        request, "sign_in.html", status=status, fault=fault, username=username[:64], next=safe_next(goal)
    )


def _link_page(request: Request, fault: str, *, status: int) -> Response:
    t = words_in(language_of(request))
    return page(request, "sign_in_link.html", status=status, fault=t(fault))
