"""The zone a database serves, and the runs that brought data in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, SmallInteger, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, Instant, not_empty


class Zone(Base):
    """辖区: what one database serves; exactly one row."""

    __tablename__ = "zone"
    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("code_prefix ~ '^[0-9A-Za-z]{1,9}$'", name="code_prefix"),
        CheckConstraint(
            "jsonb_typeof(levels) = 'array' AND jsonb_array_length(levels) BETWEEN 1 AND 3", name="levels"
        ),
        not_empty("name"),
        {"comment": "辖区: the one zone this database serves, with its settings"},
    )

    id: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, autoincrement=False, server_default="1", comment="Always 1"
    )
    name: Mapped[str] = mapped_column(comment="Name in Chinese or the local language")
    name_en: Mapped[str] = mapped_column(comment="Name on English pages")
    code_prefix: Mapped[str] = mapped_column(comment="First characters of every grid code, e.g. six digits")
    storage_srid: Mapped[int] = mapped_column(comment="EPSG code geometries are stored in")
    metric_srid: Mapped[int] = mapped_column(
        comment="EPSG code of the projected system lengths and areas are measured in"
    )
    time_zone: Mapped[str] = mapped_column(comment="IANA name; a day begins at its midnight")
    levels: Mapped[list[dict[str, str]]] = mapped_column(
        JSONB, comment="Labels of the levels, coarse to fine: [{zh, en}, …]"
    )
    norms: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default="{}", comment="Norms such as households_band [low, high] of a third-level grid"
    )
    declared: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default="{}", comment="Counts the zone declares, e.g. grids [5, 29, 138]"
    )
    notice_zh: Mapped[str] = mapped_column(server_default="", comment="Notice shown on every page, Chinese")
    notice_en: Mapped[str] = mapped_column(server_default="", comment="Notice shown on every page, English")
    is_demo: Mapped[bool] = mapped_column(server_default="false", comment="True when the data are invented")


class ImportRun(Base):
    """One run that brought rows in; its id is also the version of what is drawn."""

    __tablename__ = "import_run"
    __table_args__ = ({"comment": "Runs that brought data in: what, from which file, by whom"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    subject: Mapped[str] = mapped_column(comment="What was imported: grids, buildings, incidents, demo …")
    file_name: Mapped[str] = mapped_column(server_default="", comment="Name of the file, without its folder")
    sha256: Mapped[str] = mapped_column(server_default="", comment="Checksum of the file, hexadecimal")
    rows_read: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="Rows read")
    rows_written: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="Rows written")
    options: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default="{}", comment="CRS, encoding, column mapping as used"
    )
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), index=True, comment="Who ran it; null for the command line"
    )
    at: Mapped[Instant] = mapped_column(server_default=func.now(), comment="When it was committed")
