"""Invented names: streets, quarters, sites; and which true unit name goes where."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.demo.partition import COMMUNITIES
from geo.demo.roads import Lines
from geo.demo.shapes import Floats, stream
from geo.demo.terrain import Terrain

UNITS_FILE = Path(__file__).with_name("units.csv")
TOWNS_ROUND = ("福田镇", "赤山镇", "彭高镇", "白源街街道", "青山镇", "凤凰街街道")
NUMERALS = "一二三四五六七八九十"
STREETS = (
    "人民路 建设路 解放路 朝阳路 迎宾路 凤凰路 玉湖路 金陵路 上湾路 鹅湖路 登岸路 洪山路 百合路 金山路 "
    "万龙路 文化路 体育路 公园路 府前路 站前路 学院路 新华路 光明路 和平路 团结路 幸福路 康庄路 昌盛路 "
    "兴业路 富民路 青云路 紫荆路 桂花路 香樟路 银杏路 杜鹃路 翠竹路 芙蓉路 锦绣路 春晖路 秋收路 楚萍路 "
    "韶山路 井冈路 赣湘路"
).split()
AVENUES = (
    "迎宾大道 楚天大道 安康大道 福田大道 彭高大道 赤山大道 白源大道 青山大道 凤栖大道 玉川大道 "
    "武功大道 昭萍大道"
).split()
QUARTER_HEADS = (
    "锦绣 玉湖 凤凰 金陵 翠湖 阳光 御景 碧水 香樟 桂苑 紫金 龙泉 福星 盛世 书香 江南 东方 丽景 天成 万和 "
    "鸿运 祥和 滨江 云溪 梧桐 清华 中央 城市 康馨 幸福 聚贤 瑞景 嘉禾 玫瑰 海棠 银杏 明珠 世纪 和谐 秀水"
).split()
QUARTER_TAILS = "花园 家园 小区 苑 新村 名邸 公馆 雅苑 华庭 新城".split()
FIRMS = "恒泰 鑫源 华盛 江达 通宇 宏基 永兴 瑞丰 天工 远博 新材 汇能 正和 精诚 联创 安冶 昌业 科锐".split()
TRADES = "新材料 电瓷 机械 食品 电子 建材 服饰 环保设备 汽配 陶瓷 包装 医药".split()
SITE_WORDS = {
    "hospital": "人民医院 中医院", "government": "管理委员会", "mall": "中心广场 万象城",
    "college": "职业技术学院", "stadium": "体育中心", "station": "汽车客运站",
}  # fmt: skip


def true_units() -> pd.DataFrame:
    """Return the 29 true names: columns name, kind, statistical_code, town (all text)."""
    return pd.read_csv(UNITS_FILE, dtype=str, encoding="utf-8")


def name_units(seed: int, units: NDArray[np.object_], terrain: Terrain) -> pd.DataFrame:
    """Give each second-level unit a true name: villages of one town lie together, 玉湖社区 has the lake.

    Returns
    -------
    pandas.DataFrame
        name, kind, town; row number is the unit's index in the partition.
    """
    rng = stream(seed, "unit names")
    known = true_units()
    centres = shapely.get_coordinates(shapely.centroid(units))
    bearing = (np.arctan2(centres[:, 1], -centres[:, 0]) + rng.uniform(0, 2 * np.pi)) % (2 * np.pi)
    villages = known[known["kind"].eq("village")].copy()
    villages["round"] = villages["town"].map({town: i for i, town in enumerate(TOWNS_ROUND)})
    result = pd.DataFrame(index=range(len(units)), columns=["name", "kind", "town"], dtype=object)
    rows = COMMUNITIES + np.argsort(bearing[COMMUNITIES:], kind="stable")
    result.loc[rows] = villages.sort_values("round", kind="stable")[["name", "kind", "town"]].to_numpy()
    communities = known[known["kind"].eq("community")].set_index("name")
    free = list(range(COMMUNITIES))
    lake = int(np.argmin(shapely.distance(units[:COMMUNITIES], terrain.town_lake.centroid)))
    xiashi = centres[result.index[result["name"].eq("硖石村")][0]]
    by_distance = [int(i) for i in np.argsort(np.hypot(*(centres[:COMMUNITIES] - xiashi).T)) if i != lake]
    chosen = {"玉湖社区": lake, "硖石社区": by_distance[0]}
    rest = [name for name in rng.permutation(communities.index.to_numpy()) if name not in chosen]
    free = [unit for unit in free if unit not in chosen.values()]
    chosen |= dict(zip(rest, free, strict=True))
    for name, unit in chosen.items():
        result.loc[unit] = [name, "community", communities.loc[name, "town"]]
    return result


def name_streets(seed: int, lines: Lines) -> dict[str, str]:
    """Return the name of each street by its key; lanes have none."""
    rng = stream(seed, "street names")
    streets, avenues = _endless(rng, STREETS, "{}{}段"), _endless(rng, AVENUES, "{}{}段")
    banks = _endless(rng, [f"滨江{word}路" for word in "北南东西"], "{}{}段")
    names: dict[str, str] = {
        "express": "萍西高速",
        "railway": "萍城铁路",
        "ring": "环城大道",
        "lake": "环湖路",
        "park border": "园区外环路",
    }
    for key in dict.fromkeys(key for _, key, _ in lines):
        kind, *numbers = key.split()
        if kind == "street":
            names[key] = next(streets)
        elif kind == "radial":
            names[key] = next(avenues)
        elif kind == "bank":
            names[key] = next(banks)
        elif kind == "park" and len(numbers) == 2:
            word = "工业" if numbers[0] == "0" else "创业"
            names[key] = f"{word}{chinese_number(int(numbers[1]) + 1)}路"
        elif kind == "country":
            names[key] = f"X{301 + int(numbers[0])}县道"
    return names


def _endless(rng: np.random.Generator, pool: list[str], again: str) -> Iterator[str]:
    """Give the names of a pool in random order; when they are used up, once more with a number."""
    shuffled = [str(name) for name in rng.permutation(pool)]
    for round_ in itertools.count(1):
        yield from (
            shuffled if round_ == 1 else (again.format(name, chinese_number(round_)) for name in shuffled)
        )


def chinese_number(value: int) -> str:
    """Return 1 to 99 in Chinese numerals.

    >>> chinese_number(7), chinese_number(12), chinese_number(30)
    ('七', '十二', '三十')
    """
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else NUMERALS[tens - 1] + "十")
    return head + (NUMERALS[ones - 1] if ones else "")


def name_sites(seed: int, sites: list[tuple[str, str]]) -> dict[str, str]:
    """Return the name of each quarter and campus.

    Parameters
    ----------
    sites
        Key (「quarter 12」, 「school 3」) and the community's name without 社区, in the order of naming.
    """
    rng = stream(seed, "site names")
    quarters = _endless(rng, [head + tail for head in QUARTER_HEADS for tail in QUARTER_TAILS], "{}{}期")
    firms = _endless(rng, [head + trade for head in FIRMS for trade in TRADES], "{}{}厂")
    taken: dict[str, int] = {}
    names: dict[str, str] = {}
    for key, place in sites:
        use = key.split()[0]
        words = SITE_WORDS.get(use, "").split()
        if use == "quarter":
            names[key] = next(quarters)
        elif use in ("factory", "works"):
            names[key] = f"{next(firms)}{'有限公司' if use == 'factory' else '仓储园'}"
        elif words:
            base = words[min(taken.get(use, 0), len(words) - 1)]
            taken[use] = taken.get(use, 0) + 1
            names[key] = base
        else:
            base = (
                place
                + {
                    "school": "学校",
                    "market": "农贸市场",
                    "park": "公园",
                    "square": "文化广场",
                    "office": "商务中心",
                    "shops": "商业街",
                }[use]
            )
            taken[base] = taken.get(base, 0) + 1
            names[key] = base if taken[base] == 1 else f"{base}{chinese_number(taken[base])}区"
    return names


def reading_order(points: Floats) -> Floats:
    """Return the order in which places are numbered: rows from north to south, each from west to east."""
    count = len(points)
    rows = max(1, round(np.sqrt(count)))
    north_first = np.argsort(-points[:, 1], kind="stable")
    order: list[int] = []
    for row in np.array_split(north_first, rows):
        order += [int(i) for i in row[np.argsort(points[row, 0], kind="stable")]]
    return np.array(order, dtype=np.int64)
