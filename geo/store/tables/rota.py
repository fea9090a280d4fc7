"""The duty rota: shifts, who is on duty where and when, leave and who stands in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, CodeList, valid_begins


class DutyShift(CodeList, Base):
    """班次: hours of a day that people are on duty."""

    __tablename__ = "duty_shift"
    __table_args__ = (
        CheckConstraint("starts_minute BETWEEN 0 AND 1439", name="starts_minute"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        {"comment": "班次: shifts; one that runs past midnight belongs to the day it starts on"},
    )

    starts_minute: Mapped[int] = mapped_column(SmallInteger, comment="Minute of the day it starts")
    minutes: Mapped[int] = mapped_column(SmallInteger, comment="How long it lasts, minutes")


class LeaveKind(CodeList, Base):
    """Kinds of leave."""

    __tablename__ = "leave_kind"
    __table_args__ = ({"comment": "Code list: annual, training, other; no reason of health is kept"},)


class Duty(Base):
    """值班: a person is on duty for a grid, site or organisation during a shift."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("num_nonnulls(grid_code, site_code, organisation_code) = 1", name="one_place"),
        CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)", name="during"
        ),
        ExcludeConstraint(("person_id", "="), ("during", "&&"), name="ex_duty_once", using="gist"),
        Index("ix_duty_during", "during", postgresql_using="gist"),
        {"comment": "值班: who is on duty where and when; nobody is at two places at once"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, comment="Who")
    day: Mapped[date] = mapped_column(index=True, comment="Day the shift starts on, in the zone's time zone")
    shift: Mapped[str] = mapped_column(ForeignKey("duty_shift.code"), index=True, comment="Shift")
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE, comment="When, [from, until)")
    grid_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"), index=True, comment="For this grid"
    )
    site_code: Mapped[str | None] = mapped_column(
        ForeignKey("service_site.code"), index=True, comment="At this site"
    )
    organisation_code: Mapped[str | None] = mapped_column(
        ForeignKey("organisation.code"), index=True, comment="In this organisation"
    )


class Leave(Base):
    """休假: days a person is away, and who stands in."""

    __tablename__ = "leave"
    __table_args__ = (
        CheckConstraint("deputy_id IS DISTINCT FROM person_id", name="deputy_is_another"),
        CheckConstraint("NOT upper_inf(valid)", name="ends"),
        valid_begins(),
        ExcludeConstraint(("person_id", "="), ("valid", "&&"), name="ex_leave_once", using="gist"),
        {"comment": "休假: days away and who stands in"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, comment="Who is away")
    deputy_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True, comment="Who stands in, if anybody"
    )
    kind: Mapped[str] = mapped_column(
        ForeignKey("leave_kind.code"), index=True, comment="Kind, from the list"
    )
    valid: Mapped[Range[date]] = mapped_column(comment="Days away, [from, until)")
