"""Lists of codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


STATES = [
    ("draft", "暂存", "draft"),
    ("reported", "待受理", "reported"),
    ("accepted", "已受理", "accepted"),
    ("assigned", "已交办", "assigned"),
    ("handling", "办理中", "handling"),
    ("done", "办结待核查", "done"),
    ("checked", "核查通过", "checked"),
    ("visiting", "待回访", "visiting"),
    ("archived", "已归档", "archived"),
    ("not_accepted", "不予受理", "not accepted"),
    ("merged", "并案", "merged"),
    ("void", "作废", "void"),
    ("returned", "退回重派", "returned"),
    ("suspended", "挂起", "suspended"),
    ("rework", "核查退回", "rework"),
    ("reopened", "再办", "reopened"),
]
PLACE_STATUSES = [
    ("inside", "在网格内", "inside a grid"),
    ("outside", "在所有网格之外", "outside every grid"),
    ("no_coordinates", "无坐标", "without coordinates"),
    ("null_island", "坐标为 0,0", "at 0,0"),
]
TIME_STATUSES = [
    ("plausible", "时间正常", "plausible"),
    ("future", "时间在将来", "in the future"),
]
ROLES = [
    ("centre_head", "中心主任", "centre head"),
    ("duty_leader", "值班领导", "duty leader"),
    ("intake", "受理员", "intake"),
    ("dispatcher", "调度员", "dispatcher"),
    ("supervisor", "督办员", "supervisor"),
    ("visitor", "回访员", "visitor"),
    ("archivist", "档案员", "archivist"),
    ("unit_handler", "承办单位", "unit handler"),
    ("grid_head", "网格长", "grid head"),
    ("grid_worker", "网格员", "grid worker"),
    ("building_head", "楼栋长", "building head"),
    ("planner", "规划人员", "planner"),
    ("administrator", "管理员", "administrator"),
    ("auditor", "审计员", "auditor"),
    ("integration", "系统对接", "integration"),
]


def _fill(table: str, rows: list[tuple[str, str, str]]) -> None:
    """Rows the code itself knows by name; all other lists come with the zone."""
    columns: list[sa.ColumnClause[object]] = [
        sa.column(name) for name in ("code", "name_zh", "name_en", "sort")
    ]
    op.bulk_insert(
        sa.table(table, *columns),
        [
            {"code": code, "name_zh": zh, "name_en": en, "sort": place}
            for place, (code, zh, en) in enumerate(rows)
        ],
    )


def upgrade() -> None:
    # PostGIS is not a trusted extension: where it is missing, a superuser has to create it once.
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "building_kind",
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
        sa.PrimaryKeyConstraint("code", name=op.f("pk_building_kind")),
        comment="Code list: residential, house, factory, school …",
    )
    op.create_table(
        "grid_kind",
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
        sa.PrimaryKeyConstraint("code", name=op.f("pk_grid_kind")),
        comment="Code list: kinds of grids (village, community, residential …)",
    )
    op.create_table(
        "neighbourhood_kind",
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
        sa.PrimaryKeyConstraint("code", name=op.f("pk_neighbourhood_kind")),
        comment="Code list: residential quarter 小区, villager group 村民小组",
    )
    op.create_table(
        "road_kind",
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
        sa.PrimaryKeyConstraint("code", name=op.f("pk_road_kind")),
        comment="Code list: kinds of roads and railways",
    )
    op.create_table(
        "water_kind",
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
        sa.PrimaryKeyConstraint("code", name=op.f("pk_water_kind")),
        comment="Code list: river, stream, lake, pond …",
    )
    op.create_table(
        "land_use_kind",
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
        sa.PrimaryKeyConstraint("code", name=op.f("pk_land_use_kind")),
        comment="Code list: forest, farmland, residential …",
    )
    op.create_table(
        "incident_category",
        sa.Column(
            "parent_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Service kind it belongs to; null for a kind",
        ),
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
        sa.ForeignKeyConstraint(
            ["parent_code"], ["incident_category.code"], name=op.f("fk_incident_category_parent_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_incident_category")),
        comment="Code list: service kinds (no parent) and the categories under them",
    )
    op.create_index(op.f("ix_incident_category_parent_code"), "incident_category", ["parent_code"])
    op.create_table(
        "incident_source",
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
        sa.PrimaryKeyConstraint("code", name=op.f("pk_incident_source")),
        comment="Code list: hotline, patrol, camera, walk-in …",
    )
    op.create_table(
        "incident_state",
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
        sa.PrimaryKeyConstraint("code", name=op.f("pk_incident_state")),
        comment="Code list: states of an incident, draft to archived",
    )
    op.create_table(
        "place_status",
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
        sa.PrimaryKeyConstraint("code", name=op.f("pk_place_status")),
        comment="Code list: inside, outside every grid, without coordinates, at 0,0",
    )
    op.create_table(
        "time_status",
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
        sa.PrimaryKeyConstraint("code", name=op.f("pk_time_status")),
        comment="Code list: plausible, in the future at intake",
    )
    op.create_table(
        "role",
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
        sa.PrimaryKeyConstraint("code", name=op.f("pk_role")),
        comment="Code list: roles, e.g. centre_head, grid_worker, planner",
    )
    _fill("incident_state", STATES)
    _fill("place_status", PLACE_STATUSES)
    _fill("time_status", TIME_STATUSES)
    _fill("role", ROLES)


def downgrade() -> None:
    op.drop_table("role")
    op.drop_table("time_status")
    op.drop_table("place_status")
    op.drop_table("incident_state")
    op.drop_table("incident_source")
    op.drop_table("incident_category")
    op.drop_table("land_use_kind")
    op.drop_table("water_kind")
    op.drop_table("road_kind")
    op.drop_table("neighbourhood_kind")
    op.drop_table("grid_kind")
    op.drop_table("building_kind")
