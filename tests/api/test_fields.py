"""What a request does not say as it should is told field by field, in plain Chinese."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args
from uuid import UUID, uuid4

import pytest
from annotated_types import Ge, Gt, Le, Len, Lt, MultipleOf
from pydantic import AfterValidator, StringConstraints, TypeAdapter
from pydantic import ValidationError as Refused
from pydantic_core import core_schema
from typing_extensions import TypedDict

from cms.config.wording import SENTENCES, sentence
from tests import factories
from tests.api.test_chain_over_api import Caller


class Verdict(StrEnum):
    PASS = "pass"
    REJECT = "reject"


class Named(TypedDict):
    name: str


def not_today(value: str) -> str:
    raise ValueError("今天不行。")


EXAMPLES: list[tuple[Any, Any, str]] = [
    (Named, {}, "必填。"),
    (str, 3, "请填文字。"),
    (int, "三", "请填整数。"),
    (int, None, "请填整数。"),
    (int, 2.5, "请填整数。"),
    (int, "9" * 5000, "这个数太大了。"),
    (float, "三", "请填数字。"),
    (Decimal, [], "请填数字。"),
    (bool, "也许", "请填 true 或 false。"),
    (UUID, "330106", "请填 UUID，由 32 位十六进制数字组成。"),
    (date, "明天", "请填日期，例如 2026-09-01。"),
    (datetime, "明天", "请填日期和时间，例如 2026-09-01T08:00:00+08:00。"),
    (list[int], "1", "请填列表。"),
    (dict[str, int], [], "请填由名称和值组成的对象。"),
    (Named, "沈", "请填由名称和值组成的对象。"),
    (Annotated[int, Ge(1)], 0, "不能小于 1。"),
    (Annotated[int, Gt(1)], 1, "要大于 1。"),
    (Annotated[float, Le(0.5)], 1, "不能大于 0.5。"),
    (Annotated[int, Lt(2**63)], 2**63, "要小于 9223372036854775808。"),
    (Annotated[str, StringConstraints(min_length=2)], "一", "至少 2 个字。"),
    (Annotated[str, StringConstraints(max_length=3)], "一二三四", "最多 3 个字。"),
    (Annotated[list[int], Len(2, None)], [1], "至少 2 项。"),
    (Annotated[list[int], Len(0, 1)], [1, 2], "最多 1 项。"),
    (Verdict, "maybe", "只能是 pass、reject。"),
    (Literal["a", "b", "c"], "d", "只能是 a、b、c。"),
    (Literal["on, or off", "it's", "or", "a \"b\" 'c' \\n"], "d", "只能是 on, or off、it's、or、a \"b\" 'c' \\n。"),
    (Literal[1, 2, 3], 4, "只能是 1、2、3。"),
    (Annotated[str, AfterValidator(not_today)], "x", "今天不行。"),
    (Annotated[int, MultipleOf(2)], 3, "不符合要求，请对照接口说明（/api/v1/docs）修改。"),
]


def said(kind: Any, value: Any) -> str:
    with pytest.raises(Refused) as caught:
        TypeAdapter(kind).validate_python(value)
    (error,) = caught.value.errors(include_url=False)
    return sentence(dict(error))


@pytest.mark.parametrize(("kind", "value", "wanted"), EXAMPLES, ids=lambda part: str(part)[:40])
def test_problem_is_told_in_chinese_with_its_numbers(kind: Any, value: Any, wanted: str) -> None:
    assert said(kind, value) == wanted


def test_no_sentence_is_about_a_problem_that_there_is_not() -> None:
    assert set(SENTENCES) <= set(get_args(core_schema.ErrorType))


@pytest.mark.django_db
def test_answer_names_each_field_with_what_is_wrong() -> None:
    caller = Caller(factories.teacher(factories.province()))
    missing = caller.post("/works", {"kind": "resource"})
    assert (missing.status_code, missing.json()["fields"]) == (422, {"given.title": "必填。"})
    far = caller.send("put", f"/courses/{uuid4()}/lessons/{uuid4()}", {"fraction": 2, "position": -1})
    wanted = {"given.fraction": "不能大于 1。", "given.position": "不能小于 0。"}
    assert (far.status_code, far.json()["fields"]) == (422, wanted)
    assert caller.get("/works?page=0").json()["fields"] == {"page": "不能小于 1。"}
    assert caller.get("/taxonomy/chapters?textbook=x").json()["fields"] == {"textbook": "请填整数。"}
