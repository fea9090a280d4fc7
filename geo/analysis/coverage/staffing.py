"""Staffing: grid workers, vacancies and overload of each post (rule R13)."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.analysis.coverage.hierarchy import count_distinct

#: Role that holders of a grid worker's post sign in with; zones may name the post as they like.
WORKER_ROLE = "grid_worker"
#: Who carries what is summed by.
HOLDER = ["person_id", "post"]


def carriers(assignments: pd.DataFrame) -> pd.DataFrame:
    """Keep those who carry the work: primary holders, and deputies of what has no primary holder.

    Parameters
    ----------
    assignments
        Of one day: ``person_id``, ``post``, ``rank`` (primary, deputy), ``target``.

    Examples
    --------
    >>> rows = [(1, "primary", "grid A"), (2, "deputy", "grid A"), (3, "deputy", "grid B")]
    >>> held = pd.DataFrame(rows, columns=["person_id", "rank", "target"]).assign(post="grid_head")
    >>> carriers(held)["person_id"].tolist()
    [1, 3]
    """
    primary = assignments["rank"] == "primary"
    has_primary = primary.groupby([assignments["post"], assignments["target"]]).transform("any")
    return assignments[primary | ~has_primary.astype(bool)]


def count_workers(posts: pd.DataFrame, assignments: pd.DataFrame, grids: pd.DataFrame) -> pd.Series:
    """Count grid workers: people who carry (:func:`carriers`) a grid worker's post for a grid.

    Parameters
    ----------
    posts
        Indexed by code; ``role``: a grid worker's post is one whose holders sign in as ``grid_worker``.

    Returns
    -------
    pandas.Series
        ``workers``, float64, aligned with ``grids``: different people for the grid or one below it. Who works
        for two grids counts in both, and once above them.
    """
    held = carriers(assignments[assignments["post"].isin(posts.index[posts["role"] == WORKER_ROLE])])
    kind, code = _split(held["target"])
    on_grid = (kind == "grid").to_numpy()
    return count_distinct(held["person_id"][on_grid], code[on_grid], grids).rename("workers")


def asked_buildings(posts: pd.DataFrame, buildings: pd.DataFrame, assignments: pd.DataFrame) -> pd.Series:
    """Say which buildings a post is required for, or held for: thousands are neither.

    Returns
    -------
    pandas.Series
        bool, aligned with ``buildings``.
    """
    held = assignments["target"][assignments["target"].str.startswith("building ")]
    rows = buildings.index.get_indexer(held.str.removeprefix("building "))
    asked = np.zeros(len(buildings), dtype=bool)
    asked[rows[rows >= 0]] = True
    found = pd.Series(asked, index=buildings.index)
    required = posts[posts["is_required"].astype(bool) & (posts["target"] == "building")]
    for kinds in required["required_kinds"]:
        found |= buildings["kind"].isin(kinds) if isinstance(kinds, list) else True
    return found


def vacancies(posts: pd.DataFrame, targets: gpd.GeoDataFrame, assignments: pd.DataFrame) -> gpd.GeoDataFrame:
    """List required posts that nobody holds, neither as primary nor as deputy.

    A post is required (``is_required``) for every target of its kind; for grids of ``grid_level`` only, if it
    has one; in second-level grids of ``unit_kind`` only, if it has one; of ``required_kinds`` only, if it
    has some.

    Parameters
    ----------
    posts, assignments
        As in :class:`geo.analysis.coverage.inputs.CoverageInputs`.
    targets
        As :func:`geo.analysis.coverage.targets.targets` gives them.

    Returns
    -------
    GeoDataFrame
        A row for each vacancy, in the order of posts and targets: ``post`` and the columns of ``targets``.
    """
    by_kind = dict(iter(pd.DataFrame(targets).groupby("target_kind")))
    missing = [pd.DataFrame(targets).iloc[:0].assign(post=None)]
    required = posts[posts["is_required"].astype(bool)]
    held = set(
        assignments.loc[assignments["post"].isin(required.index), ["post", "target"]].itertuples(
            index=False, name=None
        )
    )
    for code, post in required.iterrows():
        asked = by_kind.get(post["target"], missing[0])
        is_vacant = np.array([(code, target) not in held for target in asked.index], dtype=bool)
        missing.append(asked[_is_asked(post, asked) & is_vacant].assign(post=code))
    found = pd.concat([part for part in missing if len(part)] or missing[:1]).reset_index(drop=True)
    return gpd.GeoDataFrame(found, geometry="geometry", crs=targets.crs)


def _is_asked(post: pd.Series, targets: pd.DataFrame) -> pd.Series:
    asked = pd.Series(True, index=targets.index)
    if pd.notna(post["grid_level"]):
        asked &= targets["level"] == post["grid_level"]
    if pd.notna(post["unit_kind"]):
        asked &= targets["unit_kind"] == post["unit_kind"]
    if isinstance(post["required_kinds"], list):
        asked &= targets["kind"].isin(post["required_kinds"])
    return asked


def overloads(posts: pd.DataFrame, targets: gpd.GeoDataFrame, assignments: pd.DataFrame) -> gpd.GeoDataFrame:
    """List people who carry more of a post than its limits allow.

    What somebody carries are the targets of which they are among the :func:`carriers`; the households of a
    target that several people carry in the same post are divided equally among them. More targets than
    ``most_targets`` or more households than ``most_households`` is an overload.

    Returns
    -------
    GeoDataFrame
        A row for each person and post: ``person_id``, ``post``, ``targets``, ``households``, ``population``,
        ``measure`` and ``limit`` in ``unit`` (targets or households: that which is exceeded by more),
        ``grid_codes`` (of the targets), ``grid_code``, ``name`` and ``geometry`` of the target with most
        households.
    """
    limits = posts[["most_targets", "most_households"]].astype("float64")
    limited = limits.index[limits.notna().any(axis=1)]
    carried = _carried(assignments[assignments["post"].isin(limited)], targets)
    by_holder = carried.groupby(HOLDER)
    sums = by_holder[["households", "population"]].sum(min_count=1)
    over = _over(sums.assign(targets=by_holder.size()).reset_index(), limits)
    found = over.merge(_where(carried.merge(over[HOLDER], on=HOLDER), targets), on=HOLDER, how="left")
    return gpd.GeoDataFrame(found, geometry="geometry", crs=targets.crs)


def _carried(assignments: pd.DataFrame, targets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Who carries which target, by its row, with how many households and people of it."""
    held = carriers(assignments)
    held = held.assign(row=targets.index.get_indexer(held["target"].to_numpy(dtype=object)))
    held = held[held["row"] >= 0]
    sharers = held.groupby(["post", "row"])["person_id"].transform("nunique").to_numpy()
    shares = {name: targets[name].to_numpy()[held["row"]] / sharers for name in ("households", "population")}
    return held[[*HOLDER, "row"]].assign(**shares)


def _where(carried: pd.DataFrame, targets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Where people carry a post: all grids, and name and point of the target with most households."""
    columns = pd.DataFrame(targets[["grid_code", "name", "geometry"]].iloc[carried["row"]])
    rows = pd.concat([carried.reset_index(drop=True), columns.reset_index(drop=True)], axis=1)
    by_holder = rows.sort_values(["households", "row"], ascending=[False, True]).groupby(HOLDER)
    codes = by_holder["grid_code"].agg(lambda found: tuple(sorted(set(found.dropna()))))
    main = by_holder[["grid_code", "name", "geometry"]].first()
    return main.assign(grid_codes=codes).reset_index()


def _over(sums: pd.DataFrame, limits: pd.DataFrame) -> pd.DataFrame:
    allowed = limits.reindex(sums["post"].to_numpy()).set_axis(sums.index)
    times = pd.DataFrame(
        {
            "targets": sums["targets"] / allowed["most_targets"],
            "households": sums["households"] / allowed["most_households"],
        }
    ).fillna(0.0)
    by_targets = times["targets"] >= times["households"]
    return sums.assign(
        measure=sums["households"].where(~by_targets, sums["targets"].astype("float64")),
        limit=allowed["most_households"].where(~by_targets, allowed["most_targets"]),
        unit=by_targets.map({True: "targets", False: "households"}),
    )[(times > 1).any(axis=1)].reset_index(drop=True)


def count_overloads(found: pd.DataFrame, grids: pd.DataFrame) -> pd.Series:
    """Count in each grid the :func:`overloads` that have a target in it or below it.

    Returns
    -------
    pandas.Series
        ``overloads``, float64, aligned with ``grids``.
    """
    rows = found["grid_codes"].explode().dropna()
    return count_distinct(pd.Series(rows.index), rows, grids).rename("overloads")


def _split(target: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Kind and code of targets."""
    parts = target.str.split(" ", n=1, expand=True).reindex(columns=[0, 1])
    return parts[0], parts[1]
