"""The zone, who asks, and runs that bring data in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "zone",
        sa.Column(
            "id",
            sa.SmallInteger(),
            server_default="1",
            autoincrement=False,
            nullable=False,
            comment="Always 1",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name in Chinese or the local language"),
        sa.Column("name_en", sa.Text(), nullable=False, comment="Name on English pages"),
        sa.Column(
            "code_prefix",
            sa.Text(),
            nullable=False,
            comment="First characters of every grid code, e.g. six digits",
        ),
        sa.Column("storage_srid", sa.Integer(), nullable=False, comment="EPSG code geometries are stored in"),
        sa.Column(
            "metric_srid",
            sa.Integer(),
            nullable=False,
            comment="EPSG code of the projected system lengths and areas are measured in",
        ),
        sa.Column("time_zone", sa.Text(), nullable=False, comment="IANA name; a day begins at its midnight"),
        sa.Column(
            "levels",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Labels of the levels, coarse to fine: [{zh, en}, …]",
        ),
        sa.Column(
            "norms",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="Norms such as households_band [low, high] of a third-level grid",
        ),
        sa.Column(
            "declared",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="Counts the zone declares, e.g. grids [5, 29, 138]",
        ),
        sa.Column(
            "notice_zh",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Notice shown on every page, Chinese",
        ),
        sa.Column(
            "notice_en",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Notice shown on every page, English",
        ),
        sa.Column(
            "is_demo",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="True when the data are invented",
        ),
        sa.CheckConstraint("code_prefix ~ '^[0-9A-Za-z]{1,9}$'", name=op.f("ck_zone_code_prefix")),
        sa.CheckConstraint(
            "jsonb_typeof(levels) = 'array' AND jsonb_array_length(levels) BETWEEN 1 AND 3",
            name=op.f("ck_zone_levels"),
        ),
        sa.CheckConstraint("name <> '' AND name = btrim(name)", name=op.f("ck_zone_name_not_blank")),
        sa.CheckConstraint("id = 1", name=op.f("ck_zone_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
        comment="辖区: the one zone this database serves, with its settings",
    )
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column(
            "username", sa.Text(), nullable=False, comment="Name to sign in with; case does not matter"
        ),
        sa.Column("display_name", sa.Text(), nullable=False, comment="Name shown"),
        sa.Column(
            "password_hash", sa.Text(), nullable=True, comment="Argon2 hash; null: no password sign-in"
        ),
        sa.Column(
            "is_active", sa.Boolean(), server_default="true", nullable=False, comment="False: may not sign in"
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was made",
        ),
        sa.CheckConstraint(
            "username <> '' AND username = btrim(username)", name=op.f("ck_account_username_not_blank")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        comment="账号: persons and programs that may sign in",
    )
    op.create_index(
        "uq_account_username_lower", "account", [sa.literal_column("lower(username)")], unique=True
    )
    op.create_table(
        "account_role",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("account_id", sa.BigInteger(), nullable=False, comment="Who"),
        sa.Column("role", sa.Text(collation="C"), nullable=False, comment="Which role"),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False, comment="Days it is held, [from, until)"),
        postgresql.ExcludeConstraint(
            (sa.column("account_id"), "="),
            (sa.column("role"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_account_role_valid",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_account_role_valid_begins")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_role_account_id")),
        sa.ForeignKeyConstraint(["role"], ["role.code"], name=op.f("fk_account_role_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_role")),
        comment="Roles held by accounts over ranges of days",
    )
    op.create_index(op.f("ix_account_role_account_id"), "account_role", ["account_id"])
    op.create_index(op.f("ix_account_role_role"), "account_role", ["role"])
    op.create_table(
        "web_session",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("account_id", sa.BigInteger(), nullable=False, comment="Who"),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the secret"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When signed in",
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="When it ends by itself"),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), nullable=True, comment="When signed out; null while open"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_web_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_web_session_secret_hash")),
        comment="Signed-in browsers; the cookie carries the secret, here is its hash",
    )
    op.create_index(op.f("ix_web_session_account_id"), "web_session", ["account_id"])
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("account_id", sa.BigInteger(), nullable=False, comment="Who it acts as"),
        sa.Column("name", sa.Text(), nullable=False, comment="What it is for"),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the token"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was made",
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="When it stops working"),
        sa.Column(
            "revoked_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was revoked; null while in use",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_token_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_token_secret_hash")),
        comment="Bearer tokens of programs; only the hash is kept",
    )
    op.create_index(op.f("ix_api_token_account_id"), "api_token", ["account_id"])
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("account_id", sa.BigInteger(), nullable=False, comment="Who it signs in"),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the secret"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="When it stops working"),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), nullable=True, comment="When it was used; null while fresh"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_link_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_in_link_secret_hash")),
        comment="Links that sign in once; only the hash is kept",
    )
    op.create_index(op.f("ix_sign_in_link_account_id"), "sign_in_link", ["account_id"])
    op.create_table(
        "import_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column(
            "subject",
            sa.Text(),
            nullable=False,
            comment="What was imported: grids, buildings, incidents, demo …",
        ),
        sa.Column(
            "file_name",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Name of the file, without its folder",
        ),
        sa.Column(
            "sha256",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Checksum of the file, hexadecimal",
        ),
        sa.Column("rows_read", sa.BigInteger(), server_default="0", nullable=False, comment="Rows read"),
        sa.Column(
            "rows_written", sa.BigInteger(), server_default="0", nullable=False, comment="Rows written"
        ),
        sa.Column(
            "options",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="CRS, encoding, column mapping as used",
        ),
        sa.Column(
            "account_id", sa.BigInteger(), nullable=True, comment="Who ran it; null for the command line"
        ),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was committed",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_import_run_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        comment="Runs that brought data in: what, from which file, by whom",
    )
    op.create_index(op.f("ix_import_run_account_id"), "import_run", ["account_id"])


def downgrade() -> None:
    op.drop_table("import_run")
    op.drop_table("sign_in_link")
    op.drop_table("api_token")
    op.drop_table("web_session")
    op.drop_table("account_role")
    op.drop_table("account")
    op.drop_table("zone")
