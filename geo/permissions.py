"""Who may see and do what: the roles and, beside them, what each set of roles is allowed.

Everything that asks "may they?" asks here. A role is held over a range of days through an account; which
grids it reaches follows later from assignments. Until then, roles whose right to read case text ends at
their own grids do not read it at all.
"""

from __future__ import annotations

from enum import StrEnum

from geo.errors import InvalidInput, NotAllowed
from geo.model import Actor


class Role(StrEnum):
    """Roles of ``docs/decisions/0008-identity.md``; the table ``role`` has their names in both languages."""

    CENTRE_HEAD = "centre_head"
    DUTY_LEADER = "duty_leader"
    INTAKE = "intake"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    VISITOR = "visitor"
    ARCHIVIST = "archivist"
    UNIT_HANDLER = "unit_handler"
    GRID_HEAD = "grid_head"
    GRID_WORKER = "grid_worker"
    BUILDING_HEAD = "building_head"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    INTEGRATION = "integration"


ALL = frozenset(Role)

#: Work in the command centre, on every case of the zone.
CENTRE = frozenset(
    {
        Role.CENTRE_HEAD,
        Role.DUTY_LEADER,
        Role.INTAKE,
        Role.DISPATCHER,
        Role.SUPERVISOR,
        Role.VISITOR,
        Role.ARCHIVIST,
    }
)
#: Answer for grids or buildings of their own, and for those only.
FIELD = frozenset({Role.GRID_HEAD, Role.GRID_WORKER, Role.BUILDING_HEAD})

#: Maps, grids, buildings, look-up of a place: everybody who holds a role.
SEE_MAPS = ALL
#: Where, when, of what kind and state incidents are. Auditors read logs, not content.
SEE_INCIDENTS = ALL - {Role.AUDITOR}
#: What was written about an incident. Not planners, administrators or auditors, ever; not field workers
#: before their grids are known to the database.
READ_INCIDENT_TEXT = CENTRE | {Role.UNIT_HANDLER, Role.INTEGRATION}
#: Take an incident in.
CREATE_INCIDENTS = (
    frozenset({Role.CENTRE_HEAD, Role.DUTY_LEADER, Role.INTAKE, Role.DISPATCHER, Role.INTEGRATION}) | FIELD
)
#: Names of people who hold posts, and their telephones masked: it is their work to be known. Not planners,
#: programs or auditors, who need numbers only.
SEE_NAMES = ALL - {Role.PLANNER, Role.INTEGRATION, Role.AUDITOR}
#: Telephones in full: who has to call them, and who keeps the roster. Field workers see those of their own
#: grids once these are known to the database.
SEE_PHONES = CENTRE | {Role.UNIT_HANDLER, Role.ADMINISTRATOR}
#: Addresses of camera streams.
SEE_STREAMS = CENTRE
#: Sums of the roster, the service record and places, which never carry a name.
SEE_STATISTICS = ALL
#: In them, gender, age, education and the like of groups of fewer than five persons: who works with these
#: people anyway. Not planners, programs and auditors, nor field workers beyond their own grids.
SEE_SMALL_GROUPS = CENTRE | {Role.ADMINISTRATOR, Role.GRID_HEAD}
#: Open appraisal sheets, write down statements, close sheets. Grid heads for their own units only.
KEEP_APPRAISALS = frozenset({Role.CENTRE_HEAD, Role.DUTY_LEADER, Role.GRID_HEAD, Role.ADMINISTRATOR})
#: Give an opinion on a sheet. Administrators keep data and judge nobody.
GIVE_OPINIONS = KEEP_APPRAISALS - {Role.ADMINISTRATOR}
#: Read appraisal sheets; grid workers and building heads their own only, and write the statement on it.
SEE_APPRAISALS = KEEP_APPRAISALS | FIELD
#: What was written of a service. Administrators keep data and read no case text.
READ_SERVICE_NOTES = SEE_APPRAISALS - {Role.ADMINISTRATOR}
#: Imports, accounts, settings.
ADMINISTER = frozenset({Role.ADMINISTRATOR})


def may(actor: Actor, allowed: frozenset[Role]) -> bool:
    """Whether one of the actor's roles of today is among those allowed.

    >>> may(Actor(1, "ann", "Ann", frozenset({"planner"})), READ_INCIDENT_TEXT)
    False
    >>> may(Actor(1, "ann", "Ann", frozenset({"planner", "intake"})), READ_INCIDENT_TEXT)
    True
    """
    return not allowed.isdisjoint(actor.roles)


def may_read_case_text(actor: Actor) -> bool:
    """Whether the actor may read what was written about incidents: descriptions and addresses as told."""
    return may(actor, READ_INCIDENT_TEXT)


def check_may(actor: Actor, allowed: frozenset[Role]) -> None:
    """Refuse unless :func:`may`.

    Raises
    ------
    NotAllowed
        None of the actor's roles is allowed; the text names theirs and those it takes.
    """
    if not may(actor, allowed):
        held = ", ".join(sorted(actor.roles)) or "no role today"
        raise NotAllowed(
            f"this takes one of the roles {', '.join(sorted(allowed))}, you hold {held}; "
            "ask an administrator for the role if it is part of your work"
        )


def read_role(text: str) -> Role:
    """Understand a role as people write it: ``grid-worker`` or ``grid_worker``.

    Raises
    ------
    InvalidInput
        There is no such role.

    >>> read_role("Grid-Worker")
    <Role.GRID_WORKER: 'grid_worker'>
    """
    try:
        return Role(text.strip().lower().replace("-", "_"))
    except ValueError:
        known = ", ".join(role.replace("_", "-") for role in Role)
        raise InvalidInput(f"{text!r} is no role; write one of {known}") from None
