"""Cameras: where they look and who answers for them; never a picture."""

from __future__ import annotations

from datetime import date

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, CodeList, CodeText, not_empty, shape, valid_begins


class CameraKind(CodeList, Base):
    """Kinds of cameras."""

    __tablename__ = "camera_kind"
    __table_args__ = ({"comment": "Code list: dome, bullet, panoramic …"},)


class CameraNetwork(CodeList, Base):
    """Networks cameras belong to."""

    __tablename__ = "camera_network"
    __table_args__ = (
        {"comment": "Code list: governance video network 综治视联网, public-safety video 雪亮工程 …"},
    )


class CameraState(CodeList, Base):
    """States of cameras."""

    __tablename__ = "camera_state"
    __table_args__ = ({"comment": "Code list: online, offline, under repair"},)


class Camera(Base):
    """视频点: a camera by its GB/T 28181 number, with what it sees and how long recordings are kept."""

    __tablename__ = "camera"
    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{20}$'", name="code"),
        CheckConstraint(
            "direction_deg IS NULL OR direction_deg >= 0 AND direction_deg < 360", name="direction"
        ),
        CheckConstraint("angle_deg > 0 AND angle_deg <= 360", name="angle"),
        CheckConstraint("range_m > 0 AND range_m <= 5000", name="range"),
        CheckConstraint("(direction_deg IS NULL) = (angle_deg = 360)", name="all_round_has_no_direction"),
        CheckConstraint("view IS NULL OR ST_IsValid(view) AND NOT ST_IsEmpty(view)", name="view_valid"),
        CheckConstraint(
            "stream_url IS NULL OR stream_url ~ '^(rtsp|rtsps|https|http|webrtc)://'", name="stream"
        ),
        CheckConstraint("retention_days IS NULL OR retention_days BETWEEN 0 AND 3650", name="retention"),
        valid_begins(),
        not_empty("name"),
        {"comment": "视频点: cameras, their view and their filing; no pictures are kept here"},
    )

    code: Mapped[str] = mapped_column(
        CodeText, primary_key=True, comment="编码: 20 digits (GB/T 28181 shape)"
    )
    kind: Mapped[str] = mapped_column(
        ForeignKey("camera_kind.code"), index=True, comment="Kind, from the list"
    )
    network: Mapped[str] = mapped_column(
        ForeignKey("camera_network.code"), index=True, comment="Network it belongs to"
    )
    state: Mapped[str] = mapped_column(ForeignKey("camera_state.code"), index=True, comment="State today")
    name: Mapped[str] = mapped_column(comment="Name shown to people")
    direction_deg: Mapped[float | None] = mapped_column(
        comment="Where it looks, degrees clockwise from north; null when it sees all round"
    )
    angle_deg: Mapped[float] = mapped_column(comment="Opening angle, degrees; 360 all round")
    range_m: Mapped[float] = mapped_column(comment="How far a person can be made out, metres")
    height_m: Mapped[float | None] = mapped_column(comment="Height above ground, metres")
    grid_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"),
        index=True,
        comment="Third-level grid it is filed under; null when in none",
    )
    organisation_code: Mapped[str | None] = mapped_column(
        ForeignKey("organisation.code"), index=True, comment="Who runs it"
    )
    stream_url: Mapped[str | None] = mapped_column(comment="Address of its stream; shown to the centre only")
    filing_number: Mapped[str | None] = mapped_column(comment="Number it is filed under with the police")
    filed_on: Mapped[date | None] = mapped_column(comment="Day it was filed")
    retention_days: Mapped[int | None] = mapped_column(
        SmallInteger, comment="Days recordings are kept where they are kept, not here"
    )
    geom: Mapped[WKBElement] = mapped_column(shape("POINT"), comment="Place, storage CRS")
    view: Mapped[WKBElement | None] = mapped_column(
        shape("POLYGON"), comment="Ground it sees, storage CRS; null when not surveyed"
    )
    valid: Mapped[Range[date]] = mapped_column(comment="Days it is in use, [from, until)")
