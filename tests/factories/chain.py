"""Works on their way, brought there by the product's own actions."""

from cms.library.actions.authoring import save_draft
from cms.library.models import Work
from cms.people.models import User
from tests.factories.people import expert, person, school_reviewer, teacher
from tests.factories.province import Province
from tests.factories.works import resource
from workflows.review.actions.panel import assign_experts, record_review
from workflows.review.actions.school import decide_school
from workflows.review.actions.submitting import submit
from workflows.review.models import Submission
from workflows.sharing.actions import share_work
from workflows.sharing.models import Share

GOOD = {"science": 36, "design": 52}


def at_school_review(place: Province, author: User | None = None, work: Work | None = None) -> Submission:
    author = author or teacher(place)
    return submit(work or resource(place, author), by=author)


def at_expert_review(place: Province, author: User | None = None, work: Work | None = None) -> Submission:
    """Passed by the school, two experts assigned."""
    return _to_experts(at_school_review(place, author, work), place)


def published(place: Province, author: User | None = None, work: Work | None = None) -> Submission:
    return _approve(at_expert_review(place, author, work))


def published_from(submission: Submission, place: Province) -> Submission:
    """Bring a submission that waits in its school to the end of the chain."""
    return _approve(_to_experts(submission, place))


def _to_experts(submission: Submission, place: Province) -> Submission:
    submission = decide_school(submission, by=school_reviewer(place), verdict="approve")
    assign_experts(submission, [expert(place), expert(place)], by=person("review_manager", place.county))
    return submission


def _approve(submission: Submission) -> Submission:
    for assignment in submission.current_round().assignments.all():
        record_review(submission, by=assignment.expert, verdict="approve", scores=GOOD)
    return Submission.objects.get(pk=submission.pk)


def shared(place: Province, author: User | None = None, work: Work | None = None, *, openly: bool = False) -> Share:
    """Shared with its county."""
    submission = published(place, author, work)
    return share_work(submission.work, scope=place.county, openly=openly, by=person("publisher", place.county))


def renamed(place: Province, work: Work, title: str) -> Submission:
    """The next version, under another title, live where nobody has shared it further."""
    draft = Work.objects.get(pk=work.pk).specific.get_latest_revision_as_object()
    draft.title = title
    save_draft(draft, by=work.owner)
    return published(place, work.owner, work)
