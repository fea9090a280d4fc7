"""The examples in the docstrings of the measures are true."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

COVERAGE = "coverage.hierarchy coverage.load coverage.reach coverage.staffing coverage.view".split()


@pytest.mark.parametrize("name", ["cells", "density", "hotspots", "opening", *COVERAGE])
def test_examples(name: str) -> None:
    result = doctest.testmod(import_module(f"geo.analysis.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
