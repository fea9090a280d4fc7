"""Neighbourhoods, buildings, their units, households and addresses."""

from __future__ import annotations

from datetime import date

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, CodeList, CodeText, Instant, not_empty, shape, valid_begins


class NeighbourhoodKind(CodeList, Base):
    """Kinds of neighbourhoods."""

    __tablename__ = "neighbourhood_kind"
    __table_args__ = ({"comment": "Code list: residential quarter 小区, villager group 村民小组"},)


class BuildingKind(CodeList, Base):
    """Kinds of buildings."""

    __tablename__ = "building_kind"
    __table_args__ = ({"comment": "Code list: residential, house, factory, school …"},)


class Neighbourhood(Base):
    """小区、村民小组: a named set of buildings inside one third-level grid."""

    __tablename__ = "neighbourhood"
    __table_args__ = (
        valid_begins(),
        not_empty("code"),
        not_empty("name"),
        {"comment": "小区、村民小组: named sets of buildings inside one third-level grid"},
    )

    code: Mapped[str] = mapped_column(CodeText, primary_key=True, comment="编码")
    kind: Mapped[str] = mapped_column(
        ForeignKey("neighbourhood_kind.code"), index=True, comment="Kind, from the list"
    )
    name: Mapped[str] = mapped_column(comment="Name shown to people")
    grid_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"),
        index=True,
        comment="Third-level grid it is filed under; null when in none",
    )
    geom: Mapped[WKBElement | None] = mapped_column(
        shape("MULTIPOLYGON"), comment="Outline when one is known"
    )
    valid: Mapped[Range[date]] = mapped_column(comment="Days it exists, [from, until)")


class Building(Base):
    """楼栋: a footprint with its kind, size and the grid it is filed under."""

    __tablename__ = "building"
    __table_args__ = (
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name="geom_valid"),
        CheckConstraint("households >= 0", name="households"),
        CheckConstraint("residents IS NULL OR residents >= 0", name="residents"),
        CheckConstraint("floors IS NULL OR floors BETWEEN 0 AND 200", name="floors"),
        valid_begins(),
        not_empty("code"),
        {"comment": "楼栋: building footprints; re-cutting third-level grids never renames one"},
    )

    code: Mapped[str] = mapped_column(
        CodeText, primary_key=True, comment="编码: second-level code (12) and five digits in time order"
    )
    kind: Mapped[str] = mapped_column(
        ForeignKey("building_kind.code"), index=True, comment="Kind, from the list"
    )
    name: Mapped[str | None] = mapped_column(comment="Name or number, such as 3栋")
    neighbourhood_code: Mapped[str | None] = mapped_column(
        ForeignKey("neighbourhood.code"), index=True, comment="Quarter or villager group, if any"
    )
    grid_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"),
        index=True,
        comment="Third-level grid it is filed under; null when in none",
    )
    floors: Mapped[int | None] = mapped_column(SmallInteger, comment="Floors above ground; null when unknown")
    households: Mapped[int] = mapped_column(server_default="0", comment="Households registered in it")
    residents: Mapped[int | None] = mapped_column(comment="People who live in it; null when not known")
    built_year: Mapped[int | None] = mapped_column(SmallInteger, comment="Year built; null when unknown")
    geom: Mapped[WKBElement] = mapped_column(shape("MULTIPOLYGON"), comment="Footprint, storage CRS")
    label_point: Mapped[WKBElement] = mapped_column(
        shape("POINT"), comment="A point inside the footprint; the place it is filed by"
    )
    valid: Mapped[Range[date]] = mapped_column(comment="Days it stands, [from, until)")


class Unit(Base):
    """单元: an entrance of a building."""

    __tablename__ = "unit"
    __table_args__ = ({"comment": "单元: entrances of buildings"},)

    code: Mapped[str] = mapped_column(
        CodeText, primary_key=True, comment="编码: building code and two digits"
    )
    building_code: Mapped[str] = mapped_column(
        ForeignKey("building.code"), index=True, comment="Its building"
    )
    name: Mapped[str] = mapped_column(comment="Name, such as 1单元")


class Household(Base):
    """户: a dwelling behind one door."""

    __tablename__ = "household"
    __table_args__ = ({"comment": "户: dwellings, one a door; persons come with their own table"},)

    code: Mapped[str] = mapped_column(
        CodeText, primary_key=True, comment="编码: unit code and four digits of the room"
    )
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True, comment="Its unit")
    room: Mapped[str] = mapped_column(comment="Room number as written on the door")


class Address(Base):
    """地址: a way people write where a building is."""

    __tablename__ = "address"
    __table_args__ = (
        Index("uq_address_standard", "building_code", unique=True, postgresql_where="is_standard"),
        not_empty("text"),
        {"comment": "地址: ways to write where a building is; one of them the standard address"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    building_code: Mapped[str] = mapped_column(
        ForeignKey("building.code"), index=True, comment="Its building"
    )
    text: Mapped[str] = mapped_column(comment="The address as written")
    is_standard: Mapped[bool] = mapped_column(server_default="true", comment="True for the standard address")


class GroundChange(Base):
    """A statement that changed what places are located in; written by triggers alone."""

    __tablename__ = "ground_change"
    __table_args__ = (
        {"comment": "Statements that changed zone, releases, grids, neighbourhoods, buildings or addresses"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    mark: Mapped[int] = mapped_column(
        BigInteger,
        server_default=text("hashtextextended(gen_random_uuid()::text, 0)"),
        comment="Random; the marks of all changes together name a state of the ground",
    )
    relation: Mapped[str] = mapped_column(comment="Table that changed")
    at: Mapped[Instant] = mapped_column(
        server_default=func.now(), comment="When the transaction that changed it began"
    )
