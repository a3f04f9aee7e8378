"""An editor pushes a shared work by hand: to whom it comes, in whose name, who may, and how it goes away again."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from cms.audit.models import Entry
from cms.library.models import Work
from cms.notices.models import Notice
from cms.outbox.models import Message
from cms.outbox.worker import drain
from cms.people.models import PupilProfile, TeachingProfile, User
from cms.spaces.actions import ensure_personal_space, ensure_subject_space, set_hidden
from cms.spaces.audiences import of_person, people_of
from cms.spaces.delivering import audience_of
from cms.spaces.enums import Readers
from cms.spaces.errors import InterestMismatch, PupilsHaveNoSubject
from cms.spaces.inbox import delivered, inbox_page
from cms.spaces.models import Audience, Delivery
from cms.spaces.unseen import unseen_count, unseen_in_own_space
from cms.taxonomy.models import Grade, Stage
from search.push import digest, settling, telling
from tests import factories
from tests.factories.province import Province
from tests.search.pushing import school_share
from workflows.review.actions.publishing import retire
from workflows.review.models import Submission
from workflows.sharing import rules
from workflows.sharing.actions import recall_share, recommend, share_work, withdraw_recommendation
from workflows.sharing.errors import (
    AlreadyRecommended,
    AudienceCannotSee,
    AudienceOutOfReach,
    NotPublished,
    NotShared,
)
from workflows.sharing.models import Recommendation, Share
from workflows.sharing.queries import recommendations

pytestmark = pytest.mark.django_db


def got(user: User, *, tiers: bool = False) -> list[int]:
    return list(delivered(ensure_personal_space(user), user, tiers=tiers).values_list("work", flat=True))


def pushed(place: Province, share: Share | None = None, **more: Any) -> Recommendation:
    """Recommended to the county's teachers of maths by the county's editor, and delivered."""
    share = share or factories.shared(place)
    given = {"organisation": place.county, "subject": place.subject, "words": "本周教研推荐", **more}
    given.setdefault("by", factories.person("editor", place.county))
    row = recommend(share.work, **given)
    drain()
    return row


def plain_teacher(place: Province, **profile: Any) -> User:
    """A teacher whose space has no interest, because the space was there before the profile."""
    user = factories.person("teacher", place.school)
    ensure_personal_space(user)
    if profile:
        grades = profile.pop("grades", ())
        made = TeachingProfile.objects.create(user=user, **profile)
        made.grades.set(grades)
    return user


def test_recommended_work_comes_to_the_audience_and_to_nobody_else() -> None:
    place = factories.province()
    maths, chinese = plain_teacher(place, subject=place.subject), plain_teacher(place, subject=place.other_subject)
    without, elsewhere = plain_teacher(place), factories.teacher(place, place.other_school)
    row = pushed(place)
    late = plain_teacher(place, subject=place.subject)
    assert got(maths) == got(late) == [row.work_id]
    assert got(chinese) == got(without) == got(elsewhere, tiers=True) == []
    assert Delivery.objects.filter(work=row.work_id, reason="recommended").count() == 1
    (item,) = inbox_page(ensure_personal_space(maths), maths)
    assert (item.reason, item.why) == ("recommended", "西湖区推荐：本周教研推荐")


def test_work_that_comes_for_many_reasons_stands_once_with_what_editors_say() -> None:
    place = factories.province()
    reader = factories.teacher(place)  # its interests meet the work too
    share = factories.shared(place)
    pushed(place, share)
    pushed(place, share, subject=None, words="")
    (item,) = inbox_page(ensure_personal_space(reader), reader)
    assert item.why == "西湖区推荐；西湖区推荐：本周教研推荐"


def test_recommended_is_counted_as_new_in_one_query_as_the_inbox_counts(django_assert_num_queries: Any) -> None:
    place = factories.province()
    reader = plain_teacher(place, subject=place.subject)
    pushed(place)
    reader = User.objects.get(pk=reader.pk)
    assert unseen_count(ensure_personal_space(reader), reader) == 1
    with django_assert_num_queries(1):
        assert unseen_in_own_space(reader) == 1


@pytest.mark.parametrize("readers", Readers.values)
@pytest.mark.parametrize("narrowed", ["", "stage", "subject", "grade", "subject grade"])
def test_people_of_an_audience_are_those_who_belong_to_it(readers: str, narrowed: str) -> None:
    place = factories.province()
    other_stage = Stage.objects.create(code="junior", name="初中", sector="basic", order=3)
    other_grade = Grade.objects.create(stage=other_stage, name="七年级", order=7)
    pupil = factories.pupil(place)
    PupilProfile.objects.create(user=pupil, grade=place.grade)
    gone = factories.teacher(place)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    past = factories.teacher(place)
    past.memberships.update(until="2020-01-01T00:00Z", since="2019-01-01T00:00Z")
    people = [
        pupil, past, factories.parent(place, pupil), factories.pupil(place), factories.teacher(place),
        factories.teacher(place, place.other_school), plain_teacher(place), plain_teacher(place, subject=place.subject),
        plain_teacher(place, stage=place.stage), plain_teacher(place, grades=[place.grade, other_grade]),
        plain_teacher(place, subject=place.other_subject, grades=[other_grade]), factories.person("editor", place.city),
        factories.person("publisher", place.county),
    ]  # fmt: skip
    facets: dict[str, Any] = {name: getattr(place, name) for name in narrowed.split()}
    if readers == Readers.PUPILS and "subject" in facets:
        with pytest.raises(PupilsHaveNoSubject):
            audience_of(place.county, readers=readers, **facets)
        return
    audience = audience_of(place.county, readers=readers, **facets)
    meant = set(people_of(audience).values_list("pk", flat=True))
    belong = {user.pk for user in people if audience in of_person(User.objects.get(pk=user.pk))}
    assert meant & {user.pk for user in people} == belong
    assert gone.pk not in meant


def test_audience_of_equal_parts_is_one_row_and_parts_must_fit() -> None:
    place = factories.province()
    by_grade = audience_of(place.county, grade=place.grade)
    assert audience_of(place.county, grade=place.grade, stage=place.stage) == by_grade
    other = Stage.objects.create(code="junior", name="初中", sector="basic", order=3)
    with pytest.raises(InterestMismatch):
        audience_of(place.county, grade=place.grade, stage=other)
    with pytest.raises(InterestMismatch):
        audience_of(place.county, subject=place.subject, stage=other)
    assert str(by_grade) == "西湖区 · 教师 · 三年级"


def test_subject_space_of_a_school_is_meant_too() -> None:
    place = factories.province()
    row = pushed(place)
    tender = factories.person("editor", place.school)
    space, other = (ensure_subject_space(place.school, one) for one in (place.subject, place.other_subject))
    assert [item.work.pk for item in inbox_page(space, tender, tiers=False)] == [row.work_id]
    assert inbox_page(other, tender, tiers=False) == []


def test_withdrawn_leaves_at_once_and_stays_away() -> None:
    place = factories.province()
    reader = plain_teacher(place, subject=place.subject)
    row = pushed(place)
    for _time in range(2):
        withdraw_recommendation(row, by=row.by)
        settling.settle(Work.objects.get(pk=row.work_id))
        settling.finish_recommendation(str(row.pk), None)
        assert got(reader) == []
    assert Entry.objects.filter(verb="share:withdraw_recommendation").count() == 1
    again = pushed(place, Share.objects.get(), by=row.by, words="再推一次")
    assert got(reader) == [again.work_id]


def test_recall_takes_it_away_and_a_new_share_brings_it_back() -> None:
    place = factories.province()
    reader = plain_teacher(place, subject=place.subject)
    row = pushed(place)
    share = Share.objects.get()
    recall_share(share, by=share.shared_by, reason="教材改版")
    assert got(reader) == []
    assert not recommendations(row.by).get().reaches_them
    share_work(share.work, scope=place.county, by=share.shared_by)
    drain()
    assert got(reader) == [row.work_id]
    assert recommendations(row.by).get().reaches_them


def test_recall_of_one_of_two_shares_takes_it_from_whom_it_no_longer_reaches() -> None:
    place = factories.province()
    narrow = school_share(place)
    publisher, school = narrow.shared_by, place.school
    first = share_work(narrow.work, scope=place.county, by=publisher)
    for scope in (place.county, school):
        pushed(place, first, organisation=scope, by=publisher)
    reader = plain_teacher(place, subject=place.subject)
    recall_share(first, by=publisher, reason="只给本校")
    assert got(reader) == [first.work_id]
    kept = Delivery.objects.get(work=first.work_id, reason="recommended")
    assert kept.token == f"g{audience_of(school, subject=place.subject).pk}"


def test_retired_work_is_recommended_to_nobody() -> None:
    place = factories.province()
    row = pushed(place)
    share = Share.objects.get()
    retire(Submission.objects.get(work=row.work_id), by=share.shared_by, reason="不再适用")
    settling.finish_recommendation(str(row.pk), None)
    assert not Delivery.objects.exists()
    with pytest.raises(NotPublished):
        pushed(place, share)


def test_deliveries_are_rebuilt_from_what_stands() -> None:
    place = factories.province()
    row = pushed(place)
    before = Delivery.objects.filter(reason="recommended").values("token", "work", "at", "words", "source").get()
    Delivery.objects.all().delete()
    for _time in range(2):
        settling.settle(Work.objects.get(pk=row.work_id))
    after = Delivery.objects.filter(reason="recommended").values("token", "work", "at", "words", "source").get()
    assert after == before
    assert before["at"] == row.at


def test_same_again_changes_nothing_and_a_colleague_is_told() -> None:
    place = factories.province()
    row = pushed(place)
    share = Share.objects.get()
    assert pushed(place, share, by=row.by).pk == row.pk
    assert Entry.objects.filter(verb="share:recommend").count() == 1
    for more in ({"by": row.by, "words": "换一句"}, {}):
        with pytest.raises(AlreadyRecommended) as caught:
            pushed(place, share, **more)
        assert caught.value.source == "西湖区"
    assert Recommendation.objects.count() == Delivery.objects.filter(reason="recommended").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():  # the database's own word, for two at the same moment
        Recommendation.objects.create(work=share.work, audience=row.audience, source=row.source, by=row.by)


def test_who_may_recommend_is_one_rule_read_twice() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author)
    hidden = factories.published(place).work
    may = {
        factories.person("editor", place.county): {share.work_id},
        factories.person("editor", place.school): {share.work_id, hidden.pk},
        factories.person("publisher", place.county): {share.work_id, hidden.pk},
        factories.person("editor", place.other_county): set(),
        factories.person("publisher", place.other_county): set(),
        author: set(), factories.teacher(place): set(), factories.pupil(place): set(),
        factories.person("administrator", place.county): set(), factories.person("operator", place.province): set(),
        factories.person("expert", place.county): set(),
    }  # fmt: skip
    for user, works in may.items():
        person = User.objects.get(pk=user.pk)
        assert set(Work.objects.filter(rules.recommendable_q(person)).values_list("pk", flat=True)) == works
        assert {work.pk for work in Work.objects.all() if rules.allows_recommending(person, work)} == works
        if not works:
            with pytest.raises(PermissionDenied):
                recommend(share.work, organisation=place.county, by=person)
    writes = factories.person("editor", place.county)
    own = factories.shared(place, factories.teacher(place))
    Work.objects.filter(pk=own.work_id)  # an editor's own work is recommended by somebody else
    own.work.coauthors.create(user=writes)
    with pytest.raises(PermissionDenied):
        recommend(own.work, organisation=place.county, by=writes)
    assert not Recommendation.objects.exists()


def test_audience_must_be_below_the_editor_and_see_the_work() -> None:
    place = factories.province()
    share = factories.shared(place)
    editor, provincial = factories.person("editor", place.county), factories.person("editor", place.province)
    for outside in (place.city, place.other_county, place.other_school):
        with pytest.raises(AudienceOutOfReach):
            recommend(share.work, organisation=outside, by=editor)
    publisher = factories.person("publisher", place.province)
    assert recommend(share.work, organisation=place.school, by=editor).source == place.county
    with pytest.raises(AudienceCannotSee) as caught:
        recommend(share.work, organisation=place.city, by=publisher)
    assert caught.value.organisation == "杭州市"
    assert provincial.pk  # the province sees nothing of a county's share, so it has nothing to recommend
    with pytest.raises(PermissionDenied):
        recommend(share.work, organisation=place.county, by=provincial)
    place.school.is_active = False
    with pytest.raises(AudienceOutOfReach):
        recommend(share.work, organisation=place.school, by=editor, grade=place.grade)


def test_unshared_work_is_not_recommended() -> None:
    place = factories.province()
    work = factories.published(place).work
    with pytest.raises(NotShared):
        recommend(work, organisation=place.school, by=factories.person("editor", place.school))


def test_records_are_of_the_own_organisations_and_below() -> None:
    place = factories.province()
    row = pushed(place)
    keepers = {
        row.by: True,
        factories.person("publisher", place.county): True,
        factories.person("editor", place.city): True,
        factories.person("editor", place.school): False,
        factories.person("editor", place.other_county): False,
        factories.teacher(place): False,
        factories.person("administrator", place.county): False,
    }
    for user, keeps in keepers.items():
        person = User.objects.get(pk=user.pk)
        assert (rules.keeps(person, row), recommendations(person).exists()) == (keeps, keeps)
        if not keeps:
            with pytest.raises(PermissionDenied):
                withdraw_recommendation(row, by=person)
    withdraw_recommendation(row, by=factories.person("editor", place.city))


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user, key__startswith="pushed").values_list("text", flat=True))


def test_small_audience_is_told_once() -> None:
    place = factories.province()
    reader, averse = plain_teacher(place, subject=place.subject), plain_teacher(place, subject=place.subject)
    share = factories.shared(place)
    set_hidden(ensure_personal_space(averse), share.work, by=averse, hidden=True)
    row = pushed(place, share)
    settling.finish_recommendation(str(row.pk), None)
    pushed(place, share, grade=None, subject=None, by=row.by)
    assert told(reader) == [f"西湖区推荐了《{share.work.title}》：本周教研推荐"]
    assert told(averse) == told(share.work.owner) == []
    late = plain_teacher(place, subject=place.subject)
    settling.settle(share.work)
    assert told(late) == []


def test_large_audience_is_told_by_the_digest_only(monkeypatch: pytest.MonkeyPatch) -> None:
    place = factories.province()
    reader, _other = (plain_teacher(place, subject=place.subject) for _ in range(2))
    monkeypatch.setattr(telling, "MOST_TOLD", 1)
    pushed(place)
    assert told(reader) == []
    Message.objects.filter(topic=digest.DIGEST).delete()
    settling.outbox.add(digest.DIGEST, settling.outbox.RECURRING)
    drain()
    assert Notice.objects.filter(recipient=reader, text__startswith="最近一天有 1 件").count() == 1


def test_delivering_and_reading_cost_the_same_with_one_and_with_three(django_assert_max_num_queries: Any) -> None:
    place = factories.province()
    reader = factories.teacher(place)
    space = ensure_personal_space(reader)
    share = factories.shared(place)
    editor = factories.person("editor", place.county)
    for facets in ({}, {"grade": place.grade}, {"stage": place.stage}):
        pushed(place, share, by=editor, **facets)
        with django_assert_max_num_queries(5):
            settling.settle_recommended(share.work)
        with django_assert_max_num_queries(10):
            assert len(inbox_page(space, User.objects.get(pk=reader.pk))) == 1
    assert Audience.objects.count() == 3
