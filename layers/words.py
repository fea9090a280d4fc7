"""Every word a map shows, in Chinese and English, in one place."""

from __future__ import annotations

from typing import Literal, get_args

from geo.errors import InvalidInput
from layers.coverage_words import WORDS as COVERAGE_WORDS

Lang = Literal["zh", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    # level labels unless the zone names its own
    "level_1": ("一级网格", "First level"),
    "level_2": ("二级网格", "Second level"),
    "level_3": ("三级网格", "Third level"),
    # measures
    "households": ("户数", "Households"),
    "households.short": ("户数", "Households"),
    "households.unit": ("户", "households"),
    "households_per_km2": ("户密度", "Household density"),
    "households_per_km2.short": ("户密度", "per km²"),
    "households_per_km2.unit": ("户/平方公里", "households per km²"),
    "buildings": ("楼栋数", "Buildings"),
    "buildings.short": ("楼栋数", "Buildings"),
    "buildings.unit": ("栋", "buildings"),
    "count": ("事件数", "Cases"),
    "count.short": ("件数", "Cases"),
    "count.unit": ("件", "cases"),
    "per_1000_households": ("千户事件数", "Cases per 1,000 households"),
    "per_1000_households.short": ("每千户", "per 1,000 hh"),
    "per_1000_households.unit": ("件/千户", "cases per 1,000 households"),
    "per_km2": ("事件密度", "Case density"),
    "per_km2.short": ("每平方公里", "per km²"),
    "per_km2.unit": ("件/平方公里", "cases per km²"),
    "area_km2": ("面积", "Area"),
    "area_km2.unit": ("平方公里", "km²"),
    "population": ("人口", "Population"),
    "population.unit": ("人", "people"),
    # maps
    "coverage": ("网格覆盖图", "Grid coverage"),
    "density": ("事件密度图", "Case density"),
    # classes from low to high, by how many there are
    "class_1": ("全部相同", "all the same"),
    "class_2": ("较低|较高", "lower|higher"),
    "class_3": ("低|中|高", "low|medium|high"),
    "class_4": ("低|较低|较高|高", "low|fairly low|fairly high|high"),
    "class_5": ("低|较低|中等|较高|高", "low|fairly low|medium|fairly high|high"),
    "class_6": ("很低|低|较低|较高|高|很高", "very low|low|fairly low|fairly high|high|very high"),
    "class_7": (
        "很低|低|较低|中等|较高|高|很高",
        "very low|low|fairly low|medium|fairly high|high|very high",
    ),
    "no_data": ("无数据", "no data"),
    "grids_counted": ("{n} 个", "{n}"),
    "grids_total": ("共 {n} 个网格", "{n} grids"),
    # schemes of mapclassify
    "scheme": ("分级方法", "Classes"),
    "FisherJenks": ("自然断点", "natural breaks (Fisher-Jenks)"),
    "Quantiles": ("分位数", "quantiles"),
    "EqualInterval": ("等间距", "equal intervals"),
    "Percentiles": ("百分位", "percentiles"),
    "StdMean": ("标准差", "standard deviations"),
    "HeadTailBreaks": ("头尾分割", "head/tail breaks"),
    "MaximumBreaks": ("最大间断", "maximum breaks"),
    "UserDefined": ("逐值", "one class a value"),
    # controls
    "color_by": ("着色层级", "Colour by"),
    "measure": ("指标", "Measure"),
    "show": ("显示", "Show"),
    "borders": ("{level}边界", "{level} borders"),
    "labels": ("名称与数值", "Names and figures"),
    "fill": ("分级着色", "Colours"),
    "layer.ground": ("道路水系", "Roads and water"),
    "layer.buildings": ("楼栋", "Buildings"),
    "heat": ("热力图", "Heat map"),
    "basemap": ("在线底图", "Online base map"),
    "legend": ("图例", "Legend"),
    "search": ("搜索网格名称或编码", "Search grids by name or code"),
    "search_none": ("没有匹配的网格", "No grid matches"),
    "zoom_in": ("放大", "Zoom in"),
    "zoom_out": ("缩小", "Zoom out"),
    "whole_zone": ("全图", "Whole zone"),
    "close": ("关闭", "Close"),
    "panel": ("图例与图层", "Legend and layers"),
    # card
    "code": ("编码", "Code"),
    "belongs_to": ("所属网格", "Grid chain"),
    "children": ("下级网格", "Grids below"),
    "heat_scale": ("事件密集程度（随视野变化）", "How densely cases lie, for the view"),
    "heat_low": ("少", "few"),
    "heat_high": ("多", "many"),
    "empty": ("没有网格可显示", "No grids to show"),
    # a place that was clicked
    "place.building": ("楼栋", "Building"),
    "place.nearest_building": ("最近楼栋", "Nearest building"),
    "place.no_building": ("200米内没有楼栋", "none within 200 m"),
    "place.neighbourhood": ("小区（小组）", "Quarter or group"),
    "place.nearest_grid": ("最近网格", "Nearest grid"),
    "place.coordinates": ("经纬度", "Lon, lat"),
    "place.away": ("距此 {n} 米", "{n} m away"),
    "place.far": ("距此 {n} 公里", "{n} km away"),
    "place.outside": ("不在任何网格内", "Outside every grid"),
    "place.asking": ("正在查询此处…", "Looking this place up …"),
    "place.failed": (
        "此处信息查询失败，请检查网络或重新登录后再试",
        "This place could not be looked up; check the connection, or sign in again",
    ),
    # kinds of grid
    "kind.area": ("片区", "area"),
    "kind.village": ("村", "village"),
    "kind.community": ("社区", "community"),
    "kind.residential": ("居住网格", "residential"),
    "kind.rural": ("农村网格", "rural"),
    "kind.industrial": ("产业网格", "industrial"),
    "kind.mixed": ("混合网格", "mixed"),
    "kind.other": ("其他", "other"),
} | COVERAGE_WORDS


def check_lang(lang: str) -> Lang:
    """Return ``lang`` if it is a language the maps speak, else raise.

    Raises
    ------
    InvalidInput
        For anything but ``zh`` and ``en``.
    """
    for known in get_args(Lang):
        if lang == known:
            return known  # type: ignore[no-any-return]  # get_args is untyped
    raise InvalidInput(f"language {lang!r} is not spoken by the maps; use zh or en")


def say(key: str, lang: Lang, **values: object) -> str:
    """Return the words for ``key`` in ``lang``, with ``values`` filled in.

    >>> say("grids_total", "en", n=138)
    '138 grids'
    """
    text = _WORDS[key][0 if lang == "zh" else 1]
    return text.format(**values) if values else text


def has_words(key: str) -> bool:
    """Return whether there are words for ``key``."""
    return key in _WORDS


def class_words(count: int, lang: Lang) -> list[str]:
    """Return words for ``count`` classes from low to high (1 to 7).

    >>> class_words(3, "en")
    ['low', 'medium', 'high']
    """
    return say(f"class_{count}", lang).split("|")


def vocabulary(lang: Lang) -> dict[str, str]:
    """Return all words in one language, for the modules that run in the browser."""
    return {key: say(key, lang) for key in _WORDS}
