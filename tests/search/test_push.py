"""Push: into the inboxes it fits, nobody else's; out again at once; whatever is repeated or lost on the way."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cms.library.models import Work
from cms.outbox.actions import WAITING, prune
from cms.outbox.models import Message
from cms.outbox.worker import drain
from cms.people.models import User
from cms.spaces.actions import (
    add_interest,
    ensure_school_space,
    follow,
    interest_in,
    mark_inbox_seen,
    remove_interest,
    take_interest,
)
from cms.spaces.inbox import delivered, inbox_page
from cms.spaces.models import Delivery, Interest
from cms.spaces.unseen import unseen_count
from cms.taxonomy.models import Grade
from search.push import settling
from tests import factories
from tests.factories.province import Province
from tests.search.pushing import Who, killed, reader, school_share
from workflows.review.actions.publishing import retire
from workflows.review.models import Submission
from workflows.sharing.actions import recall_share, share_work

pytestmark = pytest.mark.django_db


def got(who: Who) -> list[int]:
    user, space = who
    return list(delivered(space, user).values_list("work", flat=True))


def test_shared_work_comes_to_the_interests_it_meets_and_to_no_other() -> None:
    place = factories.province()
    fits = [
        reader(
            place,
            stage_id=place.stage.pk,
            subject_id=place.subject.pk,
            grade_id=place.grade.pk,
            edition_id=place.edition.pk,
        ),
        reader(place, subject_id=place.subject.pk),
        reader(place, stage_id=place.stage.pk),
    ]
    misses = [reader(place, subject_id=place.other_subject.pk), reader(place)]
    share = school_share(place)
    drain()
    assert [got(who) for who in fits] == [[share.work_id]] * 3
    assert [got(who) for who in misses] == [[], []]
    assert inbox_page(fits[0][1], fits[0][0])[0].reason == "interest"
    assert unseen_count(fits[0][1], fits[0][0]) == 1


def test_interest_never_opens_what_was_not_shared_with_the_reader() -> None:
    place = factories.province()
    stranger = reader(place, place.other_school, subject_id=place.subject.pk)
    share = school_share(place)
    drain()
    assert Delivery.objects.filter(work=share.work_id).exists()
    assert got(stranger) == []


def test_followers_of_author_and_of_the_school_get_it() -> None:
    place = factories.province()
    author = factories.teacher(place)
    of_author, of_school, of_nobody = reader(place), reader(place), reader(place)
    follow(of_author[1], by=of_author[0], author=author)
    follow(of_school[1], by=of_school[0], followed=ensure_school_space(place.school))
    share = school_share(place, author=author)
    drain()
    assert got(of_author) == got(of_school) == [share.work_id]
    assert got(of_nobody) == []
    assert inbox_page(of_author[1], of_author[0])[0].reason == "followed_author"
    assert inbox_page(of_school[1], of_school[0])[0].reason == "followed_space"


def test_share_above_the_school_is_pushed_to_everybody_below_that_tier() -> None:
    """S42; apart from what meets somebody's interests, so that it does not drown that."""
    place = factories.province()
    below = [reader(place, place.county), reader(place)]
    share = factories.shared(place)
    drain()
    assert [got(who) for who in below] == [[share.work_id]] * 2
    assert [list(delivered(space, user, tiers=False)) for user, space in below] == [[], []]
    assert [unseen_count(space, user) for user, space in below] == [0, 0]
    assert got(reader(place, place.other_county)) == []
    assert got(reader(place, place.city)) == []


def test_late_follower_and_late_interest_see_the_past() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = school_share(place, author=author)
    drain()
    late = reader(place)
    follow(late[1], by=late[0], author=author)
    assert got(late) == [share.work_id]
    newcomer = reader(place, grade_id=place.grade.pk)
    assert got(newcomer) == []
    drain()
    assert got(newcomer) == [share.work_id]
    assert inbox_page(newcomer[1], newcomer[0])[0].at == share.shared_at


def test_past_is_owed_once_for_an_interest_however_many_take_it_up() -> None:
    place = factories.province()
    for _number in range(3):
        reader(place, grade_id=place.grade.pk)
    assert Message.objects.filter(topic=settling.PUSH_PAST).count() == 1


def test_past_is_owed_once_though_the_outbox_forgets_what_is_done() -> None:
    place = factories.province()
    user, space = reader(place, grade_id=place.grade.pk)
    first = space.interests.get()
    drain()
    prune(older_than=timedelta(0))
    assert not Message.objects.filter(topic=settling.PUSH_PAST).exists()
    second = add_interest(space, by=user, subject_id=place.subject.pk)
    reader(place, grade_id=place.grade.pk)
    assert list(Message.objects.filter(topic=settling.PUSH_PAST).values_list("ref", flat=True)) == [str(second.pk)]
    drain()
    prune(older_than=timedelta(0))
    for _twice in range(2):
        remove_interest(space, first, by=user)
    add_interest(space, by=user, grade_id=place.grade.pk)
    assert not Message.objects.filter(topic=settling.PUSH_PAST).exists()


def test_past_of_an_interest_whose_taking_up_was_not_kept_is_owed_to_the_next() -> None:
    place = factories.province()
    user, space = reader(place)
    wanted = interest_in(words=["浮力"])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take_interest(space, wanted, by=user)
        raise ZeroDivisionError
    assert not Message.objects.filter(topic=settling.PUSH_PAST).exists()
    take_interest(space, wanted, by=user)
    assert list(Message.objects.filter(topic=settling.PUSH_PAST).values_list("ref", flat=True)) == [str(wanted.pk)]
    assert Interest.objects.get(pk=wanted.pk).taken_up


def test_past_costs_the_same_with_one_work_and_with_four_and_locks_no_key() -> None:
    place = factories.province()
    costs = []
    for more in (1, 3):
        for _number in range(more):
            school_share(place)
        wanted = interest_in(filters={"subject": [str(place.subject.pk)], "kind": ["resource"] * more})
        Delivery.objects.all().delete()
        met = settling.look_back(str(wanted.pk))
        with CaptureQueriesContext(connection) as captured:
            settling.finish_past(str(wanted.pk), met)
        costs.append(len(captured))
    assert Delivery.objects.count() == 4
    assert len(set(costs)) == 1
    locks = [query["sql"] for query in captured if "FOR " in query["sql"]]
    assert len(locks) == connection.features.has_select_for_no_key_update
    assert all("FOR NO KEY UPDATE" in lock for lock in locks)


def test_recall_takes_it_out_of_every_inbox_at_once() -> None:
    place = factories.province()
    who = reader(place, subject_id=place.subject.pk)
    share = school_share(place)
    drain()
    recall_share(share, by=share.shared_by, reason="教材改版")
    assert not Delivery.objects.exists()
    assert got(who) == []


def test_recall_of_one_of_two_shares_leaves_the_other_audience() -> None:
    place = factories.province()
    publisher = factories.person("publisher", place.county)
    second = school_share(place)
    first = share_work(second.work, scope=place.county, by=publisher)
    drain()
    recall_share(first, by=publisher, reason="只给兄弟学校")
    tokens = set(Delivery.objects.values_list("token", flat=True))
    assert f"o{place.county.pk}" not in tokens
    assert f"a{first.work.owner_id}" in tokens
    drain()
    assert set(Delivery.objects.values_list("token", flat=True)) == tokens
    recall_share(second, by=publisher, reason="不再共享")
    assert not Delivery.objects.exists()


def test_retired_work_leaves_every_inbox_at_once() -> None:
    place = factories.province()
    share = factories.shared(place)
    drain()
    retire(Submission.objects.get(work=share.work_id), by=share.shared_by, reason="不再适用")
    assert not Delivery.objects.exists()


def test_push_twice_late_or_after_a_recall_changes_nothing() -> None:
    place = factories.province()
    who = reader(place, subject_id=place.subject.pk)
    share = school_share(place)
    recall_share(share, by=share.shared_by, reason="先不共享")
    drain()  # the push was owed before the recall, and is carried out after it
    assert not Delivery.objects.exists()
    again = share_work(share.work, scope=share.scope, by=share.shared_by)
    drain()
    rows = list(Delivery.objects.order_by("pk").values())
    for _time in range(2):
        settling.finish_push(str(again.work_id), settling.met_interests(share.work))
    assert list(Delivery.objects.order_by("pk").values()) == rows
    settling.finish_push("999999", settling.met_interests(share.work))
    settling.finish_past("999999", settling.look_back("999999"))
    assert got(who) == [again.work_id]


def test_worker_killed_between_share_and_push_delivers_after_all(monkeypatch: pytest.MonkeyPatch) -> None:
    place = factories.province()
    who = reader(place, subject_id=place.subject.pk)
    drain()
    share = school_share(place)

    with monkeypatch.context() as patched:
        patched.setattr("cms.outbox.actions.mark_done", killed)  # at the last line of the transaction
        while Message.objects.filter(topic=settling.PUSH, attempts=0).exists():
            with pytest.raises(KeyboardInterrupt):
                drain()
    assert got(who) == []
    Message.objects.update(leased_until=None)
    drain()
    assert got(who) == [share.work_id]


def test_new_version_with_another_grade_meets_other_interests() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = school_share(place, author=author)
    before, late = reader(place, subject_id=place.subject.pk), reader(place)
    drain()
    assert (got(before), got(late)) == ([share.work_id], [])
    who = reader(place, subject_id=place.other_subject.pk)
    draft = Work.objects.get(pk=share.work_id).specific
    draft.subject, draft.textbook, draft.chapter = place.other_subject, None, None
    draft.save_revision(user=author)
    factories.published_from(factories.at_school_review(place, author, draft), place)
    drain()
    assert (got(who), got(before)) == ([share.work_id], [])  # the old version's readers do not keep the new one
    add_interest(late[1], by=late[0], subject_id=place.other_subject.pk, grade_id=place.grade.pk)
    drain()
    settling.finish_push(str(share.work_id), [])  # matched before the interests were there
    assert (got(who), got(late)) == ([share.work_id], [share.work_id])


def test_matching_costs_the_same_with_one_interest_and_with_thirty(django_assert_num_queries: Any) -> None:
    place = factories.province()
    work = Work.objects.get(pk=school_share(place).work_id)
    settling.settle(work)
    with django_assert_num_queries(24):
        settling.settle(work)
    for number in range(30):
        grade = Grade.objects.create(stage=place.stage, name=f"年级{number}", order=number)
        reader(place, grade_id=grade.pk)
        reader(place, subject_id=place.subject.pk)
    with django_assert_num_queries(24):
        settling.settle(work)


def test_saved_search_gets_what_it_would_find() -> None:
    """By words and several values of a facet; what was shared before it was saved, and what is shared after."""
    place = factories.province()
    author = factories.teacher(place)
    before = school_share(place, factories.resource(place, author, title="浮力的测量实验"), author)
    drain()
    user, space = reader(place)
    wanted = interest_in(words=["浮力"], filters={"kind": ["resource", "case_study"]})
    other = interest_in(words=["浮力"], filters={"kind": ["micro_course", "case_study"]})
    take_interest(space, wanted, by=user)
    drain()
    assert got((user, space)) == [before.work_id]
    after = school_share(place, factories.resource(place, author, title="浮力与密度"), author)
    school_share(place, factories.resource(place, author, title="分数的意义"), author)
    drain()
    assert set(got((user, space))) == {before.work_id, after.work_id}
    assert not Delivery.objects.filter(token=f"i{other.pk}").exists()


def test_interest_in_an_organisation_means_those_below_it_too() -> None:
    place = factories.province()
    share = school_share(place)
    here = interest_in(organisation=place.county)
    elsewhere = interest_in(organisation=place.school, filters={"subject": [str(place.other_subject.pk)]})
    drain()
    settling.settle(share.work)
    tokens = set(Delivery.objects.filter(work=share.work_id).values_list("token", flat=True))
    assert f"i{here.pk}" in tokens
    assert f"i{elsewhere.pk}" not in tokens


def other_subject(share: Any, author: User, place: Province) -> None:
    """A new version of the shared work, of another subject, goes through the chain."""
    draft = Work.objects.get(pk=share.work_id).specific
    draft.subject, draft.textbook, draft.chapter = place.other_subject, None, None
    draft.save_revision(user=author)
    factories.published_from(factories.at_school_review(place, author, draft), place)


def test_new_version_of_a_work_with_several_shares_is_pushed_once() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = school_share(place, author=author)
    share_work(share.work, scope=place.county, by=share.shared_by)
    drain()
    other_subject(share, author, place)
    assert Message.objects.filter(WAITING, topic=settling.PUSH).count() == 1


def test_match_that_comes_late_brings_no_version_to_whom_it_is_not_meant() -> None:
    """A slow worker has matched the old version and finishes when the new one has been pushed."""
    place = factories.province()
    author = factories.teacher(place)
    who = reader(place, subject_id=place.subject.pk)
    share = school_share(place, author=author)
    matched = settling.match_it(str(share.work_id))
    drain()
    assert got(who) == [share.work_id]
    other_subject(share, author, place)
    drain()
    assert got(who) == []

    settling.finish_push(str(share.work_id), matched)

    assert got(who) == []


def test_new_version_is_new_to_whom_the_old_one_was_not_meant() -> None:
    with time_machine.travel("2026-09-01T08:00+08:00"):
        place = factories.province()
        author = factories.teacher(place)
        share = school_share(place, author=author)
        drain()
        user, space = who = reader(place, subject_id=place.other_subject.pk)
    with time_machine.travel("2026-09-05T08:00+08:00"):
        drain()
        mark_inbox_seen(space, by=user)
    with time_machine.travel("2026-09-06T08:00+08:00"):
        other_subject(share, author, place)
        drain()
    space.refresh_from_db()

    with time_machine.travel("2026-09-07T08:00+08:00"):
        assert (got(who), unseen_count(space, user)) == ([share.work_id], 1)


def test_work_recalled_while_the_past_is_matched_does_not_come() -> None:
    place = factories.province()
    share = school_share(place)
    drain()
    user, space = reader(place)
    wanted = add_interest(space, by=user, subject_id=place.subject.pk)
    met = settling.look_back(str(wanted.pk))
    assert list(met) == [share.work_id]
    recall_share(share, by=factories.person("publisher", place.county), reason="有误")
    settling.finish_past(str(wanted.pk), met)

    assert not Delivery.objects.filter(work=share.work_id).exists()


@pytest.mark.parametrize("filters", [{}, {"subject": ["999999999999999999999", "x"]}])
def test_rare_word_of_the_past_is_found_behind_newer_works(
    monkeypatch: pytest.MonkeyPatch, filters: dict[str, list[str]]
) -> None:
    monkeypatch.setattr(settling, "MOST_PAST", 2)
    monkeypatch.setattr(settling, "AT_ONCE", 1)
    place = factories.province()
    author = factories.teacher(place)
    old = school_share(place, factories.resource(place, author, title="浮力的测量"), author)
    for _ in range(3):
        school_share(place, author=author)
    wanted = interest_in(words=["浮力"], filters={**filters, "kind": ["resource"]})

    assert list(settling.look_back(str(wanted.pk))) == ([] if filters else [old.work_id])


def test_past_that_was_looked_at_before_a_new_version_is_left_to_its_own_push() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = school_share(place, author=author)
    drain()
    user, space = who = reader(place)
    wanted = add_interest(space, by=user, subject_id=place.subject.pk)
    met = settling.look_back(str(wanted.pk))
    assert list(met) == [share.work_id]
    other_subject(share, author, place)

    settling.finish_past(str(wanted.pk), met)
    drain()

    assert got(who) == []
