"""What is taken back before anybody read it has told nobody: the same given again is told again."""

import pytest
from django.core import mail

from cms.library.actions.authoring import save_draft
from cms.library.models import Work
from cms.notices.actions import mark_read
from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.outbox.worker import drain
from cms.people.models import User
from cms.spaces.actions import ensure_personal_space, follow
from cms.spaces.enums import DeliveryReason
from cms.spaces.inbox import inbox_page
from cms.spaces.tokens import followers_of_author
from search.push import telling
from search.saved.actions import save_search
from search.saved.following import follow_search
from tests import factories
from tests.browsing import signed_in
from tests.factories.province import Province
from tests.search.pushing import add_school, reader, tell_all
from workflows.sharing.actions import recall_share, recommend, share_work, withdraw_recommendation

pytestmark = pytest.mark.django_db


def somebody(place: Province, author: User | None = None) -> User:
    """With an address, and following this author."""
    user = factories.person("teacher", place.school)
    User.objects.filter(pk=user.pk).update(email=f"t{user.pk}@example.cn")
    space = ensure_personal_space(user)
    if author is not None:
        follow(space, by=user, author=author)
    return user


def told(user: User, **which: object) -> list[str]:
    rows = Notice.objects.filter(recipient=user, topic=Topic.PUSHED, **which).order_by("pk")
    return list(rows.values_list("text", flat=True))


def test_recommended_again_in_other_words_is_told_again() -> None:
    place = factories.province()
    share, editor, user = factories.shared(place), factories.person("editor", place.county), somebody(place)
    drain()
    wrong = recommend(share.work, organisation=place.county, by=editor, words="本周教研推存")
    drain()
    withdraw_recommendation(wrong, by=editor)
    assert told(user) == []
    recommend(share.work, organisation=place.county, by=editor, words="本周教研推荐")
    drain()
    right = f"西湖区推荐了《{share.work.title}》：本周教研推荐"
    assert told(user, read_at=None) == [right]
    tell_all()
    assert told(user) == [right]  # and no digest tells of it as well


def test_what_somebody_read_before_it_was_taken_back_stays_told() -> None:
    place = factories.province()
    share, editor, user = factories.shared(place), factories.person("editor", place.county), somebody(place)
    drain()
    first = recommend(share.work, organisation=place.county, by=editor, words="本周教研推荐")
    drain()
    mark_read(user)
    withdraw_recommendation(first, by=editor)
    recommend(share.work, organisation=place.county, by=editor, words="下周教研推荐")
    drain()
    assert told(user) == [f"西湖区推荐了《{share.work.title}》：本周教研推荐"]


def test_shared_again_after_a_recall_is_told_again_and_mailed_once() -> None:
    place = factories.province()
    author, publisher = factories.teacher(place), factories.person("publisher", place.county)
    user = somebody(place, author)
    work = factories.published(place, author).work
    drain()
    mail.outbox.clear()
    share = share_work(work, scope=place.county, by=publisher)
    sentence = f"{author.name}分享了《{work.title}》，已送到您的收件箱。"
    asked = [(followers_of_author(author.pk), DeliveryReason.FOLLOWED_AUTHOR.value)]
    telling.tell_of_push(work, asked)  # its mail is owed
    assert told(user) == [sentence]
    recall_share(share, by=publisher, reason="有错")
    drain()
    assert told(user) == []
    assert [message for message in mail.outbox if "分享了" in str(message.body)] == []
    share_work(work, scope=place.county, by=publisher)
    drain()
    assert told(user, read_at=None) == [sentence]
    assert len([message for message in mail.outbox if "分享了" in str(message.body)]) == 1


def test_withdrawn_is_taken_back_from_nobody_who_has_it_still() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share, editor = factories.shared(place, author), factories.person("editor", place.county)
    follower, colleague, other = (
        somebody(place, author),
        somebody(place),
        factories.person("teacher", place.other_school),
    )
    drain()
    by_the_county = recommend(share.work, organisation=place.county, by=editor, words="县里")
    drain()
    by_the_school = recommend(
        share.work, organisation=place.school, by=factories.person("editor", place.school), words="学校"
    )
    drain()
    assert [len(told(user, read_at=None)) for user in (follower, colleague)] == [1, 1]
    withdraw_recommendation(by_the_county, by=editor)
    assert [len(told(user, read_at=None)) for user in (follower, colleague, other)] == [1, 1, 0]
    withdraw_recommendation(by_the_school, by=by_the_school.by)
    assert [len(told(user, read_at=None)) for user in (follower, colleague)] == [1, 0]


def test_search_for_a_tier_loses_what_is_shared_with_a_school_alone_again() -> None:
    place = factories.province()
    school = add_school(place)
    user, space = reader(place, school)
    follow_search(save_search(user, "", chosen={"tier": ["county"]}))
    publisher = factories.person("publisher", place.county)
    work = factories.published(place, factories.teacher(place)).work
    share_work(work, scope=school, by=publisher)
    wide = share_work(work, scope=place.county, by=publisher)
    drain()
    assert [item.work for item in inbox_page(space, user)] == [work]
    recall_share(wide, by=publisher, reason="只给一所学校用")
    drain()
    assert inbox_page(space, user) == []


def test_version_that_visitors_may_not_see_leaves_no_notice_that_leads_nowhere() -> None:
    place = factories.province()
    author = factories.teacher(place)
    near, far = somebody(place, author), factories.person("teacher", place.other_school)
    follow(ensure_personal_space(far), by=far, author=author)
    work = factories.resource(place, author)
    share = factories.shared(place, author, work, openly=True)
    drain()
    assert [len(told(user)) for user in (near, far)] == [1, 1]
    draft = Work.objects.get(pk=work.pk).specific.get_latest_revision_as_object()
    draft.licence = "province"
    save_draft(draft, by=author)
    factories.published(place, author, work)
    drain()
    assert [len(told(user)) for user in (near, far)] == [1, 0]
    assert [signed_in(user).get(share.work.get_absolute_url()).status_code for user in (near, far)] == [200, 404]
