"""Organisations and party organisations: departments, bureaus, property companies, councils, branches."""

from __future__ import annotations

from datetime import date

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, CodeList, CodeText, not_empty, shape, valid_begins


class OrganisationKind(CodeList, Base):
    """Kinds of organisations."""

    __tablename__ = "organisation_kind"
    __table_args__ = (
        {"comment": "Code list: department, social-work bureau, property company, council, centre …"},
    )


class PartyOrgKind(CodeList, Base):
    """Kinds of party organisations."""

    __tablename__ = "party_org_kind"
    __table_args__ = ({"comment": "Code list: party committee, general branch, branch, party group"},)


class Organisation(Base):
    """单位: who employs, manages or joins in without being a grid."""

    __tablename__ = "organisation"
    __table_args__ = (
        valid_begins(),
        not_empty("code"),
        not_empty("name"),
        {"comment": "单位: departments, bureaus, property companies, quarter councils, supporting units"},
    )

    code: Mapped[str] = mapped_column(CodeText, primary_key=True, comment="编码")
    kind: Mapped[str] = mapped_column(
        ForeignKey("organisation_kind.code"), index=True, comment="Kind, from the list"
    )
    name: Mapped[str] = mapped_column(comment="Name shown to people")
    parent_code: Mapped[str | None] = mapped_column(
        ForeignKey("organisation.code"), index=True, comment="Organisation it belongs to, if any"
    )
    grid_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"), index=True, comment="Grid of any level it works for; null: whole zone"
    )
    phone: Mapped[str | None] = mapped_column(comment="Office telephone, no person's own")
    valid: Mapped[Range[date]] = mapped_column(comment="Days it exists, [from, until)")


class NeighbourhoodOrganisation(Base):
    """Which council or property company serves a quarter, over a range of days."""

    __tablename__ = "neighbourhood_organisation"
    __table_args__ = (
        ExcludeConstraint(
            ("neighbourhood_code", "="),
            ("organisation_code", "="),
            ("valid", "&&"),
            name="ex_neighbourhood_organisation_valid",
            using="gist",
        ),
        valid_begins(),
        {"comment": "小区理事会、物业: which organisations serve a quarter or group"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    neighbourhood_code: Mapped[str] = mapped_column(
        ForeignKey("neighbourhood.code"), index=True, comment="Quarter or villager group"
    )
    organisation_code: Mapped[str] = mapped_column(
        ForeignKey("organisation.code"), index=True, comment="Council, property company …"
    )
    valid: Mapped[Range[date]] = mapped_column(comment="Days it serves, [from, until)")


class PartyOrganisation(Base):
    """党组织: a node of the tree of party organisations."""

    __tablename__ = "party_organisation"
    __table_args__ = (
        CheckConstraint("declared_members IS NULL OR declared_members >= 0", name="declared_members"),
        CheckConstraint("parent_code IS DISTINCT FROM code", name="parent_is_another"),
        valid_begins(),
        not_empty("code"),
        not_empty("name"),
        {"comment": "党组织: tree of party organisations"},
    )

    code: Mapped[str] = mapped_column(CodeText, primary_key=True, comment="编码")
    kind: Mapped[str] = mapped_column(
        ForeignKey("party_org_kind.code"), index=True, comment="Kind, from the list"
    )
    name: Mapped[str] = mapped_column(comment="Name shown to people")
    parent_code: Mapped[str | None] = mapped_column(
        ForeignKey("party_organisation.code"), index=True, comment="Organisation above; null at the top"
    )
    grid_code: Mapped[str | None] = mapped_column(
        ForeignKey("grid_code.code"), index=True, comment="Grid of any level it works in; null: whole zone"
    )
    declared_members: Mapped[int | None] = mapped_column(
        comment="Members as reported; null when only those in the roster are known"
    )
    geom: Mapped[WKBElement | None] = mapped_column(
        shape("POINT"), comment="Where it meets, storage CRS; null when not known"
    )
    valid: Mapped[Range[date]] = mapped_column(comment="Days it exists, [from, until)")


class PartyMembership(Base):
    """A person's membership of a party organisation over a range of days; one at a time."""

    __tablename__ = "party_membership"
    __table_args__ = (
        ExcludeConstraint(
            ("person_id", "="), ("valid", "&&"), name="ex_party_membership_valid", using="gist"
        ),
        valid_begins(),
        {"comment": "党员组织关系: which party organisation a person belongs to"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, comment="Who")
    party_org_code: Mapped[str] = mapped_column(
        ForeignKey("party_organisation.code"), index=True, comment="Where"
    )
    valid: Mapped[Range[date]] = mapped_column(comment="Days of membership, [from, until)")
