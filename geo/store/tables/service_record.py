"""What was done for whom: the service record; and facts of a unit, such as its collective income."""

from __future__ import annotations

from decimal import Decimal

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, CodeList, Instant, shape


class ServiceKind(CodeList, Base):
    """Kinds of services in the record."""

    __tablename__ = "service_kind"
    __table_args__ = (
        {"comment": "Code list: appeals collected, policy talks, mediations, guidances, errands, visits …"},
    )

    is_resolvable: Mapped[bool] = mapped_column(
        server_default="false", comment="True: an entry is resolved at some time, as an appeal is"
    )


class ServiceProject(CodeList, Base):
    """Projects services belong to."""

    __tablename__ = "service_project"
    __table_args__ = (
        {"comment": "Code list: projects of 党建234+: culture, mediation, home care for elders"},
    )


class ServiceRecord(Base):
    """服务记录: who served whom with what, when and where."""

    __tablename__ = "service_record"
    __table_args__ = (
        CheckConstraint("resolved_at IS NULL OR resolved_at >= at", name="resolved_after"),
        UniqueConstraint("import_source", "external_id"),
        Index("ix_service_record_grid_code_at", "grid_code", "at"),
        Index("ix_service_record_at", "at"),
        {"comment": "服务记录: services of the 234 personnel and others, append-only but for resolved_at"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    kind: Mapped[str] = mapped_column(
        ForeignKey("service_kind.code"), index=True, comment="Kind, from the list"
    )
    at: Mapped[Instant] = mapped_column(comment="When")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, comment="Who served")
    post: Mapped[str | None] = mapped_column(
        ForeignKey("post.code"), index=True, comment="Post they served in"
    )
    served: Mapped[str | None] = mapped_column(comment="Who was served, in words; personal data")
    household_code: Mapped[str | None] = mapped_column(
        ForeignKey("household.code"), index=True, comment="Household served, if one"
    )
    grid_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"), comment="Third-level grid it was in; null when not known"
    )
    building_code: Mapped[str | None] = mapped_column(
        ForeignKey("building.code"), index=True, comment="Building it was in, if known"
    )
    site_code: Mapped[str | None] = mapped_column(
        ForeignKey("service_site.code"), index=True, comment="Service site it was at, if one"
    )
    geom: Mapped[WKBElement | None] = mapped_column(shape("POINT"), comment="Place, storage CRS, if known")
    project: Mapped[str | None] = mapped_column(
        ForeignKey("service_project.code"), index=True, comment="Project it belongs to, if any"
    )
    incident_id: Mapped[int | None] = mapped_column(
        ForeignKey("incident.id"), index=True, comment="Incident it led to or came from, if any"
    )
    resolved_at: Mapped[Instant | None] = mapped_column(comment="When it was resolved; null while open")
    note: Mapped[str] = mapped_column(server_default="", comment="What was done, in words")
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_run.id"), index=True, comment="Run that imported it"
    )
    import_source: Mapped[str | None] = mapped_column(comment="Name of the register external_id belongs to")
    external_id: Mapped[str | None] = mapped_column(comment="Id in that register")


class UnitFact(CodeList, Base):
    """Facts kept of villages and communities."""

    __tablename__ = "unit_fact"
    __table_args__ = ({"comment": "Code list: facts of a unit by year, such as collective income"},)

    unit_zh: Mapped[str] = mapped_column(server_default="", comment="Unit of the figure, Chinese")
    unit_en: Mapped[str] = mapped_column(server_default="", comment="Unit of the figure, English")


class UnitFigure(Base):
    """A figure of a village or community for a year."""

    __tablename__ = "unit_figure"
    __table_args__ = (
        CheckConstraint("year BETWEEN 1949 AND 2200", name="year"),
        {"comment": "村（社区）情况: figures of a grid by year, such as collective income"},
    )

    grid_code: Mapped[str] = mapped_column(
        ForeignKey("grid_code.code"), primary_key=True, comment="Village, community or any grid"
    )
    fact: Mapped[str] = mapped_column(
        ForeignKey("unit_fact.code"), primary_key=True, index=True, comment="Which fact"
    )
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, comment="Year it is of")
    value: Mapped[Decimal] = mapped_column(Numeric, comment="The figure, in the fact's unit")
