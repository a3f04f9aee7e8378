"""A parent is told that the own child has completed a course: once, and nobody else is."""

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from cms.learning.actions import complete_lesson
from cms.learning.models import Enrolment
from cms.notices.actions import set_preferences
from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.outbox import worker
from cms.people.models import Guardianship, Membership, User
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.learning.test_progress import complete, keys_of, live_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def child(place: Province) -> User:
    return factories.person("pupil", place.school, name="周小禾")


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user, topic=Topic.CHILD).order_by("pk").values_list("text", flat=True))


def test_parents_are_told_when_the_last_lesson_is_done_and_led_to_the_childs_page(place: Province, child: User) -> None:
    mother, father = factories.parent(place, child), factories.parent(place, child)
    course = live_course(place, title="认识几分之一")
    complete(course, child, but=1)
    assert told(mother) == []
    complete(course, child)
    assert told(mother) == told(father) == ["周小禾学完了《认识几分之一》。"]
    (notice,) = Notice.objects.filter(recipient=mother)
    assert notice.key == f"learnt:{Enrolment.objects.get(learner=child).pk}"
    page = signed_in(mother).post(f"/notices/{notice.pk}/", follow=True)
    assert page.redirect_chain == [(f"/children/{child.uuid}/", 302)]
    assert "认识几分之一" in page.content.decode()


def test_nobody_else_is_told(place: Province, child: User) -> None:
    mother, teacher = factories.parent(place, child), factories.teacher(place)
    Guardianship.objects.create(guardian=teacher, pupil=child)
    former, yesterday, inactive = (factories.parent(place, child) for _ in range(3))
    Guardianship.objects.filter(guardian=former).update(until=timezone.now())
    Membership.objects.filter(user=yesterday).update(until=timezone.now())
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    factories.parent(place, factories.pupil(place))
    complete(live_course(place), child)
    complete(live_course(place), teacher)
    assert set(Notice.objects.filter(topic=Topic.CHILD).values_list("recipient", flat=True)) == {mother.pk}


def test_it_is_told_once_a_course_however_often_it_is_gone_through(place: Province, child: User) -> None:
    mother = factories.parent(place, child)
    first, second = live_course(place), live_course(place)
    for _again in range(2):
        complete(first, child)
    assert len(told(mother)) == 1
    Enrolment.objects.get().lessons.filter(lesson_key=keys_of(first)[0]).update(completed_at=None)
    complete(first, child)  # as where a later version has a lesson more
    assert len(told(mother)) == 1
    complete(second, child)
    assert len(told(mother)) == 2


def test_it_is_told_in_the_transaction_of_the_last_lesson(place: Province, child: User) -> None:
    mother, course = factories.parent(place, child), live_course(place)
    complete(course, child, but=1)
    with transaction.atomic():
        complete_lesson(course, keys_of(course)[-1], by=child)
        assert len(told(mother)) == 1
        transaction.set_rollback(True)
    assert told(mother) == []


def test_mail_comes_to_the_parent_who_wants_it(place: Province, child: User) -> None:
    wants, unwilling = factories.parent(place, child), factories.parent(place, child)
    set_preferences(unwilling, by_mail={Topic.CHILD: False})
    complete(live_course(place), child)
    worker.drain()
    sent = [message for message in mail.outbox if "学完了" in str(message.body)]
    assert [message.to for message in sent] == [[wants.email]]
    assert f"/children/{child.uuid}/" in str(sent[0].body)
