"""One's own account: who one is, which roles one holds, one's password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from api.auth import OWN_ACCOUNT, SESSION_COOKIE, ActorDep, access, client_address
from api.deps import SessionDep
from api.pages.render import language_of, localized, page
from api.pages.words import words_in
from api.throttle import Throttle, sign_in_limits
from geo import accounts, identity
from geo.errors import InvalidInput, NotAllowed
from geo.identity import is_person
from geo.model import Actor
from geo.passwords import Passwords

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=2000)]


@router.get("/account", dependencies=[access(OWN_ACCOUNT)])
def show_account(request: Request, session: SessionDep, actor: ActorDep, saved: bool = False) -> Response:
    """Show who one is and which roles one holds; let a person set a password."""
    return _account_page(request, session, actor, saved=saved)


@router.post("/account/password", dependencies=[access(OWN_ACCOUNT)])
def set_password(
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    current: Text = "",
    new: Text = "",
    repeated: Text = "",
) -> Response:
    """Set or change one's password; other browsers are signed out."""
    t = words_in(language_of(request))
    if new != repeated:
        return _account_page(request, session, actor, fault=t("password_differs"), status=422)
    throttle: Throttle = request.app.state.throttle
    limits = sign_in_limits(client_address(request), actor.username)
    if wait_s := throttle.wait_s(limits):
        fault = t("too_often", minutes=int(wait_s // 60) + 1)
        return _account_page(request, session, actor, fault=fault, status=429)
    keep = request.cookies.get(SESSION_COOKIE, "")
    passwords: Passwords = request.app.state.passwords
    try:
        identity.set_password(session, actor, current=current, new=new, keep=keep, passwords=passwords)
    except NotAllowed:
        return _account_page(request, session, actor, fault=t("password_no_fit"), status=403)
    except InvalidInput:
        throttle.forgive(limits)  # the present password was right
        fault = t("password_weak", rule=t("password_rule"))
        return _account_page(request, session, actor, fault=fault, status=422)
    throttle.forgive(limits)
    return RedirectResponse(localized(request, "/account", saved="true"), 303)


def _account_page(
    request: Request,
    session: Session,
    actor: Actor,
    *,
    status: int = 200,
    fault: str | None = None,
    saved: bool = False,
) -> Response:
    return page(
        request,
        "account.html",
        status=status,
        fault=fault,
        saved=saved,
        roles=accounts.role_names(session, actor, english=language_of(request) == "en"),
        person=is_person(actor),
        has_password=identity.has_password(session, actor),
    )
