"""What becomes of shares with a new version, and who is told of a share and of a recall."""

import pytest
from django.test import Client

from cms.library.queries import visible_to
from cms.notices.models import Notice
from cms.people.models import Membership
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.review.states import again, change
from workflows.review.enums import State
from workflows.review.history import lines_for
from workflows.review.models import Submission
from workflows.sharing.actions import recall_share, share_work

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("licence", ["all-rights", "cc-by"])
def test_new_version_is_open_to_visitors_as_long_as_its_licence_lets_them(place: Province, licence: str) -> None:
    author, near = factories.teacher(place), factories.person("teacher", place.county)
    share = factories.shared(place, author, openly=True)
    work = share.work
    change(work, author, licence=licence)
    factories.published(place, author, work)
    share.refresh_from_db()
    is_open = licence == "cc-by"
    address = work.get_absolute_url()
    reader = Client()
    reader.force_login(near)
    assert (share.openly, share.recalled_at) == (is_open, None)
    assert (Client().get(address).status_code, reader.get(address).status_code) == (200 if is_open else 404, 200)
    told = [line.text for line in lines_for(work, author)]
    assert ("新版本的使用许可不允许公开，不再向未登录访客开放" in told) is not is_open


def test_new_version_reaches_no_further_than_who_decided_on_it(place: Province) -> None:
    author, far, near = (
        factories.teacher(place),
        factories.person("teacher", place.city),
        factories.person("teacher", place.county),
    )
    share = factories.shared(place, author)
    first = Submission.objects.get(work=share.work_id)
    Submission.objects.filter(pk=first.pk).update(decider=place.city)  # as the policy was then
    wide = share_work(share.work, scope=place.city, by=factories.person("publisher", place.city))
    assert visible_to(far).filter(pk=share.work_id).exists()
    change(share.work, author)
    second = factories.published(place, author, share.work)
    for held in (share, wide):
        held.refresh_from_db()
    assert (share.recalled_at, share.submission_id) == (None, second.pk)
    assert wide.recalled_at is not None
    assert wide.recalled_by is None
    assert "共享范围不能超过它" in wide.recall_reason
    for person in (author, wide.shared_by):
        assert Notice.objects.filter(recipient=person, text__contains="到杭州市的共享已收回").count() == 1
    assert [visible_to(user).filter(pk=share.work_id).exists() for user in (far, near)] == [False, True]
    assert again(second).state == State.SHARED


@pytest.mark.parametrize("still", [True, False], ids=["publisher", "publisher no longer"])
def test_whoever_is_told_that_a_new_version_recalled_a_share_can_open_where_it_leads(
    place: Province, still: bool
) -> None:
    author, sharer = factories.teacher(place), factories.person("publisher", place.province)
    work = factories.published(place, author).work
    Submission.objects.filter(work=work).update(decider=place.province)  # as the policy was then
    share_work(work, scope=place.province, by=sharer)
    if not still:
        Membership.objects.filter(user=sharer).update(role="teacher")
    change(work, author)
    factories.published(place, author, work)
    address = work.get_absolute_url()
    targets = {author: address, sharer: "/sharing/?tab=shared" if still else "/notices/"}
    for person, target in targets.items():
        notice = Notice.objects.get(recipient=person, text__contains="的共享已收回")
        client = signed_in(person)
        answer = client.post(f"/notices/{notice.pk}/", follow=True)
        assert answer.redirect_chain == [(target, 302)]
        assert answer.status_code == 200
        assert (client.get(address).status_code == 200) == (person == author)


def test_author_is_told_of_every_share_and_every_recall(place: Province) -> None:
    submission = factories.published(place)
    publisher = factories.person("publisher", place.county)
    for _twice in range(2):
        share = share_work(submission.work, scope=place.county, by=publisher)
        recall_share(share, by=publisher, reason="教材改版")
    told = Notice.objects.filter(recipient=submission.work.owner).values_list("text", flat=True)
    assert sum("共享到更大的范围" in text for text in told) == 2
    assert sum("共享已收回：教材改版" in text for text in told) == 2
