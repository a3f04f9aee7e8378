"""教材版本 by their short names: 人教, 北师大, 部编, 人教A版, 外研版, PEP. Pure."""

import re
from collections.abc import Iterable, Mapping

from search.normalise import normalise
from search.understanding.rows import EditionRow

UNIFIED, PEP = "统编版", "人教版"  # the ministry's own books, and the house that prints them
UNIFIED_NAMES = ("部编版", "部编", "统编版", "统编", "部编本", "统编本", "部编人教版", "人教部编版")

SHORT: Mapping[str, tuple[str, ...]] = {  # name in the table -> what people say beside it
    "外研社版": ("外研版", "外研"),
    "华东师大版": ("华师大版", "华师版", "华师大", "华师"),
    "北师大版": ("北师版", "北师"),
    "沪科技版": ("沪科版", "沪科"),
    "沪科教版": ("沪科教",),
    "湘文艺版": ("湘艺版",),
    "人教版": ("人教社版", "pep", "人民教育出版社", "新目标", "新目标版"),
    "苏教版": ("江苏版",),
    "清华大学版": ("清华版",),
    "浙人美版": ("浙美版",),
    "西南师大版": ("西师版", "西师大版"),
}

ENGLISH = frozenset({"pep", "新目标", "新目标版"})
"""Called so only of the books for English."""

# 北京 and 青岛 are towns before they are editions: without 版 only what ends like a publisher is one.
_PUBLISHER = re.compile(r".{1,3}(?:教|科|师大|美|音|人|少|社)|译林|统编")
_SUPPLEMENT = re.compile(r"\([^()]*\)|三年级起点|一年级起点")


def base(name: str) -> str:
    """人教版 of 人教版（PEP）（三年级起点）（主编：吴欣） and of 配套人教版."""
    return _SUPPLEMENT.sub("", normalise(name)).strip().removeprefix("配套")


def spellings(rows: Iterable[EditionRow]) -> dict[str, tuple[str, ...]]:
    """Each spelling -> ids of the editions it means."""
    rows = list(rows)
    families: dict[str, list[str]] = {}
    found: dict[str, dict[str, None]] = {}

    def add(spelling: str, ids: Iterable[str]) -> None:
        if len(spelling) > 1:
            found.setdefault(spelling, {}).update(dict.fromkeys(ids))

    for row in rows:
        families.setdefault(base(row.name), []).append(row.id)
        add(normalise(row.name), [row.id])
        if letter := re.search(r"\(([a-z])版\)", normalise(row.name)):
            root = base(row.name).removesuffix("版")
            for spelling in (f"{root}{letter[1]}版", f"{root}版{letter[1]}版", f"{root}{letter[1]}", f"{letter[1]}版"):
                add(spelling, [row.id])
    unified = families.get(UNIFIED, [])
    for name, ids in families.items():
        wide = [*ids, *unified] if name == PEP else ids
        short = name.removesuffix("版")
        for spelling in (name, *([short] if _PUBLISHER.fullmatch(short) else ()), *SHORT.get(name, ())):
            add(spelling, wide)
    for spelling in UNIFIED_NAMES:
        add(spelling, unified)
    return {spelling: tuple(ids) for spelling, ids in found.items() if ids}
