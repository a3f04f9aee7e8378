"""One clear sentence for everything the review room refuses: what happened, and what to do next."""

from collections.abc import Callable
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from workflows.review.enums import State
from workflows.review.errors import ReviewError


def sentence(error: ReviewError) -> str:
    """The sentence of this error; every code has one (a test counts them)."""
    return SENTENCES[error.code](error)


def _wrong_state(error: Any) -> str:
    return _("这件作品现在是“%(state)s”，这一步已经不能做了：可能刚有人处理过。刷新页面可以看到最新进度。") % {
        "state": State(error.state).label
    }


def _round_moved(error: Any) -> str:
    return _("作者已经提交了新的一版（第 %(number)d 轮），刚才的操作没有记录。请先看新内容再决定。") % {
        "number": error.number
    }


def _incomplete(error: Any) -> str:
    between = " " if (get_language() or "").startswith("en") else ""
    return _("还差 %(count)d 项才能提交：%(gaps)s") % {
        "count": len(error.gaps),
        "gaps": between.join(str(gap.message) for gap in error.gaps),
    }


def _trial_not_over(error: Any) -> str:
    return _("校内试用到 %(until)s 结束，之后才能送专家评审；现在可以退回修改。") % {
        "until": date_format(localtime(error.until), _("Y年n月j日") + " H:i")
    }


def _score(error: Any) -> str:
    if error.max_points is None:
        return _("评分标准里没有“%(criterion)s”这一项，请刷新页面后重新评分。") % {"criterion": error.criterion}
    return _("“%(criterion)s”请填 0 到 %(most)d 之间的整数。") % {
        "criterion": error.criterion,
        "most": error.max_points,
    }


SENTENCES: dict[str, Callable[[Any], str]] = {
    "review_error": lambda error: _("这一步没有做成，什么也没有改变。请刷新页面后再试。"),
    "wrong_state": _wrong_state,
    "round_moved": _round_moved,
    "incomplete": _incomplete,
    "already_submitted": lambda error: _("这件作品有一次送审正在进行，不用重复提交。等评审结束或作者撤回后再试。"),
    "nothing_new": lambda error: _("作品和已发布的版本一样，没有新内容可以送审。请先修改再提交。"),
    "no_policy": lambda error: _("这类作品还没有可用的评审办法或评分标准，暂时不能送审。请联系省级管理员。"),
    "comment_required": lambda error: _("请写明意见，作者才知道怎样修改。"),
    "reason_required": lambda error: _("请写明下架原因，它会显示在作品原来的地址上。"),
    "trial_not_over": _trial_not_over,
    "already_reviewed": lambda error: _("您已经提交过这一轮的评审意见，不用重复提交。"),
    "not_eligible": lambda error: (
        _("%(names)s 不能评审这件作品：不在本级专家库，不任这个学段学科，或需要回避。请改选其他专家。")
        % {"names": _("、").join(error.names)}
    ),
    "too_few_experts": lambda error: _("至少要有 %(least)d 位专家评审，请再选几位。") % {"least": error.least},
    "score_out_of_range": _score,
    "rating_out_of_range": lambda error: _("请选择 1 到 5 分。"),
    "in_use": lambda error: _("这一版已经生效或已用于送审，不能改也不能删。请新增一版。"),
}
