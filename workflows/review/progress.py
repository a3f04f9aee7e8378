"""The path of a submission as the theme draws it. Pure: a submission (through `queries.with_work`) in, a dict out."""

from typing import Any

from django.utils.translation import gettext as _

from workflows.review.enums import State
from workflows.review.models import Submission

STEPS = (State.DRAFT, State.SCHOOL_REVIEW, State.EXPERT_REVIEW, State.PUBLISHED, State.SHARED)

STANDS_AT = {
    State.DRAFT: 0,
    State.SCHOOL_REVIEW: 1,
    State.TRIAL: 1,
    State.EXPERT_REVIEW: 2,
    State.PUBLISHED: 3,
    State.SHARED: 4,
    State.WITHDRAWN: 0,
    State.SUPERSEDED: 4,
    State.RETIRED: 4,
}


def path_of(submission: Submission) -> dict[str, Any]:
    """Five steps: what is done, who has it now, since when, until when; and a sentence about an end off the path."""
    state = State(submission.state)
    here = _position(submission, state)
    steps: list[dict[str, Any]] = [
        {"key": step.value, "state": "done" if number < here else "todo"} for number, step in enumerate(STEPS)
    ]
    standing = steps[here]
    standing.update(key=_key(submission, state), since=submission.entered_at)
    if state in (State.WITHDRAWN, State.REJECTED, State.SUPERSEDED, State.RETIRED):
        standing["state"] = "stopped"
    elif state in (State.PUBLISHED, State.SHARED):
        standing["state"] = "done"
    else:
        standing.update(state="current", due=submission.due_at, who=who_has_it(submission))
    return {"steps": steps, "note": _note(submission, state)}


def who_has_it(submission: Submission) -> str:
    """Whose turn it is, in a few words."""
    state = State(submission.state)
    if state == State.DRAFT:
        return _("作者")
    if state in (State.SCHOOL_REVIEW, State.TRIAL):
        return str(submission.organisation)
    if state == State.EXPERT_REVIEW:
        asked: int | None = getattr(submission, "panel_size", None)
        if not asked:
            return str(submission.decider)
        left: int = getattr(submission, "panel_left", asked)
        return _("%(office)s · 已评 %(done)d/%(asked)d") % {
            "office": submission.decider,
            "done": asked - left,
            "asked": asked,
        }
    return ""


def badge_of(submission: Submission) -> str:
    """The word of the theme for the state: returned work is not just a draft."""
    return _key(submission, State(submission.state))


def _position(submission: Submission, state: State) -> int:
    if state == State.REJECTED:
        return 2 if getattr(submission, "heard_experts", False) else 1
    return STANDS_AT[state]


def _key(submission: Submission, state: State) -> str:
    return "returned" if state == State.DRAFT and submission.round_number else state.value


def _note(submission: Submission, state: State) -> str:
    if state == State.DRAFT and submission.round_number:
        return _("退回修改：按意见改好后可以再次提交，接着进入第 %d 轮。") % (submission.round_number + 1)
    return {
        State.WITHDRAWN: _("作者已撤回，修改后可以重新提交。"),
        State.REJECTED: _("这次没有通过，作者可以修改后重新提交。"),
        State.SUPERSEDED: _("同一作品的新版本已经发布。"),
        State.RETIRED: _("作品已下架。"),
    }.get(state, "")
