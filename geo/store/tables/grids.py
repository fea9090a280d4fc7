"""The partition: codes ever issued, releases, and grids in force over ranges of days."""

from __future__ import annotations

from datetime import date

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, CodeList, CodeText, Instant, not_empty, shape, valid_begins


class GridKind(CodeList, Base):
    """Kinds of grids."""

    __tablename__ = "grid_kind"
    __table_args__ = ({"comment": "Code list: kinds of grids (village, community, residential …)"},)


class GridCode(Base):
    """Every grid code ever issued; a code is never issued twice."""

    __tablename__ = "grid_code"
    __table_args__ = (
        UniqueConstraint("code", "level"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        not_empty("code"),
        {"comment": "Register of grid codes: a code once issued is never used for another grid"},
    )

    code: Mapped[str] = mapped_column(CodeText, primary_key=True, comment="编码")
    level: Mapped[int] = mapped_column(SmallInteger, comment="1 coarse to 3 fine")
    issued_at: Mapped[Instant] = mapped_column(server_default=func.now(), comment="When the code was issued")


class Release(Base):
    """发布版: a published change of the partition, in force from a date."""

    __tablename__ = "release"
    __table_args__ = ({"comment": "发布版: published changes of the partition"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key; rises with time")
    in_force_from: Mapped[date] = mapped_column(comment="First day it is in force, in the zone's time zone")
    title: Mapped[str] = mapped_column(comment="What changed, in words")
    published_at: Mapped[Instant] = mapped_column(server_default=func.now(), comment="When it was published")
    published_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), index=True, comment="Who published it; null for the command line"
    )


class Grid(Base):
    """网格: one polygon of the partition at one level, in force over a range of days."""

    __tablename__ = "grid"
    __table_args__ = (
        ForeignKeyConstraint(["code", "level"], ["grid_code.code", "grid_code.level"]),
        ExcludeConstraint(("code", "="), ("valid", "&&"), name="ex_grid_code_valid", using="gist"),
        CheckConstraint("(level = 1) = (parent_code IS NULL)", name="parent_above_first_level"),
        valid_begins(),
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name="geom_valid"),
        CheckConstraint("area_m2 > 0", name="area_positive"),
        Index("ix_grid_level_code", "level", "code"),
        not_empty("name"),
        {"comment": "网格: polygons of the partition; rows are end-dated, never overwritten"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key of this version")
    code: Mapped[str] = mapped_column(CodeText, comment="编码, from the register")
    level: Mapped[int] = mapped_column(SmallInteger, comment="1 coarse to 3 fine")
    kind: Mapped[str | None] = mapped_column(
        ForeignKey("grid_kind.code"), index=True, comment="Kind, from the list"
    )
    name: Mapped[str] = mapped_column(comment="Name shown to people")
    parent_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"), index=True, comment="Code of the grid one level up; null at level 1"
    )
    geom: Mapped[WKBElement] = mapped_column(shape("MULTIPOLYGON"), comment="Polygon, storage CRS")
    label_point: Mapped[WKBElement] = mapped_column(
        shape("POINT"), comment="Where its name stands: the point farthest from its border"
    )
    area_m2: Mapped[float] = mapped_column(comment="Area in the zone's metric CRS, square metres")
    valid: Mapped[Range[date]] = mapped_column(comment="Days in force, [from, until)")
    release_id: Mapped[int] = mapped_column(
        ForeignKey("release.id"), index=True, comment="Release that brought this version into force"
    )
