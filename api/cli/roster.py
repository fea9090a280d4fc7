"""``wangge roster``, ``wangge template`` and ``wangge export``: hand-over, renewal, workbooks out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import Session

from api.cli.console import Commands, result, tell
from api.cli.reports import inert, print_faults
from geo import database, roster
from geo.errors import FaultsFound, InvalidInput
from geo.settings import Settings

commands = typer.Typer(
    cls=Commands, no_args_is_help=True, help="Hand over, renew a term, look at and decide on drafted changes."
)
exports = typer.Typer(cls=Commands, no_args_is_help=True, help="Write people and places into files.")

T = TypeVar("T")
Day = Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="First day it is in force.")]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Day asked for. Default: today.")
]
Phones = Annotated[bool, typer.Option("--with-phones", help="Write telephones whole, not masked.")]
CommitOption = Annotated[bool, typer.Option("--commit", help="Write it, if nothing speaks against it.")]
By = Annotated[str, typer.Option("--by", help="Your name.")]
File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]


class State(StrEnum):
    """States of a change."""

    DRAFT = "draft"
    APPLIED = "applied"
    DISCARDED = "discarded"


def template(file: File) -> None:
    """Write an empty workbook of the roster with explanations and the lists of this zone."""
    _save(file, _asked("wangge template", roster.template_workbook))


@exports.command("people")
def export_people(file: File, as_of: AsOf = None, with_phones: Phones = False) -> None:
    """Write people, posts, places, rota and record as a workbook that can be imported again."""
    day = as_of.date() if as_of else None
    _save(
        file,
        _asked("wangge export", lambda s: roster.export_people(s, as_of=day, with_phones=with_phones)),
    )


@exports.command("sites")
def export_sites(file: File, as_of: AsOf = None, with_phones: Phones = False) -> None:
    """Write service sites as .csv, .geojson, .gpkg or .xlsx."""
    _export("sites", file, as_of, with_phones=with_phones)


@exports.command("cameras")
def export_cameras(file: File, as_of: AsOf = None) -> None:
    """Write cameras as .csv, .geojson, .gpkg or .xlsx."""
    _export("cameras", file, as_of, with_phones=False)


@exports.command("teams")
def export_teams(file: File, as_of: AsOf = None, with_phones: Phones = False) -> None:
    """Write teams as .csv, .geojson, .gpkg or .xlsx."""
    _export("teams", file, as_of, with_phones=with_phones)


@exports.command("party-orgs")
def export_party_orgs(file: File, as_of: AsOf = None) -> None:
    """Write party organisations as .csv, .geojson, .gpkg or .xlsx."""
    _export("party-orgs", file, as_of, with_phones=False)


@commands.command("hand-over")
def hand_over(
    giver: Annotated[str, typer.Option("--from", metavar="CODE", help="Who hands over.")],
    taker: Annotated[str, typer.Option("--to", metavar="CODE", help="Who takes over.")],
    on: Day,
    by: By = "wangge roster",
    commit: CommitOption = False,
) -> None:
    """List what passes from one person to another; with --commit, pass it on."""
    day = on.date()
    plan = _asked("wangge roster", lambda s: roster.hand_over(s, giver, taker, on=day, commit=commit, by=by))
    (giver_code, giver_name), (taker_code, taker_name) = plan.giver, plan.taker
    _print(f"{giver_name} ({giver_code}) → {taker_name} ({taker_code}), {day}")
    _table(
        f"{len(plan.assignments)} assignments end and begin",
        ("post", "rank", "target", "since", "until"),
        [(a.post, a.rank, a.target, a.since, a.until) for a in plan.assignments],
    )
    _table(
        f"{len(plan.duties)} duties", ("day", "shift"), [(duty["day"], duty["shift"]) for duty in plan.duties]
    )
    _table(
        f"{len(plan.services)} services to be resolved; the record keeps who took them in",
        ("id", "kind", "at"),
        [(each["id"], each["kind"], each["at"].date()) for each in plan.services],
    )
    for reason in plan.refusals:
        tell(f"refused: {reason}")
    if plan.change_id is not None:
        result(f"Written: change {plan.change_id}.")
    elif plan.refusals:
        raise typer.Exit(1)
    else:
        result("Nothing is written yet. Say --commit to pass it on.")


@commands.command("renew")
def renew(
    file: File,
    on: Day,
    by: By,
    title: Annotated[str | None, typer.Option(help="What the change is called.")] = None,
    commit: CommitOption = False,
) -> None:
    """Compare a new term with the roster; with --commit, keep it as a draft for another person to apply."""
    day = on.date()
    try:
        plan = _asked(
            "wangge roster",
            lambda s: roster.plan_renewal(s, file, on=day, by=by, title=title, commit=commit),
        )
    except FaultsFound as found:
        print_faults(found.faults)
        raise
    _table(
        f"{len(plan.ends)} end",
        ("person", "post", "target"),
        [(a.person, a.post, a.target) for a in plan.ends],
    )
    _table(
        f"{len(plan.begins)} begin",
        ("person", "post", "target"),
        [(a.person, a.post, a.target) for a in plan.begins],
    )
    _print(f"{len(plan.stays)} stay, of {len(plan.posts)} posts: {', '.join(plan.posts)}")
    if plan.change_id is None:
        result("Nothing is kept yet. Say --commit to keep it as a draft.")
    else:
        result(
            f"Kept as draft {plan.change_id}; another person applies it: wangge roster apply {plan.change_id}"
        )


@commands.command("changes")
def changes(
    state: Annotated[State | None, typer.Option(help="Only changes in this state.")] = None,
) -> None:
    """List changes of the roster, the newest first."""
    rows = _asked("wangge roster", lambda s: roster.list_changes(s, state and state.value))
    _table(
        f"{len(rows)} changes",
        ("id", "kind", "title", "from", "state", "ends", "begins", "by", "decided by"),
        [
            tuple(
                row[name]
                for name in "id kind title effective_on state ends begins made_as decided_as".split()
            )
            for row in rows
        ],
    )


@commands.command("show")
def show(change: Annotated[int, typer.Argument(metavar="ID", show_default=False)]) -> None:
    """Show a change item by item, and whether a draft can still be applied."""
    _show(_asked("wangge roster", lambda s: roster.get_draft(s, change)))


@commands.command("apply")
def apply(change: Annotated[int, typer.Argument(metavar="ID", show_default=False)], by: By) -> None:
    """Apply a draft by another name than its author's."""
    draft = _asked("wangge roster", lambda s: roster.apply_draft(s, change, by=by))
    result(
        f"Applied: change {change}, {len(draft.items)} items, in force from {draft.change['effective_on']}."
    )


@commands.command("discard")
def discard(change: Annotated[int, typer.Argument(metavar="ID", show_default=False)], by: By) -> None:
    """Discard a draft."""
    _asked("wangge roster", lambda s: roster.discard_draft(s, change, by=by))
    result(f"Discarded: change {change}. The roster is as it was.")


def _asked(purpose: str, work: Callable[[Session], T]) -> T:
    """Do something in a session of the application, committed when it ends well."""
    with database.open_app_session(Settings.from_environment(), purpose, tell) as session:
        return work(session)


def _export(subject: str, file: Path, as_of: datetime | None, *, with_phones: bool) -> None:
    day: date | None = as_of.date() if as_of else None
    count = _asked(
        "wangge export",
        lambda s: roster.export_places(s, subject, file, as_of=day, with_phones=with_phones),
    )
    result(f"{file}: {count} {subject}.")


def _save(file: Path, content: bytes) -> None:
    if file.suffix.lower() != ".xlsx":
        raise InvalidInput(f"{file.name} is to be a workbook; let its name end in .xlsx")
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InvalidInput(f"{file} cannot be written: {error.strerror or error}") from error
    result(f"{file}: {len(content) / 1000:,.0f} kB.")


def _show(draft: roster.Draft) -> None:
    change = draft.change
    _print(
        f"change {change['id']}: {change['title']} ({change['kind']}, {change['state']}), from "
        f"{change['effective_on']}, by {change['made_as']}"
    )
    _table(
        f"{len(draft.items)} items",
        ("action", "person", "name", "post", "rank", "target"),
        [
            tuple(item[name] for name in "action person name post rank target_code".split())
            for item in draft.items
        ],
    )
    if draft.stale:
        _print(f"It can no longer be applied: {draft.stale}; draft it again.")


def _print(text: str) -> None:
    Console(soft_wrap=True).print(escape(inert(text)))


#: Columns that a narrow window does not break: codes and days are to be copied.
_WHOLE = {"id", "kind", "from", "state", "since", "until", "day", "person", "target"}


def _table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under a title; only the title when there are none."""
    if not rows:
        _print(title)
        return
    table = Table(title=escape(title), title_justify="left")
    for name in headings:
        table.add_column(name, no_wrap=name in _WHOLE, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else escape(inert(str(value))) for value in row))
    Console(soft_wrap=False).print(table)
