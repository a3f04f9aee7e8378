"""The chain of review, one row a transition. The model's methods, the picture in workflows/README.md and the tests are
all made from this table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django_fsm import transition

from workflows.review.enums import LIVE, State


@dataclass(frozen=True)
class Row:
    """`name` leads from one of `sources` to `target`; `who` and `meaning` are for people who read the picture."""

    name: str
    sources: tuple[State, ...]
    target: State
    who: str
    meaning: str


TABLE = (
    Row("submit", (State.DRAFT,), State.SCHOOL_REVIEW, "作者", "提交校级审核"),
    Row("begin_trial", (State.SCHOOL_REVIEW,), State.TRIAL, "校级审核员", "通过，先在校内试用"),
    Row("pass_to_experts", (State.SCHOOL_REVIEW, State.TRIAL), State.EXPERT_REVIEW, "校级审核员", "通过，送专家评审"),
    Row(
        "return_to_author",
        (State.SCHOOL_REVIEW, State.TRIAL, State.EXPERT_REVIEW),
        State.DRAFT,
        "校级审核员、评审管理员、评审规则",
        "退回修改",
    ),
    Row("reject", (State.SCHOOL_REVIEW, State.EXPERT_REVIEW), State.REJECTED, "校级审核员、评审规则", "不通过"),
    Row(
        "withdraw",
        (State.DRAFT, State.SCHOOL_REVIEW, State.TRIAL, State.EXPERT_REVIEW),
        State.WITHDRAWN,
        "作者",
        "撤回",
    ),
    Row("publish", (State.EXPERT_REVIEW,), State.PUBLISHED, "评审规则", "达到评审人数和合格分，发布"),
    Row("share", (State.PUBLISHED, State.SHARED), State.SHARED, "发布员", "共享到某一层级"),
    Row("unshare", (State.SHARED,), State.PUBLISHED, "发布员", "收回最后一处共享"),
    Row("supersede", LIVE, State.SUPERSEDED, "系统", "同一作品的新版本发布"),
    Row("retire", LIVE, State.RETIRED, "管理员、发布员", "下架"),
)

ROWS = {row.name: row for row in TABLE}


def step(field: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a method the transition of its own name, as the table has it."""

    def decorate(method: Callable[..., None]) -> Callable[..., None]:
        row = ROWS[method.__name__]
        decorated: Callable[..., None] = transition(field=field, source=list(row.sources), target=row.target)(method)
        return decorated

    return decorate
