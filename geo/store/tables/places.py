"""Located resources: service sites with what they offer and when, and teams."""

from __future__ import annotations

from datetime import date

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, SmallInteger, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, CodeList, CodeText, not_empty, shape, valid_begins


class SiteKind(CodeList, Base):
    """Kinds of service sites."""

    __tablename__ = "site_kind"
    __table_args__ = (
        {"comment": "Code list: culture service centre, farm library, village party history room …"},
    )


class SiteFunction(CodeList, Base):
    """What service sites offer."""

    __tablename__ = "site_function"
    __table_args__ = ({"comment": "Code list: public-good classes, elders' canteen, 24-hour reading room …"},)


class TeamKind(CodeList, Base):
    """Kinds of teams."""

    __tablename__ = "team_kind"
    __table_args__ = ({"comment": "Code list: volunteers, dispute mediation, security patrol …"},)


class ServiceSite(Base):
    """服务阵地: a place that serves people."""

    __tablename__ = "service_site"
    __table_args__ = (
        valid_begins(),
        not_empty("code"),
        not_empty("name"),
        {"comment": "服务阵地: places that serve people"},
    )

    code: Mapped[str] = mapped_column(CodeText, primary_key=True, comment="编码")
    kind: Mapped[str] = mapped_column(ForeignKey("site_kind.code"), index=True, comment="Kind, from the list")
    name: Mapped[str] = mapped_column(comment="Name shown to people")
    address: Mapped[str | None] = mapped_column(comment="Where, in words")
    phone: Mapped[str | None] = mapped_column(comment="Telephone of the site, no person's own")
    grid_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"),
        index=True,
        comment="Third-level grid it is filed under; null when in none",
    )
    building_code: Mapped[str | None] = mapped_column(
        ForeignKey("building.code"), index=True, comment="Building it is in, if known"
    )
    geom: Mapped[WKBElement] = mapped_column(shape("POINT"), comment="Place, storage CRS")
    valid: Mapped[Range[date]] = mapped_column(comment="Days it serves, [from, until)")


class SiteOpening(Base):
    """Hours of one weekday in which a site offers a function; several rows for several hours of a day."""

    __tablename__ = "site_opening"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint(
            "opens_minute >= 0 AND opens_minute < closes_minute AND closes_minute <= 1440", name="minutes"
        ),
        valid_begins(),
        ExcludeConstraint(
            ("site_code", "="),
            ("function", "="),
            ("weekday", "="),
            ("valid", "&&"),
            (text("int4range(opens_minute, closes_minute)"), "&&"),
            name="ex_site_opening_valid",
            using="gist",
        ),
        {"comment": "开放时间: what a site offers and when; round the clock is 0 to 1440 on every weekday"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    site_code: Mapped[str] = mapped_column(ForeignKey("service_site.code"), index=True, comment="Its site")
    function: Mapped[str] = mapped_column(
        ForeignKey("site_function.code"), index=True, comment="What is offered"
    )
    weekday: Mapped[int] = mapped_column(SmallInteger, comment="1 Monday to 7 Sunday")
    opens_minute: Mapped[int] = mapped_column(SmallInteger, comment="Minute of the day it opens, 0 to 1439")
    closes_minute: Mapped[int] = mapped_column(
        SmallInteger, comment="Minute of the day it closes, up to 1440 for midnight"
    )
    valid: Mapped[Range[date]] = mapped_column(comment="Days these hours hold, [from, until)")


class Team(Base):
    """队伍: volunteers, mediators, patrols, where they muster and for which grid."""

    __tablename__ = "team"
    __table_args__ = (
        CheckConstraint("declared_members IS NULL OR declared_members >= 0", name="declared_members"),
        valid_begins(),
        not_empty("code"),
        not_empty("name"),
        {"comment": "队伍: teams and where they muster"},
    )

    code: Mapped[str] = mapped_column(CodeText, primary_key=True, comment="编码")
    kind: Mapped[str] = mapped_column(ForeignKey("team_kind.code"), index=True, comment="Kind, from the list")
    name: Mapped[str] = mapped_column(comment="Name shown to people")
    phone: Mapped[str | None] = mapped_column(comment="Telephone of the team, no person's own")
    declared_members: Mapped[int | None] = mapped_column(
        comment="Members as reported; null when only those in the roster are known"
    )
    grid_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"), index=True, comment="Grid of any level it works for; null: whole zone"
    )
    geom: Mapped[WKBElement] = mapped_column(shape("POINT"), comment="Where it musters, storage CRS")
    valid: Mapped[Range[date]] = mapped_column(comment="Days it exists, [from, until)")
