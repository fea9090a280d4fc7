"""Incidents, the steps of their lives, and the lists they draw on."""

from __future__ import annotations

from datetime import date

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, CodeList, CodeText, Instant, shape


class IncidentCategory(CodeList, Base):
    """Service kinds and the categories under them."""

    __tablename__ = "incident_category"
    __table_args__ = ({"comment": "Code list: service kinds (no parent) and the categories under them"},)

    parent_code: Mapped[str | None] = mapped_column(
        ForeignKey("incident_category.code"),
        index=True,
        comment="Service kind it belongs to; null for a kind",
    )


class IncidentSource(CodeList, Base):
    """Ways an incident comes in."""

    __tablename__ = "incident_source"
    __table_args__ = ({"comment": "Code list: hotline, patrol, camera, walk-in …"},)


class IncidentState(CodeList, Base):
    """States of an incident's life."""

    __tablename__ = "incident_state"
    __table_args__ = ({"comment": "Code list: states of an incident, draft to archived"},)


class PlaceStatus(CodeList, Base):
    """How an incident lies to the partition."""

    __tablename__ = "place_status"
    __table_args__ = ({"comment": "Code list: inside, outside every grid, without coordinates, at 0,0"},)


class TimeStatus(CodeList, Base):
    """Whether an incident's time can be."""

    __tablename__ = "time_status"
    __table_args__ = ({"comment": "Code list: plausible, in the future at intake"},)


class Incident(Base):
    """事件: what was reported at a place, with the grid chain found at intake."""

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("created_by", "client_key"),
        UniqueConstraint("import_source", "external_id"),
        CheckConstraint(
            "(place_status IN ('inside', 'outside')) = (geom IS NOT NULL)", name="geom_where_placed"
        ),
        CheckConstraint("place_status <> 'outside' OR grid3_code IS NULL", name="outside_has_no_grid"),
        CheckConstraint("(client_key IS NULL) OR (created_by IS NOT NULL)", name="client_key_has_owner"),
        Index("ix_incident_reported_at", "reported_at"),
        Index("ix_incident_grid3_code_reported_at", "grid3_code", "reported_at"),
        {"comment": "事件: incidents, all kept; marked when outside, without place or in the future"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    category: Mapped[str] = mapped_column(
        ForeignKey("incident_category.code"), index=True, comment="Category"
    )
    source: Mapped[str] = mapped_column(ForeignKey("incident_source.code"), comment="Way it came in")
    state: Mapped[str] = mapped_column(
        ForeignKey("incident_state.code"), server_default="reported", comment="Present state of its life"
    )
    description: Mapped[str] = mapped_column(server_default="", comment="What was reported, in words")
    address_text: Mapped[str] = mapped_column(server_default="", comment="Where, in words")
    reported_at: Mapped[Instant] = mapped_column(comment="When it was reported")
    lon: Mapped[float | None] = mapped_column(comment="Longitude as sent, in input_crs")
    lat: Mapped[float | None] = mapped_column(comment="Latitude as sent, in input_crs")
    input_crs: Mapped[str] = mapped_column(
        server_default="EPSG:4490", comment="CRS the coordinates were sent in"
    )
    geom: Mapped[WKBElement | None] = mapped_column(
        shape("POINT"), comment="Place, storage CRS; null when it has none"
    )
    place_status: Mapped[str] = mapped_column(
        ForeignKey("place_status.code"), comment="inside, outside, no_coordinates, null_island"
    )
    time_status: Mapped[str] = mapped_column(
        ForeignKey("time_status.code"), server_default="plausible", comment="plausible, future"
    )
    grid1_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"), comment="First-level grid at intake"
    )
    grid2_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"), comment="Second-level grid at intake"
    )
    grid3_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"), comment="Third-level grid at intake"
    )
    building_code: Mapped[str | None] = mapped_column(
        ForeignKey("building.code"), index=True, comment="Building it lies in at intake, if any"
    )
    release_id: Mapped[int | None] = mapped_column(
        ForeignKey("release.id"), comment="Release of the partition the chain was found in"
    )
    client_key: Mapped[str | None] = mapped_column(comment="Key the client gave: sent twice, stored once")
    created_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), comment="Who sent it; null when imported"
    )
    created_at: Mapped[Instant] = mapped_column(server_default=func.now(), comment="When it was stored")
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_run.id"), comment="Run that imported it; null when sent"
    )
    import_source: Mapped[str | None] = mapped_column(comment="Name of the register external_id belongs to")
    external_id: Mapped[str | None] = mapped_column(comment="Id in that register")


class IncidentStep(Base):
    """办理环节: one append-only entry in the life of an incident."""

    __tablename__ = "incident_step"
    __table_args__ = ({"comment": "办理环节: append-only entries in the life of an incident"},)

    incident_id: Mapped[int] = mapped_column(
        ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True, comment="Its incident"
    )
    number: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, autoincrement=False, comment="1, 2, 3 …"
    )
    state: Mapped[str] = mapped_column(CodeText, ForeignKey("incident_state.code"), comment="State entered")
    at: Mapped[Instant] = mapped_column(comment="When")
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), index=True, comment="Who; null when imported"
    )
    note: Mapped[str] = mapped_column(server_default="", comment="Why or how, in words")


class PlantedHotSpot(Base):
    """Hot spots the demo planted, so that analysis can be held against the truth."""

    __tablename__ = "planted_hot_spot"
    __table_args__ = ({"comment": "Demo only: hot spots planted on purpose, the truth for analyses"},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="Key")
    name: Mapped[str] = mapped_column(comment="Name")
    category: Mapped[str] = mapped_column(ForeignKey("incident_category.code"), comment="Category in excess")
    geom: Mapped[WKBElement] = mapped_column(shape("POINT"), comment="Centre, storage CRS")
    radius_m: Mapped[float] = mapped_column(comment="Radius, metres")
    since: Mapped[date] = mapped_column(comment="First day of the excess")
    until: Mapped[date] = mapped_column(comment="Last day of the excess")
    expected_extra: Mapped[int] = mapped_column(comment="Incidents planted beyond the ordinary")
