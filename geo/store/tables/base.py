"""What every table shares: one metadata, names for constraints, column types with a meaning."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

#: Storage reference system of a new database (CGCS2000); ``geo.store.zones`` changes it for an empty one.
DEFAULT_SRID = 4490

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

#: Codes sort byte by byte, so that "lowest code" means the same on every server.
CodeText = Text(collation="C")
Code = Annotated[str, mapped_column(CodeText)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a class attribute
        str: Text,
        Range[date]: DATERANGE,
    }


def shape(kind: str) -> Geometry:
    """Column type of a geometry of one kind in the storage reference system, with a spatial index."""
    return Geometry(kind, srid=DEFAULT_SRID, spatial_index=True)


class CodeList:
    """Columns of an editable list of codes with names in two languages."""

    code: Mapped[str] = mapped_column(CodeText, primary_key=True, comment="Stable key, lower_snake_case")
    name_zh: Mapped[str] = mapped_column(comment="Name on Chinese pages")
    name_en: Mapped[str] = mapped_column(comment="Name on English pages")
    sort: Mapped[int] = mapped_column(default=0, server_default="0", comment="Order in lists")
    active: Mapped[bool] = mapped_column(
        default=True, server_default="true", comment="False: no longer offered, old rows keep it"
    )


def not_empty(column: str) -> CheckConstraint:
    """Check that a code or name is not blank and has no blanks at its ends."""
    return CheckConstraint(f"{column} <> '' AND {column} = btrim({column})", name=f"{column}_not_blank")


def valid_begins(column: str = "valid") -> CheckConstraint:
    """Check that a range of days is not empty and has a first day."""
    return CheckConstraint(f"NOT isempty({column}) AND NOT lower_inf({column})", name=f"{column}_begins")
