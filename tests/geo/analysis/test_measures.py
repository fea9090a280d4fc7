"""Density and coverage: aligned with the grids, honest about what cannot be divided or counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.analysis.coverage import coverage, outside_band
from geo.analysis.density import count_by_grid, density
from geo.errors import InvalidInput


@pytest.fixture
def grids() -> pd.DataFrame:
    return pd.DataFrame(
        {"households": [500, 0, 100], "buildings": [40, 3, 10], "area_km2": [0.5, 2.0, 0.0]},
        index=pd.Index(["C", "A", "B"], name="code"),
    )


def test_counts_keep_the_order_of_the_grids(grids: pd.DataFrame) -> None:
    counted = count_by_grid(pd.Series(["A", "C", "C", None, "elsewhere"]), grids)
    assert counted.to_dict() == {"C": 2, "A": 1, "B": 0}
    assert counted.index.equals(grids.index)


def test_nothing_to_divide_by_is_unknown_not_infinite(grids: pd.DataFrame) -> None:
    found = density(grids, pd.Series({"A": 4, "B": 1, "C": 10}))
    assert found["per_1000_households"].tolist()[0] == 20.0
    assert np.isnan(found.loc["A", "per_1000_households"])
    assert np.isnan(found.loc["B", "per_km2"])
    assert found["count"].dtype == "int64"


def test_cases_that_would_be_lost_are_refused(grids: pd.DataFrame) -> None:
    with pytest.raises(InvalidInput, match="'Z', which is none of the grids"):
        density(grids, pd.Series({"Z": 1}))
    with pytest.raises(InvalidInput, match="'A' is counted twice"):
        density(grids, pd.Series([1, 2], index=["A", "A"]))


def test_coverage_takes_people_where_they_are_known(grids: pd.DataFrame) -> None:
    assert "population" not in coverage(grids)
    found = coverage(grids.assign(population=[1500, 0, 300]))
    assert found.loc["C", "population_per_km2"] == 3000.0
    assert np.isnan(found.loc["B", "households_per_km2"])


@pytest.mark.parametrize(("households", "expected"), [(299, -1), (300, 0), (500, 0), (501, 1)])
def test_the_band_includes_its_ends(households: int, expected: int) -> None:
    assert outside_band(pd.DataFrame({"households": [households]}), (300, 500)).tolist() == [expected]
