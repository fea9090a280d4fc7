"""逐级考核: sheets that count from the service record, and what each level says of them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, SmallInteger, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, Instant, valid_begins


class Appraisal(Base):
    """考核表: one person's sheet for a period; its figures are counted from the record when it is closed."""

    __tablename__ = "appraisal"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("NOT upper_inf(period) AND NOT lower_inf(period)", name="period_ends"),
        valid_begins("period"),
        ExcludeConstraint(("person_id", "="), ("period", "&&"), name="ex_appraisal_once", using="gist"),
        {"comment": "考核表: a person's sheet for a period, fed from the service record"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, comment="Whose")
    grid_code: Mapped[str] = mapped_column(
        ForeignKey("grid_code.code"), index=True, comment="Village or community that answers for it"
    )
    period: Mapped[Range[date]] = mapped_column(comment="Days it covers, [from, until)")
    statement: Mapped[str] = mapped_column(server_default="", comment="述职: what the person says of it")
    state: Mapped[str] = mapped_column(server_default="open", comment="open, closed")
    opened_at: Mapped[Instant] = mapped_column(server_default=text("now()"), comment="When it was opened")
    closed_at: Mapped[Instant | None] = mapped_column(comment="When it was closed; its figures stand since")


class AppraisalFigure(Base):
    """A figure of a closed sheet, as counted when it was closed."""

    __tablename__ = "appraisal_figure"
    __table_args__ = (
        CheckConstraint("count >= 0", name="count"),
        {"comment": "考核数据: counts of a closed sheet by kind of service"},
    )

    appraisal_id: Mapped[int] = mapped_column(
        ForeignKey("appraisal.id"), primary_key=True, comment="Its sheet"
    )
    kind: Mapped[str] = mapped_column(
        ForeignKey("service_kind.code"), primary_key=True, index=True, comment="Kind of service"
    )
    count: Mapped[int] = mapped_column(comment="Entries of the record in the period")


class AppraisalOpinion(Base):
    """What a level says of a sheet: first the third level, then the second, then the first."""

    __tablename__ = "appraisal_opinion"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        CheckConstraint("grade IN ('excellent', 'good', 'fair', 'poor')", name="grade"),
        {"comment": "逐级评议: grade and words of each level, from 3 up to 1"},
    )

    appraisal_id: Mapped[int] = mapped_column(
        ForeignKey("appraisal.id"), primary_key=True, comment="Its sheet"
    )
    level: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, autoincrement=False, comment="3 fine to 1 coarse"
    )
    grade: Mapped[str] = mapped_column(comment="excellent, good, fair, poor")
    comment: Mapped[str] = mapped_column(server_default="", comment="Why, in words")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True, comment="Who says so")
    at: Mapped[Instant] = mapped_column(server_default=text("now()"), comment="When")
