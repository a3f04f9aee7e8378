"""Words that mean the same, for the question only: no document is written again when an editor changes them. Pure."""

from collections.abc import Iterable

from search.normalise import normalise
from search.query import MAX_OTHERS

FIRST: tuple[tuple[str, ...], ...] = (
    ("pH值", "pH", "酸碱度", "酸碱性"),
    ("DNA", "脱氧核糖核酸"),
    ("RNA", "核糖核酸"),
    ("勾股定理", "勾股定律", "毕达哥拉斯定理"),
    ("酸碱盐", "酸、碱、盐"),
    ("图像", "图象"),
    ("圆周率", "π"),
    ("牛顿第二定律", "F=ma"),
    ("阿基米德原理", "阿基米德定律"),
    ("能量守恒", "能量守恒定律", "能量的转化和守恒"),
    ("二元一次方程组", "二元一次方程"),
    ("国画", "中国画"),
    ("古诗", "古诗词", "诗词"),
    ("作文", "习作", "写作"),
    ("应用题", "实际问题", "解决问题"),
    ("复习", "整理和复习", "总复习"),
    ("抗战", "抗日战争"),
    ("防溺水", "溺水"),
    ("心理健康", "心理"),
    ("人工智能", "AI"),
    ("编程", "程序设计"),
    ("三视图", "视图"),
    ("马铃薯", "土豆"),
    ("整本书阅读", "名著阅读", "名著导读"),
    ("自然拼读", "phonics"),
    ("项目化学习", "项目式学习", "项目学习", "PBL"),
)
SECOND: tuple[tuple[str, ...], ...] = (
    ("绘本", "picture book"),
    ("听力", "listening"),
    ("笔友", "pen pal", "penpal"),
    ("问路", "asking the way"),
    ("被动语态", "passive voice"),
    ("一般过去时", "过去时", "过去式"),
    ("中秋", "中秋节"),
    ("腊八", "腊八节"),
    ("端午", "端午节"),
    ("重阳", "重阳节"),
    ("元宵", "元宵节"),
    ("特殊教育", "特教"),
    ("保育师", "保育员"),
    ("托育", "托班"),
    ("长跑", "耐久跑", "耐力跑"),
    ("磁铁", "吸铁石"),
    ("听评课", "评课", "课堂观察"),
    ("菜场", "菜市场"),
    ("泡茶", "冲泡", "沏茶"),
    ("测血压", "量血压"),
    ("鲁滨逊", "鲁滨孙"),
    ("研学", "研学旅行"),
)
"""Came later: an installation that was there before has them added once (migration 0008)."""
STARTERS = (*FIRST, *SECOND)
"""What an installation begins with; edited in the admin afterwards."""


def words_of(row: str) -> list[str]:
    """The words of a row as editors write it. 、 belongs to a word: 酸、碱、盐."""
    return [word.strip() for word in row.replace("，", ",").replace("；", ",").split(",") if word.strip()]


def added(groups: Iterable[tuple[str, ...]], rows: Iterable[str]) -> list[tuple[str, ...]]:
    """Those groups of which no word stands in a row: where an editor has said something of a word, it stays as said."""
    said = {normalise(word) for row in rows for word in words_of(row)}
    return [group for group in groups if said.isdisjoint(map(normalise, group))]


def table(groups: Iterable[Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Each word of a group -> the others; a word of several groups has the others of all."""
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        words = [word for word in dict.fromkeys(normalise(word).strip() for word in group) if word]
        for word in words:
            others = found.setdefault(word, {})
            others.update(dict.fromkeys(other for other in words if other != word))
    return {word: tuple(others)[:MAX_OTHERS] for word, others in found.items() if others}
