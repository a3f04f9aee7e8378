"""The chain from draft to shared, by the product's own actions."""

import pytest

from cms.audit.models import Entry
from cms.library.models import MicroCourse, Work
from tests import factories
from workflows.review.enums import State
from workflows.review.models import Submission

pytestmark = pytest.mark.django_db


def test_chain_from_draft_to_shared() -> None:
    place = factories.province()
    share = factories.shared(place, openly=True)

    submission = Submission.objects.get(pk=share.submission_id)
    work = Work.objects.get(pk=share.work_id)
    assert submission.state == State.SHARED
    assert work.live
    assert work.version == 1
    assert not work.locked
    assert {g.organisation_id for g in work.grants.all()} == {place.school.pk, place.county.pk, None}
    verbs = list(Entry.objects.filter(subject_id=str(work.uuid)).order_by("id").values_list("verb", flat=True))
    assert verbs == [
        "submission:submit",
        "submission:pass_to_experts",
        "submission:assign_experts",
        "submission:review",
        "submission:review",
        "submission:publish",
        "submission:share",
    ]


def test_micro_course_with_lessons_goes_live() -> None:
    place = factories.province()
    author = factories.teacher(place)
    work = factories.micro_course(place, author)
    factories.published(place, author, work)
    live = MicroCourse.objects.get(pk=work.pk)
    assert isinstance(work, MicroCourse)
    assert live.lessons.count() == 18
    assert [lesson.key for lesson in live.lessons.all()] == [lesson.key for lesson in work.lessons.all()]
