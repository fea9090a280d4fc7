"""Organisations: the centre, departments, bureaus, property companies, councils, supporting units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.demo.people.land import Land
from geo.demo.people.names import office_phones
from geo.demo.people.plan import read_plan
from geo.demo.shapes import Floats, stream

DEPARTMENTS = (
    "综合行政执法局 应急管理局 社会事务局 市场监督管理局 住房和城乡建设局 生态环境分局 人力资源服务中心 "
    "公安分局 司法所 农业农村办公室"
).split()
SUPPORTERS = (
    "财政局 税务分局 经济发展局 招商服务中心 供电分公司 供水公司 燃气公司 建设投资公司 第一幼儿园 "
    "职业培训学校 电信营业部 邮政支局 农商银行支行 医疗保障服务中心 不动产登记分中心 "
    "城市管理服务中心 产业园管理办公室 残疾人服务中心"
).split()
COMPANIES = (
    "安居 惠民 万家 和顺 金盾 玉湖 嘉源 新城 恒洁 佳和 同心 绿园 福泽 瑞安 通达 顺心 锦程 华庭 天泽 吉祥 "
    "永安 雅居 乐邻 宏兴"
).split()
COLUMNS = ["code", "kind", "name", "parent_code", "grid_code"]
CENTRE = "ORG001"


def make_organisations(seed: int, land: Land) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invent the organisations and say which of them serve which quarter.

    Returns
    -------
    organisations : pandas.DataFrame
        code, kind, name, parent_code, grid_code, phone.
    serving : pandas.DataFrame
        neighbourhood_code, organisation_code, kind (of the organisation), built_year (of the quarter).
    """
    rng = stream(seed, "organisations")
    rows: list[tuple[str, str, str | None, str | None]] = [("centre", "综治中心指挥工作平台", None, None)]
    rows += [("department", f"演示{name}", None, None) for name in DEPARTMENTS]
    rows += [
        ("bureau", f"{name}社会工作管理局", CENTRE, code)
        for code, name in land.areas[["code", "name"]].itertuples(index=False)
    ]
    units = rng.choice(land.units["code"].to_numpy(), len(SUPPORTERS), replace=False)
    rows += [
        ("supporting_unit", f"演示{name}", None, code) for name, code in zip(SUPPORTERS, units, strict=True)
    ]
    companies = len(rows)
    rows += [("property_company", f"{name}物业服务有限公司", None, None) for name in _company_names()]
    councils = len(rows)
    council_of = _with_council(rng, land)
    quarters = land.neighbourhoods.iloc[council_of]
    cells = land.cells["code"].to_numpy()[quarters["cell"]]
    rows += [
        ("quarter_council", f"{name}理事会", None, cell)
        for name, cell in zip(quarters["name"], cells, strict=True)
    ]
    table = pd.DataFrame([(f"ORG{n:03d}", *row) for n, row in enumerate(rows, start=1)], columns=COLUMNS)
    table["phone"] = office_phones(len(table), 1000)
    codes = table["code"].to_numpy()
    return table, _serving(rng, land, codes[companies:councils], council_of, codes[councils:])


def _company_names() -> list[str]:
    return COMPANIES[: read_plan()["quarters"]["companies"]]


def _quarters(land: Land) -> np.ndarray:
    return np.flatnonzero(land.neighbourhoods["kind"].to_numpy() == "quarter")


def _with_council(rng: np.random.Generator, land: Land) -> np.ndarray:
    """Choose the quarters that have a council: large ones first."""
    quarters = _quarters(land)
    homes: Floats = land.neighbourhoods["households"].to_numpy(dtype=float)[quarters]
    rank = np.argsort(-homes * rng.uniform(0.5, 1.5, len(quarters)), kind="stable")
    return np.sort(quarters[rank[: read_plan()["quarters"]["with_council"]]])


def _serving(
    rng: np.random.Generator,
    land: Land,
    companies: np.ndarray,
    council_of: np.ndarray,
    councils: np.ndarray,
) -> pd.DataFrame:
    """Let councils serve their own quarter and companies some quarters near each other."""
    quarters = _quarters(land)
    count = min(read_plan()["quarters"]["with_company"], len(quarters))
    managed = np.sort(rng.choice(quarters, count, replace=False))
    company = companies[np.arange(count) * len(companies) // max(count, 1)]
    rows = np.concatenate([council_of, managed])
    return pd.DataFrame(
        {
            "neighbourhood_code": land.neighbourhoods["code"].to_numpy()[rows],
            "organisation_code": np.concatenate([councils, company]),
            "kind": np.repeat(["quarter_council", "property_company"], [len(councils), len(company)]),
            "built_year": land.neighbourhoods["built_year"].to_numpy()[rows],
        }
    )
