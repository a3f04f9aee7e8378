"""The worker's side of reminders: look whether it still waits, tell whoever has it, put the next look."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cms.notices.actions import News, tell
from cms.notices.enums import Topic
from cms.outbox import actions as outbox
from cms.outbox.handlers import Handler, register
from cms.people.enums import Role
from cms.people.models import User
from workflows.review import reminders
from workflows.review.concerned import in_charge
from workflows.review.enums import State
from workflows.review.models import Assignment, Submission
from workflows.review.receivers import desk_of, title_of, unattended


def look(ref: str) -> None:
    """Nothing outside the database is done: all of it happens in `remind`, with the done mark."""


def remind(ref: str, result: None) -> None:
    """One notice to each who keeps it waiting, and the next look. Nothing when it has moved on."""
    with override(settings.LANGUAGE_CODE):
        if ref.startswith("assignment:"):
            _remind_expert(ref)
        else:
            _remind_office(ref)


def _remind_expert(ref: str) -> None:
    assignment = reminders.waiting_assignment(ref)
    if assignment is not None:
        submission = assignment.round.submission
        _tell([assignment.expert], submission, _("《%(title)s》等您评审，%(left)s。"), assignment, ref)


def _remind_office(ref: str) -> None:
    submission = reminders.waiting_submission(ref)
    if submission is None:
        return
    role, place = Role.SCHOOL_REVIEWER, submission.organisation
    if submission.state == State.EXPERT_REVIEW:
        role, place = Role.REVIEW_MANAGER, submission.decider
        words = _("《%(title)s》的专家评审%(left)s，请看是否要催办或换人。")
    elif submission.state == State.TRIAL:
        words = _("《%(title)s》的校内试用%(left)s，请决定是否送专家评审。")
    else:
        words = _("《%(title)s》等您校级审核，%(left)s。")
    office = in_charge(submission, role, place)
    if not office.may_act:
        words = unattended(submission, role).replace("%", "%%")
    _tell(office.people, submission, words, submission, ref)


def _tell(people: list[User], submission: Submission, words: str, waiting: Submission | Assignment, ref: str) -> None:
    now = timezone.now()
    due = waiting.due_at
    if due is None:
        return
    stand = "before" if now < due else f"late{reminders.days_late(due, now)}"
    text = words % {"title": title_of(submission), "left": reminders.left(due, now)}
    tell([News(people, Topic.TO_REVIEW, text, desk_of(submission), f"remind:{ref}:{stand}")])
    outbox.add(reminders.TOPIC, ref, due_at=reminders.next_look(due, now))


register(Handler(topic=reminders.TOPIC, label=gettext_lazy("评审到期提醒"), work=look, finish=remind))
