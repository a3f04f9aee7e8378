"""Where a work is on its way, in one word for a list. The review room knows more and answers the hook.

Hook `construct_work_states(states, works, request)`: a dict of work id -> `WorkState` to change in place, for the works
of one page; a higher room answers with a bounded number of queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail import hooks

from cms.library.models import Work

HOOK = "construct_work_states"


@dataclass(frozen=True)
class WorkState:
    """`tone` is the CSS word of the state: draft, school_review, trial, expert_review, published, shared, retired …"""

    label: str
    tone: str = "draft"
    note: str = ""


def states_of(works: Sequence[Work], request: HttpRequest) -> dict[int, WorkState]:
    """The state of each work: what the library sees by itself, corrected by higher rooms."""
    states = {work.pk: own_state(work) for work in works}
    for answer in hooks.get_hooks(HOOK):
        answer(states, works, request)
    return states


def own_state(work: Work) -> WorkState:
    """What the work's own row says."""
    if work.is_retired:
        return WorkState(_("已下架"), "retired")
    if work.locked:
        return WorkState(_("评审中"), "school_review")
    if work.live:
        note = _("有未发布的修改") if work.has_unpublished_changes else ""
        return WorkState(_("已发布"), "published", note)
    return WorkState(_("草稿"))
