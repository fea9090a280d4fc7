"""Hot spots: where values are high together, beyond chance (Getis and Ord's local G*)."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import pandas as pd
from libpysal.graph import Graph

from geo.errors import InvalidInput


def hot_spots(
    values: pd.Series, graph: Graph, *, permutations: int = 9999, alpha: float = 0.05, seed: int = 20260101
) -> pd.DataFrame:
    """Find places whose neighbourhood, themselves included, is higher or lower than chance would have it.

    Parameters
    ----------
    values
        One number for each place, such as cases per 1,000 households; none missing.
    graph
        Who is whose neighbour: a ``libpysal.graph.Graph`` whose ids are the index of ``values``; only whether
        they are neighbours counts.
    permutations
        Times the other values are shuffled. The smallest p possible is 1 / (permutations + 1).
    alpha
        Share of false discoveries allowed among what is called hot, and cold (Benjamini and Hochberg).
    seed
        Same seed, same answer.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``values``; the field's names: ``Gs`` the statistic, ``Zs`` its standard score, ``p_sim``
        the one-sided pseudo p-value (NaN without a neighbour); then ``hot`` and ``cold``.

    Raises
    ------
    InvalidInput
        Values are missing, negative or all the same, or the graph is of other places.

    Notes
    -----
    Getis and Ord (1992), Ord and Getis (1995), by ``esda.G_Local(star=True)``. Hot and cold are two
    questions, each asked of one tail and each with its own ``esda.fdr``. To call k of n places hot, p has to
    come down to k × alpha / n: for many places ask for more permutations.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> x, y = [i % 9 for i in range(81)], [i // 9 for i in range(81)]
    >>> cells = gpd.GeoDataFrame(geometry=[shapely.box(*c, c[0] + 1, c[1] + 1) for c in zip(x, y)])
    >>> values = pd.Series(1.0, index=cells.index)
    >>> values[[0, 1, 2, 9, 10, 11, 18, 19, 20]] = 10.0
    >>> found = hot_spots(values, Graph.build_contiguity(cells, rook=False))
    >>> found.index[found["hot"]].tolist()
    [0, 1, 9, 10, 11, 19]
    """
    import esda  # noqa: PLC0415 - seconds to load, and only analyses need it

    _check(values, graph)
    with warnings.catch_warnings():
        # G_Local does not let us choose the alternative it announces a change of; "directed" is what we want.
        warnings.filterwarnings("ignore", "The alternative hypothesis", DeprecationWarning)
        local = esda.G_Local(
            values.to_numpy(dtype=float),
            graph.transform("B").assign_self_weight(1),
            transform="B",
            star=True,
            permutations=permutations,
            keep_simulations=False,
            n_jobs=1,
            seed=seed,
        )
    # With no neighbour to shuffle every simulation equals the observation, which would pass for extreme.
    p_sim = np.where(values.index.isin(graph.isolates), np.nan, local.p_sim)
    high, low = local.Zs > 0, local.Zs < 0
    return pd.DataFrame(
        {
            "Gs": local.Gs,
            "Zs": local.Zs,
            "p_sim": p_sim,
            "hot": high & _beyond_chance(np.where(high, p_sim, 1 - p_sim), alpha),
            "cold": low & _beyond_chance(np.where(low, p_sim, 1 - p_sim), alpha),
        },
        index=values.index,
    )


def _beyond_chance(p: npt.NDArray[np.float64], alpha: float) -> npt.NDArray[np.bool_]:
    """Benjamini and Hochberg's choice among the p-values that are known."""
    import esda  # noqa: PLC0415 - as above

    known = np.isfinite(p)
    return known & (p <= esda.fdr(p[known], alpha)) if known.any() else known


def relative_risk(count: pd.Series, exposure: pd.Series, *, prior: float = 1.0) -> pd.Series:
    """Hold the cases of each place against those its exposure would lead one to expect.

    Parameters
    ----------
    count
        Cases of each place.
    exposure
        What they are held against, aligned with ``count``: households, or cases of all kinds.
    prior
        Cases' worth of belief that nothing is unusual: a hamlet with one case is no hot spot.

    Returns
    -------
    pandas.Series
        ``relative_risk``, aligned with ``count``: 1 as expected, 2 twice as many.

    Raises
    ------
    InvalidInput
        The indexes differ, or nothing is exposed.

    Notes
    -----
    The mean of the gamma posterior of a Poisson ratio (Clayton and Kaldor 1987) with a prior of mean 1.

    Examples
    --------
    >>> relative_risk(pd.Series([50, 10, 1, 0]), pd.Series([1000, 1000, 1, 0])).round(2).tolist()
    [1.62, 0.35, 1.94, 1.0]
    """
    if not count.index.equals(exposure.index):
        raise InvalidInput("count and exposure have different indexes; align them first")
    total = float(exposure.sum())
    if not total > 0:
        raise InvalidInput("nothing is exposed: the exposures sum to 0; choose another exposure")
    expected = exposure * (float(count.sum()) / total)
    return ((count + prior) / (expected + prior)).rename("relative_risk")


def _check(values: pd.Series, graph: Graph) -> None:
    numbers = values.to_numpy(dtype=float)
    if not np.isfinite(numbers).all():
        raise InvalidInput(
            f"{int((~np.isfinite(numbers)).sum())} values are missing; drop or fill them first"
        )
    if (numbers < 0).any():
        raise InvalidInput(f"value {numbers.min()} is negative; the statistic G needs values from 0 up")
    if len(numbers) < 2 or np.ptp(numbers) == 0:
        raise InvalidInput("all values are the same; nothing can be higher than the rest")
    if not graph.unique_ids.equals(values.index.rename(graph.unique_ids.name)):
        raise InvalidInput("the graph is of other places than the values; build it from the same frame")
