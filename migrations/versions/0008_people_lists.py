"""Lists of codes for people and places: posts, kinds of sites, teams, cameras and services."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

#: Tables with no columns but those every list has.
LISTS = {
    "education": "Code list: levels of education, lowest first by sort",
    "post_group": "Code list: groups of posts: 两委, 三长, 四员, grid …",
    "organisation_kind": "Code list: department, social-work bureau, property company, council, centre …",
    "party_org_kind": "Code list: party committee, general branch, branch, party group",
    "site_kind": "Code list: culture service centre, farm library, village party history room …",
    "site_function": "Code list: public-good classes, elders' canteen, 24-hour reading room …",
    "team_kind": "Code list: volunteers, dispute mediation, security patrol …",
    "camera_kind": "Code list: dome, bullet, panoramic …",
    "camera_network": "Code list: governance video network 综治视联网, public-safety video 雪亮工程 …",
    "camera_state": "Code list: online, offline, under repair",
    "leave_kind": "Code list: annual, training, other; no reason of health is kept",
    "service_project": "Code list: projects of 党建234+: culture, mediation, home care for elders",
}


def _create(table: str, comment: str, *more: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("code", sa.Text(collation="C"), nullable=False, comment="Stable key, lower_snake_case"),
        sa.Column("name_zh", sa.Text(), nullable=False, comment="Name on Chinese pages"),
        sa.Column("name_en", sa.Text(), nullable=False, comment="Name on English pages"),
        sa.Column("sort", sa.Integer(), server_default="0", nullable=False, comment="Order in lists"),
        sa.Column(
            "active",
            sa.Boolean(),
            server_default="true",
            nullable=False,
            comment="False: no longer offered, old rows keep it",
        ),
        *more,
        sa.PrimaryKeyConstraint("code", name=op.f(f"pk_{table}")),
        comment=comment,
    )


def _flag(name: str, comment: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default="false", nullable=False, comment=comment)


def _create_post() -> None:
    code = sa.Text(collation="C")
    kinds = "'grid', 'neighbourhood', 'building', 'unit', 'site', 'team', 'party_org', 'organisation'"
    _create(
        "post",
        "岗位: editable list of posts: held for what, required where, overloaded when",
        sa.Column("post_group", code, nullable=False, comment="Group it belongs to"),
        sa.Column(
            "unit_kind",
            code,
            nullable=True,
            comment="Only in second-level grids of this kind (village, community); null: in all",
        ),
        sa.Column(
            "target",
            sa.Text(),
            nullable=False,
            comment="Held for: grid, neighbourhood, building, unit, site, team, party_org, organisation",
        ),
        sa.Column(
            "grid_level",
            sa.SmallInteger(),
            nullable=True,
            comment="Level of the grid it is held for; null: any level, or no grid",
        ),
        _flag("is_single", "True: one primary holder at a time for each target"),
        _flag("is_personnel", "True: its holders count as 234 personnel"),
        _flag(
            "is_required",
            "True: a target without a holder is a vacancy (rule R13), by unit_kind and required_kinds",
        ),
        sa.Column(
            "required_kinds",
            postgresql.ARRAY(code),
            nullable=True,
            comment="Kinds of grid, neighbourhood or building it is required for; null: all",
        ),
        sa.Column(
            "most_targets",
            sa.Integer(),
            nullable=True,
            comment="A holder with more targets of this post is overloaded; null: no limit",
        ),
        sa.Column(
            "most_households",
            sa.Integer(),
            nullable=True,
            comment="A holder with more households in all targets of this post is overloaded; null: no limit",
        ),
        sa.Column("role", code, nullable=True, comment="Role its holders sign in with, if any"),
        sa.CheckConstraint(f"target IN ({kinds})", name=op.f("ck_post_target")),
        sa.CheckConstraint("grid_level IS NULL OR target = 'grid'", name=op.f("ck_post_level_of_grids_only")),
        sa.CheckConstraint(
            "grid_level IS NULL OR grid_level BETWEEN 1 AND 3", name=op.f("ck_post_grid_level")
        ),
        sa.CheckConstraint("most_targets IS NULL OR most_targets > 0", name=op.f("ck_post_most_targets")),
        sa.CheckConstraint(
            "most_households IS NULL OR most_households > 0", name=op.f("ck_post_most_households")
        ),
        sa.UniqueConstraint("code", "is_single", name=op.f("uq_post_code_is_single")),
        sa.ForeignKeyConstraint(["post_group"], ["post_group.code"], name=op.f("fk_post_post_group")),
        sa.ForeignKeyConstraint(["unit_kind"], ["grid_kind.code"], name=op.f("fk_post_unit_kind")),
        sa.ForeignKeyConstraint(["role"], ["role.code"], name=op.f("fk_post_role")),
    )
    for column in ("post_group", "unit_kind", "role"):
        op.create_index(op.f(f"ix_post_{column}"), "post", [column])


def _create_shift() -> None:
    _create(
        "duty_shift",
        "班次: shifts; one that runs past midnight belongs to the day it starts on",
        sa.Column("starts_minute", sa.SmallInteger(), nullable=False, comment="Minute of the day it starts"),
        sa.Column("minutes", sa.SmallInteger(), nullable=False, comment="How long it lasts, minutes"),
        sa.CheckConstraint("starts_minute BETWEEN 0 AND 1439", name=op.f("ck_duty_shift_starts_minute")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_duty_shift_minutes")),
    )


def _unit_words(name: str, language: str) -> sa.Column[str]:
    return sa.Column(
        name, sa.Text(), server_default="", nullable=False, comment=f"Unit of the figure, {language}"
    )


def upgrade() -> None:
    for table, comment in LISTS.items():
        _create(table, comment)
    _create_post()
    _create_shift()
    _create(
        "service_kind",
        "Code list: appeals collected, policy talks, mediations, guidances, errands, visits …",
        _flag("is_resolvable", "True: an entry is resolved at some time, as an appeal is"),
    )
    _create(
        "unit_fact",
        "Code list: facts of a unit by year, such as collective income",
        _unit_words("unit_zh", "Chinese"),
        _unit_words("unit_en", "English"),
    )


def downgrade() -> None:
    for table in ("unit_fact", "service_kind", "duty_shift", "post", *LISTS):
        op.drop_table(table)
