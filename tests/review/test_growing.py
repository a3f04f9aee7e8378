"""What is told of a work grows with every deed; a page of it does not."""

import pytest

from cms.audit.actions import record
from cms.audit.models import Entry
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.review.states import cast, in_state
from workflows.review.actions.trying import leave_note
from workflows.review.enums import State
from workflows.review.models import TrialNote
from workflows.review.views.lists import LINES_PER_PAGE

pytestmark = pytest.mark.django_db


def test_a_long_history_has_pages(place: Province) -> None:
    people = cast(place)
    work = in_state(place, people, State.PUBLISHED).work
    for number in range(LINES_PER_PAGE + 5):
        record(
            "adoption:adopt",
            actor=people.author,
            subject_type="library.work",
            subject_id=work.uuid,
            space=f"第{number}个空间",
        )
    client = signed_in(people.author)
    first, second = (client.get(f"/review/history/{work.uuid}/?page={page}").content.decode() for page in (1, 2))
    assert (first.count("个空间"), second.count("个空间")) == (LINES_PER_PAGE, 5)
    assert "?page=2" in first


def test_the_same_said_of_a_trial_again_is_written_once(place: Province) -> None:
    people = cast(place)
    submission = in_state(place, people, State.TRIAL)
    pupil = factories.pupil(place)
    for rating, comment in ((5, "好"), (5, " 好 "), (4, "好")):
        leave_note(submission, by=pupil, rating=rating, comment=comment)
    assert Entry.objects.filter(verb="submission:note", subject_id=str(submission.work.uuid)).count() == 2
    assert TrialNote.objects.get(user=pupil).rating == 4
