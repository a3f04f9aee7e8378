"""A submission in any state, brought there by the product's own actions, and one person of every standing beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from cms.library.actions.authoring import save_draft
from cms.library.models import Work
from cms.people.models import Membership, User
from cms.people.queries import Anybody
from tests import factories
from tests.factories import Province
from tests.factories.chain import GOOD
from workflows.experts.models import Expert
from workflows.review.actions.panel import assign_experts, record_review
from workflows.review.actions.publishing import retire
from workflows.review.actions.school import decide_school
from workflows.review.actions.submitting import submit, withdraw
from workflows.review.enums import State
from workflows.review.models import Policy, Submission
from workflows.sharing.actions import share_work

EVERY_ROLE = ("teacher", "school_reviewer", "expert", "review_manager", "publisher", "editor", "administrator")


@dataclass(frozen=True)
class Cast:
    """Who could have something to do with it. `asked` and `removed` are on the panel once there is one."""

    author: User
    coauthor: User
    mighty: User
    reviewer: User
    manager: User
    asked: User
    answered: User
    removed: User
    others: dict[str, Anybody]

    def everybody(self) -> dict[str, Anybody]:
        named = ("author", "coauthor", "mighty", "reviewer", "manager", "asked", "answered", "removed")
        return {name: getattr(self, name) for name in named} | self.others


def cast(place: Province) -> Cast:
    """`mighty` wrote it too, and holds every role from the school up to the province, and is a superuser."""
    mighty = factories.teacher(place)
    for organisation in (place.school, place.county, place.city, place.province):
        for role in EVERY_ROLE:
            Membership.objects.get_or_create(user=mighty, organisation=organisation, role=role)
    User.objects.filter(pk=mighty.pk).update(is_superuser=True, is_staff=True)
    Expert.objects.create(user=mighty, organisation=place.county)
    root = User.objects.create_superuser("root", "root@example.org", factories.people.PASSWORD, name="超级用户")
    others: dict[str, Anybody] = {
        "colleague": factories.teacher(place),
        "pupil": factories.pupil(place),
        "reviewer of another school": factories.school_reviewer(place, place.other_school),
        "reviewer of the county": factories.school_reviewer(place, place.county),
        "manager of another county": factories.person("review_manager", place.other_county),
        "manager of the city": factories.person("review_manager", place.city),
        "expert never asked": factories.expert(place),
        "publisher of the school": factories.person("publisher", place.school),
        "publisher of the county": factories.person("publisher", place.county),
        "publisher of another school": factories.person("publisher", place.other_school),
        "administrator of the school": factories.person("administrator", place.school),
        "administrator of the province": factories.person("administrator", place.province),
        "administrator of another school": factories.person("administrator", place.other_school),
        "operator": factories.person("operator", place.province),
        "superuser without a role": root,
        "visitor": AnonymousUser(),
    }
    return Cast(
        author=factories.teacher(place),
        coauthor=factories.teacher(place),
        mighty=mighty,
        reviewer=factories.school_reviewer(place),
        manager=factories.person("review_manager", place.county),
        asked=factories.expert(place),
        answered=factories.expert(place),
        removed=factories.expert(place),
        others=others,
    )


def work_of(place: Province, people: Cast) -> Work:
    work = factories.resource(place, people.author)
    for user in (people.coauthor, people.mighty):
        work.coauthors.create(user=user)
    return work


def change(work: Work, by: User, **facts: Any) -> None:
    """A new draft."""
    draft = Work.objects.get(pk=work.pk).specific.get_latest_revision_as_object()
    draft.summary += "又改。"
    for name, value in facts.items():
        setattr(draft, name, value)
    save_draft(draft, by=by)


def in_state(place: Province, people: Cast, state: State) -> Submission:
    """The submission of `people.author`'s work, standing there."""
    work = work_of(place, people)
    if state == State.TRIAL:
        Policy.objects.create(kind="resource", version=2, trial_days=7, in_force_from=timezone.now())
    submission = submit(work, by=people.author)
    ways: dict[State, Callable[[], object]] = {
        State.SCHOOL_REVIEW: lambda: None,
        State.TRIAL: lambda: _passed(submission, people),
        State.DRAFT: lambda: decide_school(submission, by=people.reviewer, verdict="request_changes", comment="补图"),
        State.REJECTED: lambda: decide_school(submission, by=people.reviewer, verdict="reject", comment="重复"),
        State.WITHDRAWN: lambda: withdraw(submission, by=people.author),
        State.EXPERT_REVIEW: lambda: _at_experts(submission, people),
        State.PUBLISHED: lambda: _published(submission, people),
        State.SHARED: lambda: _shared(submission, people, place),
        State.SUPERSEDED: lambda: _superseded(submission, people, place),
        State.RETIRED: lambda: _retired(submission, people),
    }
    ways[state]()
    found = Submission.objects.get(pk=submission.pk)
    assert found.state == state
    return found


def _passed(submission: Submission, people: Cast) -> None:
    decide_school(submission, by=people.reviewer, verdict="approve")


def _at_experts(submission: Submission, people: Cast) -> None:
    _passed(submission, people)
    assign_experts(submission, [people.asked, people.answered, people.removed], by=people.manager)
    assign_experts(submission, [people.asked, people.answered], by=people.manager)
    record_review(submission, by=people.answered, verdict="approve", scores=GOOD)


def _published(submission: Submission, people: Cast) -> None:
    _at_experts(submission, people)
    record_review(submission, by=people.asked, verdict="approve", scores=GOOD)


def _shared(submission: Submission, people: Cast, place: Province) -> None:
    _published(submission, people)
    publisher = people.others["publisher of the county"]
    assert isinstance(publisher, User)
    share_work(submission.work, scope=place.county, by=publisher)


def _superseded(submission: Submission, people: Cast, place: Province) -> None:
    _published(submission, people)
    change(submission.work, people.author)
    _published(submit(submission.work, by=people.author), people)


def _retired(submission: Submission, people: Cast) -> None:
    _published(submission, people)
    administrator = people.others["administrator of the school"]
    assert isinstance(administrator, User)
    retire(submission, by=administrator, reason="教材已换版")


def again(submission: Submission) -> Submission:
    """As the database has it now; the state in hand cannot be read anew, it has one door."""
    return Submission.objects.get(pk=submission.pk)
