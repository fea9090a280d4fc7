"""People, the posts there are, and who holds which post for what; only end-dated, never deleted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, CodeList, CodeText, Instant, not_empty, valid_begins

#: What a post is held for, and the column of ``assignment`` that names it.
TARGETS = {
    "grid": "grid_code",
    "neighbourhood": "neighbourhood_code",
    "building": "building_code",
    "unit": "unit_code",
    "site": "site_code",
    "team": "team_code",
    "party_org": "party_org_code",
    "organisation": "organisation_code",
}
_KINDS = ", ".join(f"'{kind}'" for kind in TARGETS)
_TARGET = " || ".join(f"coalesce('{kind} ' || {column}, '')" for kind, column in TARGETS.items())


class Education(CodeList, Base):
    """Levels of education; ``sort`` puts them in order, so that "junior college or above" can be asked."""

    __tablename__ = "education"
    __table_args__ = ({"comment": "Code list: levels of education, lowest first by sort"},)


class PostGroup(CodeList, Base):
    """Groups of posts: two committees, three heads, four officers, grid posts and so on."""

    __tablename__ = "post_group"
    __table_args__ = ({"comment": "Code list: groups of posts: 两委, 三长, 四员, grid …"},)


class Post(CodeList, Base):
    """岗位: an editable list of posts, with what each is held for and when one counts as vacant."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("code", "is_single"),
        CheckConstraint(f"target IN ({_KINDS})", name="target"),
        CheckConstraint("grid_level IS NULL OR target = 'grid'", name="level_of_grids_only"),
        CheckConstraint("grid_level IS NULL OR grid_level BETWEEN 1 AND 3", name="grid_level"),
        CheckConstraint("most_targets IS NULL OR most_targets > 0", name="most_targets"),
        CheckConstraint("most_households IS NULL OR most_households > 0", name="most_households"),
        {"comment": "岗位: editable list of posts: held for what, required where, overloaded when"},
    )

    post_group: Mapped[str] = mapped_column(
        ForeignKey("post_group.code"), index=True, comment="Group it belongs to"
    )
    unit_kind: Mapped[str | None] = mapped_column(
        ForeignKey("grid_kind.code"),
        index=True,
        comment="Only in second-level grids of this kind (village, community); null: in all",
    )
    target: Mapped[str] = mapped_column(
        comment="Held for: grid, neighbourhood, building, unit, site, team, party_org, organisation"
    )
    grid_level: Mapped[int | None] = mapped_column(
        SmallInteger, comment="Level of the grid it is held for; null: any level, or no grid"
    )
    is_single: Mapped[bool] = mapped_column(
        server_default="false", comment="True: one primary holder at a time for each target"
    )
    is_personnel: Mapped[bool] = mapped_column(
        server_default="false", comment="True: its holders count as 234 personnel"
    )
    is_required: Mapped[bool] = mapped_column(
        server_default="false",
        comment="True: a target without a holder is a vacancy (rule R13), by unit_kind and required_kinds",
    )
    required_kinds: Mapped[list[str] | None] = mapped_column(
        ARRAY(CodeText), comment="Kinds of grid, neighbourhood or building it is required for; null: all"
    )
    most_targets: Mapped[int | None] = mapped_column(
        comment="A holder with more targets of this post is overloaded; null: no limit"
    )
    most_households: Mapped[int | None] = mapped_column(
        comment="A holder with more households in all targets of this post is overloaded; null: no limit"
    )
    role: Mapped[str | None] = mapped_column(
        ForeignKey("role.code"), index=True, comment="Role its holders sign in with, if any"
    )


class Person(Base):
    """人员: somebody in the roster; what they do stands in their assignments."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("gender IN ('female', 'male')", name="gender"),
        CheckConstraint("born_on > '1900-01-01'", name="born_on"),
        valid_begins(),
        not_empty("code"),
        not_empty("name"),
        {"comment": "人员: the roster; personal data, end-dated and never deleted but by a retention rule"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    code: Mapped[str] = mapped_column(
        CodeText, unique=True, comment="人员编号: stable number in the roster, on Excel sheets"
    )
    name: Mapped[str] = mapped_column(comment="Name")
    gender: Mapped[str | None] = mapped_column(comment="female, male; null when not known")
    born_on: Mapped[date | None] = mapped_column(comment="Date of birth; null when not known")
    education: Mapped[str | None] = mapped_column(
        ForeignKey("education.code"), index=True, comment="Level of education; null when not known"
    )
    phone: Mapped[str | None] = mapped_column(comment="Telephone; masked unless the asker's role needs it")
    is_prospering: Mapped[bool] = mapped_column(
        server_default="false", comment="致富能手: prospers by a skill of their own"
    )
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), unique=True, comment="Account they sign in with, if any"
    )
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_run.id"), index=True, comment="Run that brought the row in"
    )
    valid: Mapped[Range[date]] = mapped_column(comment="Days in the roster, [from, until)")


class RosterChange(Base):
    """A reviewed change of the roster: an import, a hand-over, the renewal of a term."""

    __tablename__ = "roster_change"
    __table_args__ = (
        CheckConstraint("kind IN ('import', 'hand_over', 'renewal')", name="kind"),
        CheckConstraint("state IN ('draft', 'applied', 'discarded')", name="state"),
        CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name="applied_at"),
        CheckConstraint("state = 'draft' OR decided_as IS NOT NULL", name="decided"),
        CheckConstraint("kind <> 'renewal' OR decided_as IS DISTINCT FROM made_as", name="four_eyes"),
        not_empty("title"),
        {"comment": "人员变动: imports, hand-overs and renewals (换届), made by one, decided by another"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    kind: Mapped[str] = mapped_column(comment="import, hand_over, renewal")
    title: Mapped[str] = mapped_column(comment="What changes, in words")
    effective_on: Mapped[date] = mapped_column(comment="First day it is in force")
    state: Mapped[str] = mapped_column(server_default="draft", comment="draft, applied, discarded")
    made_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), index=True, comment="Account that drafted it; null for the command line"
    )
    made_as: Mapped[str] = mapped_column(comment="Name of who drafted it")
    made_at: Mapped[Instant] = mapped_column(server_default=text("now()"), comment="When it was drafted")
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), index=True, comment="Account that decided; null for the command line"
    )
    decided_as: Mapped[str | None] = mapped_column(comment="Name of who applied or discarded it")
    applied_at: Mapped[Instant | None] = mapped_column(comment="When it was applied")


class RosterChangeItem(Base):
    """One line of a change: an assignment that ends or one that begins."""

    __tablename__ = "roster_change_item"
    __table_args__ = (
        CheckConstraint("(action = 'end') = (assignment_id IS NOT NULL)", name="ends_what_there_is"),
        CheckConstraint("action IN ('end', 'begin')", name="action"),
        CheckConstraint("rank IN ('primary', 'deputy')", name="rank"),
        CheckConstraint(f"target_kind IN ({_KINDS})", name="target_kind"),
        {"comment": "人员变动明细: assignments that end or begin with a change"},
    )

    change_id: Mapped[int] = mapped_column(
        ForeignKey("roster_change.id"), primary_key=True, comment="Its change"
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1, 2, 3 …")
    action: Mapped[str] = mapped_column(comment="end, begin")
    assignment_id: Mapped[int | None] = mapped_column(
        ForeignKey("assignment.id"), index=True, comment="The assignment that ends"
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, comment="Whose")
    post: Mapped[str] = mapped_column(ForeignKey("post.code"), index=True, comment="Post")
    rank: Mapped[str] = mapped_column(server_default="primary", comment="primary, deputy")
    target_kind: Mapped[str] = mapped_column(comment="What it is held for, as in table post")
    target_code: Mapped[str] = mapped_column(CodeText, comment="Code of what it is held for")


class Assignment(Base):
    """任职: a person holds a post for a grid, building … over a range of days."""

    __tablename__ = "assignment"
    __table_args__ = (
        ForeignKeyConstraint(["post", "is_single"], ["post.code", "post.is_single"], onupdate="CASCADE"),
        CheckConstraint(f"num_nonnulls({', '.join(TARGETS.values())}) = 1", name="one_target"),
        CheckConstraint("rank IN ('primary', 'deputy')", name="rank"),
        valid_begins(),
        ExcludeConstraint(
            ("person_id", "="),
            ("post", "="),
            ("target", "="),
            ("valid", "&&"),
            name="ex_assignment_once",
            using="gist",
        ),
        ExcludeConstraint(
            ("post", "="),
            ("target", "="),
            ("valid", "&&"),
            name="ex_assignment_single",
            using="gist",
            where=text("is_single AND rank = 'primary'"),
        ),
        Index("ix_assignment_post", "post"),
        Index("ix_assignment_target", "target"),
        {"comment": "任职: who holds which post for what, from when to when"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, comment="Who")
    post: Mapped[str] = mapped_column(CodeText, comment="Which post")
    is_single: Mapped[bool] = mapped_column(comment="As in table post; follows it")
    rank: Mapped[str] = mapped_column(server_default="primary", comment="primary, deputy")
    grid_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"), index=True, comment="For this grid"
    )
    neighbourhood_code: Mapped[str | None] = mapped_column(
        ForeignKey("neighbourhood.code"), index=True, comment="For this quarter or villager group"
    )
    building_code: Mapped[str | None] = mapped_column(
        ForeignKey("building.code"), index=True, comment="For this building"
    )
    unit_code: Mapped[str | None] = mapped_column(
        ForeignKey("unit.code"), index=True, comment="For this unit of a building"
    )
    site_code: Mapped[str | None] = mapped_column(
        ForeignKey("service_site.code"), index=True, comment="For this service site"
    )
    team_code: Mapped[str | None] = mapped_column(ForeignKey("team.code"), index=True, comment="In this team")
    party_org_code: Mapped[str | None] = mapped_column(
        ForeignKey("party_organisation.code"), index=True, comment="In this party organisation"
    )
    organisation_code: Mapped[str | None] = mapped_column(
        ForeignKey("organisation.code"), index=True, comment="In this organisation"
    )
    target: Mapped[str] = mapped_column(
        CodeText, Computed(_TARGET, persisted=True), comment="Kind and code of what it is held for"
    )
    valid: Mapped[Range[date]] = mapped_column(comment="Days it is held, [from, until)")
    change_id: Mapped[int | None] = mapped_column(
        ForeignKey("roster_change.id"), index=True, comment="Change it began with"
    )
    end_change_id: Mapped[int | None] = mapped_column(
        ForeignKey("roster_change.id"), index=True, comment="Change it ended with"
    )
