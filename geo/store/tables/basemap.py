"""The zone's own background: roads, water, land use."""

from __future__ import annotations

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, CodeList, shape


class RoadKind(CodeList, Base):
    """Kinds of roads."""

    __tablename__ = "road_kind"
    __table_args__ = ({"comment": "Code list: kinds of roads and railways"},)


class WaterKind(CodeList, Base):
    """Kinds of water."""

    __tablename__ = "water_kind"
    __table_args__ = ({"comment": "Code list: river, stream, lake, pond …"},)


class LandUseKind(CodeList, Base):
    """Kinds of land use."""

    __tablename__ = "land_use_kind"
    __table_args__ = ({"comment": "Code list: forest, farmland, residential …"},)


class Road(Base):
    """道路: a road's centre line."""

    __tablename__ = "road"
    __table_args__ = ({"comment": "道路: centre lines of roads and railways"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    kind: Mapped[str] = mapped_column(ForeignKey("road_kind.code"), index=True, comment="Kind, from the list")
    name: Mapped[str | None] = mapped_column(comment="Name, if it has one")
    geom: Mapped[WKBElement] = mapped_column(shape("MULTILINESTRING"), comment="Centre line, storage CRS")


class Water(Base):
    """水体: rivers, lakes and ponds as areas, small streams as lines."""

    __tablename__ = "water"
    __table_args__ = (
        CheckConstraint("GeometryType(geom) IN ('MULTIPOLYGON', 'MULTILINESTRING')", name="geom_kind"),
        {"comment": "水体: water areas, and streams as lines"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    kind: Mapped[str] = mapped_column(
        ForeignKey("water_kind.code"), index=True, comment="Kind, from the list"
    )
    name: Mapped[str | None] = mapped_column(comment="Name, if it has one")
    geom: Mapped[WKBElement] = mapped_column(shape("GEOMETRY"), comment="Area or line, storage CRS")


class LandUse(Base):
    """用地: what the ground is used for."""

    __tablename__ = "land_use"
    __table_args__ = ({"comment": "用地: areas by use"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    kind: Mapped[str] = mapped_column(
        ForeignKey("land_use_kind.code"), index=True, comment="Kind, from the list"
    )
    name: Mapped[str | None] = mapped_column(comment="Name, if it has one")
    geom: Mapped[WKBElement] = mapped_column(shape("MULTIPOLYGON"), comment="Area, storage CRS")
