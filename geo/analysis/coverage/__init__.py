"""Coverage of a zone: what grids have to look after, who and what is there for it, and what is missing.

One question a file, frames in, index-aligned series and frames out; :func:`measure` asks them all. The
definition of every measure stands in ``docs/coverage.md``.
"""

from __future__ import annotations

from geo.analysis.coverage.inputs import CoverageInputs
from geo.analysis.coverage.load import coverage, outside_band
from geo.analysis.coverage.measure import MEASURES, Coverage, measure

__all__ = ["MEASURES", "Coverage", "CoverageInputs", "coverage", "measure", "outside_band"]
