"""How much a file may ask of us; each limit is a parameter so that tests and servers choose their own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds beyond which a file is refused.

    Attributes
    ----------
    file_bytes
        Size of the file itself.
    unpacked_bytes
        Size of everything an archive or compressed file holds.
    unpacked_ratio
        Unpacked to packed size, once more than ``ratio_from_bytes`` are unpacked.
    members
        Files in an archive.
    features
        Rows or features read as polygons or lines.
    vertices, feature_vertices
        Vertices of all features together, and of one.
    """

    file_bytes: int = 4 * 1024**3
    unpacked_bytes: int = 8 * 1024**3
    unpacked_ratio: float = 200.0
    ratio_from_bytes: int = 10 * 1024**2
    members: int = 1000
    features: int = 5_000_000
    vertices: int = 50_000_000
    feature_vertices: int = 2_000_000


DEFAULT_LIMITS = Limits()
