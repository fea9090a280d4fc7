"""Why a row has no place, as numbers for arrays and as words for people."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """What became of a row; the words are those of incidents."""

    INSIDE = 0
    OUTSIDE = 1
    NO_COORDINATES = 2
    NULL_ISLAND = 3

    @property
    def word(self) -> str:
        """As it is written into ``place_status``."""
        return self.name.lower()


class Reason(IntEnum):
    """Why a row has no place; NONE when it has one."""

    NONE = 0
    MISSING = 1
    NO_NUMBER = 2
    NOT_FINITE = 3
    SWAPPED = 4
    NOT_ON_EARTH = 5
    NOT_TRANSFORMED = 6
    NULL_ISLAND = 7
    NO_GEOMETRY = 8
    BAD_GEOMETRY = 9
    BROKEN_ROW = 10

    @property
    def words(self) -> str:
        """As it is written into ``place_reason``."""
        return _WORDS[self]


_WORDS = {
    Reason.NONE: "",
    Reason.MISSING: "no coordinates",
    Reason.NO_NUMBER: "a coordinate is not a number",
    Reason.NOT_FINITE: "a coordinate is infinite",
    Reason.SWAPPED: "not on Earth: longitude and latitude seem to be swapped",
    Reason.NOT_ON_EARTH: "not on Earth: longitude is within ±180, latitude within ±90",
    Reason.NOT_TRANSFORMED: "cannot be transformed from the CRS declared",
    Reason.NULL_ISLAND: "at 0,0",
    Reason.NO_GEOMETRY: "no geometry, or an empty one",
    Reason.BAD_GEOMETRY: "the geometry cannot be read",
    Reason.BROKEN_ROW: "the row is broken: more or fewer fields than the header, or no JSON object",
}

#: Column by which readers mark rows that they could not read whole; it is never written.
BROKEN = "\0broken"
