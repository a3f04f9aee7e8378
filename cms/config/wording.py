"""What is wrong with a field of a request to the API, in plain words instead of the framework's."""

import re
from ast import literal_eval
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

TEXT = _("请填文字。")
WHOLE = _("请填整数。")
NUMBER = _("请填数字。")
YES_OR_NO = _("请填 true 或 false。")
UUID = _("请填 UUID，由 32 位十六进制数字组成。")
DATE = _("请填日期，例如 2026-09-01。")
MOMENT = _("请填日期和时间，例如 2026-09-01T08:00:00+08:00。")
LIST = _("请填列表。")
OBJECT = _("请填由名称和值组成的对象。")
ONE_OF = _("只能是 %(expected)s。")
OTHERWISE = _("不符合要求，请对照接口说明（/api/v1/docs）修改。")

SENTENCES: dict[str, str] = {
    "missing": _("必填。"),
    "string_type": TEXT,
    "string_unicode": TEXT,
    "string_too_short": _("至少 %(min_length)s 个字。"),
    "string_too_long": _("最多 %(max_length)s 个字。"),
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_from_float": WHOLE,
    "int_parsing_size": _("这个数太大了。"),
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "decimal_type": NUMBER,
    "decimal_parsing": NUMBER,
    "greater_than": _("要大于 %(gt)s。"),
    "greater_than_equal": _("不能小于 %(ge)s。"),
    "less_than": _("要小于 %(lt)s。"),
    "less_than_equal": _("不能大于 %(le)s。"),
    "bool_type": YES_OR_NO,
    "bool_parsing": YES_OR_NO,
    "uuid_type": UUID,
    "uuid_parsing": UUID,
    "uuid_version": UUID,
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
    "date_from_datetime_inexact": DATE,
    "datetime_type": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_object_invalid": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "enum": ONE_OF,
    "literal_error": ONE_OF,
    "list_type": LIST,
    "too_short": _("至少 %(min_length)s 项。"),
    "too_long": _("最多 %(max_length)s 项。"),
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
}
"""By the type that pydantic gives a problem; the numbers are those of its context."""

EACH = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s,]+""")
"""A value in quotes, or a word."""

OWN = frozenset({"value_error", "assertion_error"})
"""What a room's own check says, which is a sentence already."""


def sentence(problem: Mapping[str, Any]) -> str:
    """One problem of one field, as pydantic tells it: `type`, and what belongs to it in `ctx`."""
    facts = {name: _said(value) for name, value in (problem.get("ctx") or {}).items()}
    if problem["type"] in OWN:
        return facts["error"]
    if "expected" in facts:
        facts["expected"] = gettext("、").join(_values(facts["expected"]))
    return gettext(SENTENCES.get(problem["type"], OTHERWISE)) % facts


def _values(told: str) -> list[str]:
    """Those of pydantic's "'pass', 'return' or 'reject'": texts as Python writes them, numbers bare."""
    parts = [part for part in EACH.findall(told) if part != "or"]
    return [str(literal_eval(part)) if part[0] in "'\"" else part for part in parts]


def _said(fact: Any) -> str:
    """In words; a whole number without the nothing behind its point."""
    if isinstance(fact, float) and fact.is_integer():
        return str(int(fact))
    return str(fact)
