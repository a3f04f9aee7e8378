"""The curriculum to choose from on a page, under the stages it belongs to: one query each, and which editions are much
used is counted once a day.

All of it stands in the page; `theme/js/stages.js` leaves out what is of another stage than the chosen one.
"""

from collections.abc import Iterable
from itertools import groupby

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from cms.taxonomy.models import Edition, Grade, Subject

Groups = list[tuple[str, list[tuple[int, str]]]]
"""As a form takes its choices: name of a stage -> (id, name)."""

COMMON = 6
"""Editions that stand first in a stage: most lessons are from one of so few, any other is looked up by its name."""
A_DAY = 24 * 60 * 60  # seconds


def subjects_by_stage() -> Groups:
    """A subject stands under each of its stages."""
    rows = Subject.objects.filter(Q(stages=None) | Q(stages__retired=False), retired=False)
    in_order = rows.order_by("stages__order", "stages", "order", "pk")
    return _grouped(in_order.values_list("stages__name", "pk", "name"))


def grades_by_stage() -> Groups:
    rows = Grade.objects.filter(retired=False, stage__retired=False)
    return _grouped(rows.order_by("stage__order", "stage", "order", "pk").values_list("stage__name", "pk", "name"))


def editions_by_stage() -> Groups:
    """An edition stands under each stage for which it has textbooks: first those in which most works are filed, the
    rest by pinyin."""
    current = Q(textbooks__retired=False, textbooks__stage__retired=False)
    rows = Edition.objects.filter(Q(textbooks=None) | current, retired=False).distinct()
    in_order = rows.order_by("textbooks__stage__order", "textbooks__stage", "pk")
    grouped = _grouped(in_order.values_list("textbooks__stage__name", "pk", "name"))
    used = cache.get_or_set("taxonomy.editions_used", _works_by_edition, A_DAY) or {}
    return [(stage, _common_first(choices, used)) for stage, choices in grouped]


def _works_by_edition() -> dict[int, int]:
    """All works are gone through."""
    return dict(Edition.objects.filter(works__live=True).order_by().values_list("pk").annotate(number=Count("works")))


def _common_first(choices: list[tuple[int, str]], used: dict[int, int]) -> list[tuple[int, str]]:
    by_pinyin = sorted(choices, key=_by_pinyin)
    common = sorted((one for one in by_pinyin if one[0] in used), key=lambda one: -used[one[0]])[:COMMON]
    return common + [one for one in by_pinyin if one not in common]


def _by_pinyin(choice: tuple[int, str]) -> tuple[bytes, int]:
    """Characters in daily use stand in this encoding in the order of their pinyin."""
    pk, name = choice
    return name.encode("gb18030"), pk


def _grouped(rows: Iterable[tuple[str | None, int, str]]) -> Groups:
    """Rows of one stage follow each other; those of none are named as the last."""
    found = [(stage, [(pk, name) for _stage, pk, name in of_it]) for stage, of_it in groupby(rows, lambda row: row[0])]
    named = [(stage, choices) for stage, choices in found if stage is not None]
    return named + [(_("其他"), choices) for stage, choices in found if stage is None]
