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


#: Tables of this shape, with their comments.
LISTS = {
    "building_kind": "Code list: residential, house, factory, school …",
    "grid_kind": "Code list: kinds of grids (village, community, residential …)",
    "neighbourhood_kind": "Code list: residential quarter 小区, villager group 村民小组",
    "road_kind": "Code list: kinds of roads and railways",
    "water_kind": "Code list: river, stream, lake, pond …",
    "land_use_kind": "Code list: forest, farmland, residential …",
    "incident_category": "Code list: service kinds (no parent) and the categories under them",
    "incident_source": "Code list: hotline, patrol, camera, walk-in …",
    "incident_state": "Code list: states of an incident, draft to archived",
    "place_status": "Code list: inside, outside every grid, without coordinates, at 0,0",
    "time_status": "Code list: plausible, in the future at intake",
    "role": "Code list: roles, e.g. centre_head, grid_worker, planner",
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


def _create_categories() -> None:
    parent = "Service kind it belongs to; null for a kind"
    _create(
        "incident_category",
        LISTS["incident_category"],
        sa.Column("parent_code", sa.Text(collation="C"), nullable=True, comment=parent),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["incident_category.code"], name=op.f("fk_incident_category_parent_code")
        ),
    )
    op.create_index(op.f("ix_incident_category_parent_code"), "incident_category", ["parent_code"])


def upgrade() -> None:
    # PostGIS is not a trusted extension: where it is missing, a superuser has to create it once.
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for table, comment in LISTS.items():
        if table != "incident_category":
            _create(table, comment)
    _create_categories()
    _fill("incident_state", STATES)
    _fill("place_status", PLACE_STATUSES)
    _fill("time_status", TIME_STATUSES)
    _fill("role", ROLES)


def downgrade() -> None:
    for table in LISTS:
        op.drop_table(table)
