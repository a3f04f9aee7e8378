"""Who does something leaves a trace of it, in the same transaction, once; what somebody reads or likes does not."""

import pytest

from cms.audit.models import Entry
from cms.people.accounts import save_teaching_profile
from cms.spaces.actions import (
    add_interest,
    ensure_personal_space,
    ensure_school_space,
    follow,
    introduce,
    mark_opened,
    remove_interest,
    set_hidden,
    unfollow,
)
from cms.spaces.models import Space
from cms.spaces.queries import follow_of
from tests import factories
from workflows.review.history import lines_for
from workflows.sharing.actions import adopt, end_adoption, recall_share, remix, share_work

pytestmark = pytest.mark.django_db


def told_of(space: Space) -> list[str]:
    return list(Entry.objects.filter(subject_id=str(space.uuid)).order_by("id").values_list("verb", flat=True))


def test_space_of_a_school_keeps_who_changed_what_it_follows() -> None:
    place = factories.province()
    keeper, author = factories.person("administrator", place.school), factories.teacher(place)
    space = ensure_school_space(place.school)
    for _twice in range(2):
        add_interest(space, by=keeper, subject_id=place.subject.pk)
        follow(space, by=keeper, author=author)
        introduce(space, "研究计算教学", by=keeper)
    interest = space.interests.get()
    for _twice in range(2):
        remove_interest(space, interest, by=keeper)
        if row := follow_of(space, author=author.uuid):
            unfollow(row, by=keeper)
    assert told_of(space) == [
        "space:add_interest", "space:follow", "space:introduce", "space:remove_interest", "space:unfollow",
    ]  # fmt: skip
    assert {entry.actor_id for entry in Entry.objects.filter(subject_id=str(space.uuid))} == {keeper.pk}


def test_own_space_is_nobody_elses_business() -> None:
    place = factories.province()
    author, reader = factories.teacher(place), factories.teacher(place)
    work = factories.shared(place, author).work
    space = ensure_personal_space(reader)
    before = Entry.objects.count()
    add_interest(space, by=reader, subject_id=place.other_subject.pk)
    follow(space, by=reader, author=author)
    introduce(space, "爱读书", by=reader)
    mark_opened(space, work, by=reader)
    set_hidden(space, work, by=reader, hidden=True)
    assert Entry.objects.count() == before


def test_history_of_a_work_tells_every_act_of_sharing_in_words() -> None:
    place = factories.province()
    author, colleague = factories.teacher(place), factories.teacher(place)
    publisher = factories.person("publisher", place.county)
    work = factories.published(place, author).work
    share = share_work(work, scope=place.county, by=publisher)
    adoption = adopt(work, space=ensure_personal_space(colleague), by=colleague)
    copy = remix(work, by=colleague)
    end_adoption(adoption, by=colleague)
    recall_share(share, by=publisher, reason="范围写错了")
    told = [line.text for line in reversed(lines_for(work, author))]
    space = f"{colleague.name}的空间"
    assert told[-6:] == [
        f"共享到{place.county.name}",
        f"选用到{space}",
        "改编出一件新作品",
        f"从{space}停用",
        f"收回到{place.county.name}的共享",
        "收回最后一处共享，作品只在本校可见",
    ]
    assert [line.text for line in lines_for(copy, colleague)] == [f"由《{work.title}》第 1 版改编而来"]


def test_changing_what_one_teaches_is_noted_once() -> None:
    place = factories.province()
    user = factories.teacher(place)
    for _twice in range(2):
        save_teaching_profile(user, stage=place.stage, subject=place.other_subject, edition=None, grades=[])
    (entry,) = Entry.objects.filter(verb="account:profile")
    assert entry.actor == user
