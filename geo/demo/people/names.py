"""Invented names and telephone numbers of forms that cannot be real.

Names are drawn from common surnames and given names without looking at anybody. Telephones of persons have
eleven digits and begin with 100: mobile numbers in China begin with 13 to 19, and 10 begins the short numbers
of operators' services. Telephones of offices have the area code of Pingxiang and a local number that begins
with 0, which no local number does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SURNAMES = (
    "刘 李 陈 张 黄 王 周 彭 钟 曾 吴 胡 肖 杨 欧阳 邓 贺 易 文 何 罗 谢 朱 林 叶 徐 汤 曹 邹 柳 廖 龙 甘 赖 "
    "段 万 江 颜 郭 宋 唐 袁 熊 孙 巫 荣 阳 兰 吉 姚 韩 冯 蔡 潘 田 高 丁 魏 程 余 卢 苏 戴 夏 汪 方 石 金 洪"
).split()
FEMALE = (
    "桂英 秀兰 玉珍 冬梅 春香 小红 丽华 菊香 爱萍 建英 晓燕 雪梅 金莲 美玲 海燕 慧芳 小琴 素珍 红梅 丽娟 "
    "艳萍 春兰 雅婷 思琪 欣怡 佳慧 梦洁 晓雯 婷婷 文静 萍 芳 敏 静 丽 娟 霞 玲 燕 琴 莉 洁 颖 蓉 瑶 露"
).split()
MALE = (
    "建国 志强 文华 建平 国庆 小明 水根 木生 秋生 贵生 永福 德明 光辉 家瑞 新华 卫东 志勇 海军 建华 明亮 "
    "国平 春生 长根 发明 子轩 浩然 俊杰 宇航 伟 强 勇 军 杰 涛 斌 鹏 辉 波 刚 平 明 亮 磊 超 凯 林 峰 毅"
).split()
OFFICE = "0799-0"


def person_names(rng: np.random.Generator, female: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Return one name a person; the same name may come twice, as it does in every roster."""
    count = len(female)
    surname = _drawn(rng, SURNAMES, count, fading=0.035)
    given = np.where(female, _drawn(rng, FEMALE, count), _drawn(rng, MALE, count))
    return np.asarray(surname + given, dtype=object)


def _drawn(rng: np.random.Generator, pool: list[str], count: int, fading: float = 0.0) -> NDArray[np.object_]:
    """Draw from a pool, the later entries ever more rarely."""
    odds = np.exp(-fading * np.arange(len(pool)))
    drawn: NDArray[np.object_] = rng.choice(np.array(pool, dtype=object), count, p=odds / odds.sum())
    return drawn


def phones(rng: np.random.Generator, count: int) -> list[str]:
    """Return distinct telephone numbers that can belong to nobody: 100 and eight digits.

    >>> phones(np.random.default_rng(1), 2)[0][:3]
    '100'
    """
    return [f"100{number:08d}" for number in rng.choice(80_000_000, count, replace=False) + 20_000_000]


def office_phones(count: int, first: int) -> list[str]:
    """Return telephone numbers of offices that cannot be dialled, counted up from `first`.

    >>> office_phones(2, 100)
    ['0799-0000100', '0799-0000101']
    """
    return [f"{OFFICE}{number:06d}" for number in range(first, first + count)]
