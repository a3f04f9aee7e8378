"""Who is told when something moves; in the transaction of the move, once a cause (`cms.notices`)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.library.models.work import inside
from cms.notices.actions import News, settle, tell
from cms.notices.enums import Topic
from cms.people.enums import Role
from cms.people.models import User
from workflows.review import reminders
from workflows.review.concerned import authors, in_charge
from workflows.review.enums import LIVE, UNDER_REVIEW, State
from workflows.review.models import Assignment, Review, Submission
from workflows.review.signals import experts_assigned, review_recorded, submission_moved


@receiver(submission_moved)
def tell_of_a_move(
    sender: object, submission: Submission, step: str, by: User | None, from_state: str, comment: str, **kwargs: Any
) -> None:
    """The author and co-authors at every move that others made; whoever has it next when it is their turn. What whoever
    had it before was asked is settled."""
    if from_state in UNDER_REVIEW:
        settle(Topic.TO_REVIEW, desk_of(submission))
    tell(_of_a_move(submission, step, by, comment))
    reminders.plan(submission)


def _of_a_move(submission: Submission, step: str, by: User | None, comment: str) -> Iterator[News]:
    title = title_of(submission)
    key = f"submission:{submission.pk}:{step}:{submission.round_number}"
    if step in ("share", "unshare"):  # the only ones that come again within a round
        key = f"{key}:{submission.entered_at.isoformat()}"
    desk = desk_of(submission)
    text = _news(step, title, comment) if not _quiet(step, by) else ""
    if text:
        writers = [person for person in authors(submission) if by is None or person.pk != by.pk]
        yield News(writers, Topic.MY_WORK, text, desk, key)
    if submission.state == State.SCHOOL_REVIEW:
        office = in_charge(submission, Role.SCHOOL_REVIEWER, submission.organisation)
        text = _("《%s》等您校级审核。") % title if office.may_act else unattended(submission, Role.SCHOOL_REVIEWER)
        yield News(office.people, Topic.TO_REVIEW, text, desk, f"{key}:next")
    elif submission.state == State.EXPERT_REVIEW:
        office = in_charge(submission, Role.REVIEW_MANAGER, submission.decider)
        text = _("《%s》等您指派评审专家。") % title if office.may_act else unattended(submission, Role.REVIEW_MANAGER)
        yield News(office.people, Topic.TO_REVIEW, text, desk, f"{key}:next")


@receiver(experts_assigned)
def tell_the_experts(sender: object, submission: Submission, assignments: list[Assignment], **kwargs: Any) -> None:
    """Whoever was asked just now. Nobody else is to do anything: who was to ask them has, and who left the panel need
    not answer."""
    asked = Assignment.objects.filter(
        round__submission=submission, round__number=submission.round_number, removed_at=None
    )
    settle(Topic.TO_REVIEW, desk_of(submission), ~Q(recipient__in=asked.values("expert")))
    tell(_of_being_asked(submission, assignments))
    reminders.plan_assignments(assignments)


@receiver(review_recorded)
def settle_what_was_asked(sender: object, review: Review, submission: Submission, **kwargs: Any) -> None:
    """Who has judged was asked for that."""
    settle(Topic.TO_REVIEW, desk_of(submission), Q(recipient=review.reviewer_id))


def _of_being_asked(submission: Submission, assignments: list[Assignment]) -> Iterator[News]:
    title, desk = title_of(submission), desk_of(submission)
    for assignment in assignments:
        facts = {"title": title, "date": reminders.day(assignment.due_at)}
        text = _("请您评审《%(title)s》，请在 %(date)s前完成。") % facts
        yield News([assignment.expert], Topic.TO_REVIEW, text, desk, f"assignment:{assignment.pk}")


def desk_of(submission: Submission) -> str:
    return reverse("review:desk", args=[submission.uuid])


def unattended(submission: Submission, role: Role) -> str:
    """For whoever can give somebody the role."""
    return _("《%(title)s》没有人处理：除了参与写它的人，没有%(role)s，请指定一位。") % {
        "title": title_of(submission),
        "role": role.label,
    }


def title_of(submission: Submission) -> str:
    """Of the version under review, short enough for one sentence, as it stands between 《》."""
    if submission.round_number and submission.state not in LIVE:
        return inside(submission.current_round().seal.revision.object_str)[:120]
    return submission.work.title_inside[:120]


def _quiet(step: str, by: User | None) -> bool:
    """Nothing new for the author: a new version that keeps its shares, or the older one that it replaces."""
    return step == "supersede" or (step == "share" and by is None)


def _news(step: str, title: str, comment: str) -> str:
    """What the author reads. The comment is put behind the sentence, never into it: people write percent signs."""
    said = comment.strip().replace("\n", " ")[:100]
    said = f"：{said}" if said else "。"
    sentence, rest = {
        "submit": (_("《%s》已由合作者提交校级审核。"), ""),
        "withdraw": (_("《%s》的送审已撤回"), said),
        "begin_trial": (_("《%s》通过校级审核，开始校内试用。"), ""),
        "pass_to_experts": (_("《%s》通过校级审核，已送专家评审。"), ""),
        "return_to_author": (_("《%s》退回修改"), said),
        "reject": (_("《%s》没有通过评审"), said),
        "publish": (_("《%s》通过专家评审，已经发布。"), ""),
        "share": (_("《%s》已共享到更大的范围。"), ""),
        "unshare": (_("《%s》现在只在本校可见，共享已收回"), said),
        "retire": (_("《%s》已下架"), said),
    }.get(step, ("", ""))
    return sentence % title + rest if sentence else ""
