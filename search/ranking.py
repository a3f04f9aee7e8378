"""The table of signals: everything that decides where a hit stands, once, for every engine and for whoever asks why.

    score = (sum over the words of what each counts, + whole) * adoptions * newness

What a word counts is BM25 over the fields, each field with its weight. The two factors are gentle: they part equals.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

YEAR = 365.25 * 86_400  # seconds


class Acts(StrEnum):
    """How a signal enters the score."""

    FIELD = "field"  # the weight of a word that stands there
    WORD = "word"  # counts as one more word
    FACTOR = "factor"  # multiplies what the words count


@dataclass(frozen=True)
class Signal:
    """One row. `label` and `says` are for people.

    weight     of a word in the field; of a factor, what is added to 1
    half_life  seconds in which the weight falls to its half; 0 where time plays no part
    """

    name: str
    label: Any
    says: Any
    acts: Acts
    weight: float
    half_life: int = 0


TITLE, KEYWORDS, SUMMARY, BODY, WHOLE = "title", "keywords", "summary", "body", "whole"
WORDS, ADOPTIONS, NEWNESS = "words", "adoptions", "newness"

SIGNALS: tuple[Signal, ...] = (
    Signal(TITLE, _("标题"), _("词语出现在标题里。"), Acts.FIELD, 10.0),
    Signal(KEYWORDS, _("关键词"), _("词语出现在标签、课程目录、知识点、作者、学校或课时名称里。"), Acts.FIELD, 5.0),
    Signal(SUMMARY, _("摘要"), _("词语出现在摘要里。"), Acts.FIELD, 2.0),
    Signal(BODY, _("正文和文件"), _("词语出现在正文、任务单或文件的文字里。"), Acts.FIELD, 1.0),
    Signal(WHOLE, _("整句在标题里"), _("几个词连在一起，原样出现在标题里，相当于标题里多一个词。"), Acts.WORD, 10.0),
    Signal(
        ADOPTIONS, _("选用数"), _("选用它的空间越多越靠前，增加得越来越慢：100 个空间约加 23%。"), Acts.FACTOR, 0.05
    ),
    Signal(
        NEWNESS, _("新旧"), _("今天发布的加 15%，三年前的加 7.5%，每三年减半。"), Acts.FACTOR, 0.15, round(3 * YEAR)
    ),
)
BY_NAME: Mapping[str, Signal] = {signal.name: signal for signal in SIGNALS}

FIELDS: Mapping[str, float] = {signal.name: signal.weight for signal in SIGNALS if signal.acts is Acts.FIELD}
"""What a word in each field weighs."""

MAX_WHOLE = 60  # characters of a question that may be a title


def adoptions_factor(adoptions: int) -> float:
    """What the words are multiplied with for this many spaces."""
    return 1 + BY_NAME[ADOPTIONS].weight * math.log1p(max(adoptions, 0))


def newness_factor(published: float | None, now: float) -> float:
    """What the words are multiplied with; 1 for what was never published."""
    if published is None:
        return 1.0
    newness = BY_NAME[NEWNESS]
    return 1 + newness.weight * math.exp(-math.log(2) * abs(now - published) / newness.half_life)
