"""Spaces and people who agreed to be found: who finds them, who never does, and what changes the index."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from cms.audit.models import Entry
from cms.library.actions.authoring import add_coauthor, remove_coauthor
from cms.outbox import worker
from cms.outbox.models import Message
from cms.people import rules as people_rules
from cms.people.accounts import end_membership, save_teaching_profile, set_active, set_findable
from cms.people.models import Membership, User
from cms.people.signals import person_changed
from cms.spaces import rules as space_rules
from cms.spaces.actions import ensure_personal_space, ensure_school_space, ensure_subject_space, introduce
from cms.spaces.models import Space
from search.documents import every_id, ops_for, people, spaces
from search.documents.sources import SOURCES
from search.engines import engine
from search.engines.base import DeleteOp, Document, IndexOp
from search.finding import find
from search.indexing.checking import check
from search.indexing.rebuilding import rebuild
from search.permission import tokens_of
from search.query import parse
from tests import factories
from tests.factories.chain import GOOD
from workflows.review.actions.panel import record_review

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def test_who_writes_with_somebody_finds_the_work_and_who_does_no_longer_does_not() -> None:
    place = factories.province()
    owner, other = factories.teacher(place), factories.teacher(place, place.other_school)
    work = factories.published(place, owner).work
    worker.drain()
    for change, found in ((add_coauthor, 1), (remove_coauthor, 0)):
        change(work, other, by=owner)
        worker.drain()
        assert (find(other, work.title).total, find(owner, work.title).total) == (found, 1)


def held() -> set[str]:
    """Ids in the index."""
    return {id_ for id_, _version in engine().versions()}


def agreed(place: factories.Province, name: str = "王小满") -> User:
    person = factories.teacher(place)
    person.name = name
    person.save()
    set_findable(person, findable=True)
    return person


def test_only_adults_who_work_here_can_agree() -> None:
    place = factories.province()
    pupil, teacher = factories.pupil(place), factories.teacher(place)
    parent = factories.parent(place, pupil)
    for person in (pupil, parent):
        with pytest.raises(PermissionDenied):
            set_findable(person, findable=True)
    both = factories.pupil(place)  # a pupil is a pupil, whatever else somebody made of them
    Membership.objects.create(user=both, organisation=place.school, role="teacher")
    with pytest.raises(PermissionDenied):
        set_findable(both, findable=True)
    set_findable(teacher, findable=True)
    given = User.objects.get(pk=teacher.pk).findable_since
    set_findable(teacher, findable=True)
    assert User.objects.get(pk=teacher.pk).findable_since == given is not None
    set_findable(teacher, findable=False)
    verbs = list(Entry.objects.filter(subject_id=str(teacher.uuid)).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["account:findable", "account:not_findable"]


def test_pupils_and_parents_are_in_no_index_even_when_flagged() -> None:
    place = factories.province()
    pupil = factories.pupil(place)
    person, parent = agreed(place), factories.parent(place, pupil)
    User.objects.filter(pk__in=[pupil.pk, parent.pk]).update(findable_since=person.findable_since)
    both = agreed(place, "后来当学生")
    Membership.objects.create(user=both, organisation=place.school, role="pupil")
    rebuild()
    assert {id_ for id_ in held() if id_.startswith("person:")} == {f"person:{person.pk}"}


def test_private_and_personal_spaces_are_in_no_index() -> None:
    place = factories.province()
    ensure_personal_space(factories.teacher(place))
    ensure_personal_space(factories.pupil(place))
    school, subject = ensure_school_space(place.school), ensure_subject_space(place.school, place.subject)
    Space.objects.filter(pk=subject.pk).update(is_private=True)
    rebuild()
    assert held() == {f"space:{school.pk}"}


def test_tokens_agree_with_the_rules() -> None:
    place = factories.province()
    pupil = factories.pupil(place)
    agreed(place)
    agreed(place, "周之行")
    ensure_school_space(place.school)
    ensure_subject_space(place.other_school, place.subject)
    left = factories.teacher(place)
    Membership.objects.filter(user=left).update(until="2020-01-01T00:00:00Z", since="2019-01-01T00:00:00Z")
    gone = factories.teacher(place)
    gone.is_active = False
    gone.save()
    asking: list[Any] = [
        NOBODY, pupil, factories.parent(place, pupil), factories.teacher(place), factories.expert(place), left, gone,
        factories.person("administrator", place.province), factories.person("operator", place.nation),
    ]  # fmt: skip
    for user in asking:
        carried = set(tokens_of(user))
        for document in spaces.documents_of(spaces.live(), 1):
            space = Space.objects.get(pk=document.id.removeprefix("space:"))
            listed = Space.objects.filter(space_rules.as_q(user, "view"), pk=space.pk).exists()
            assert bool(carried & set(document.acl)) == listed == space_rules.allows(user, "view", space), user
        for document in people.documents_of(people.live(), 1):
            person = User.objects.get(pk=document.id.removeprefix("person:"))
            listed = User.objects.filter(people_rules.as_q(user, "find"), pk=person.pk).exists()
            assert bool(carried & set(document.acl)) == listed == people_rules.allows(user, "find", person), user


def test_a_persons_document_tells_nothing_but_name_place_and_subject() -> None:
    place = factories.province()
    person = agreed(place)
    introduce(ensure_personal_space(person), "研究计算教学二十年", by=person)
    Membership.objects.create(user=person, organisation=place.county, role="expert")
    (document,) = people.documents_of(people.live(), 1)
    assert document.title == "王小满"
    assert document.summary == "研究计算教学二十年"
    assert set(document.keywords.split()) == {
        "wangxiaoman", "wxm", "西湖区求知小学", "小学", "数学", "三年级",
    }  # fmt: skip
    everything = repr(document)
    assert person.username not in everything
    assert "example.org" not in everything
    assert "专家" not in everything
    assert "expert" not in everything


def test_what_changes_a_document_changes_the_index() -> None:
    place = factories.province()
    administrator = factories.person("administrator", place.county)
    person, other = agreed(place), agreed(place, "周之行")
    worker.drain()
    assert held() == {f"person:{person.pk}", f"person:{other.pk}"}
    set_findable(person, findable=False)
    worker.drain()
    assert held() == {f"person:{other.pk}"}
    set_findable(person, findable=True)
    set_active(other, active=False, by=administrator)
    worker.drain()
    assert held() == {f"person:{person.pk}"}
    set_active(other, active=True, by=administrator)
    save_teaching_profile(person, stage=None, subject=place.other_subject, edition=None, grades=[])
    worker.drain()
    chinese = parse("", filters={"subject": [str(place.other_subject.pk)]}, tokens=tokens_of(administrator))
    assert [hit.id for hit in engine().search(chinese).hits] == [f"person:{person.pk}"]
    end_membership(Membership.objects.get(user=other), by=administrator)
    worker.drain()
    assert held() == {f"person:{person.pk}"}
    school = ensure_school_space(place.school)
    worker.drain()
    assert held() == {f"person:{person.pk}", f"space:{school.pk}"}


def test_who_did_not_agree_owes_the_index_nothing() -> None:
    place = factories.province()
    person = factories.teacher(place)
    ensure_personal_space(person)
    save_teaching_profile(person, stage=None, subject=place.other_subject, edition=None, grades=[])
    assert not Message.objects.filter(topic="search.index").exists()


def test_check_mends_all_kinds_in_both_directions() -> None:
    place = factories.province()
    share = factories.shared(place, openly=True)
    person, school = agreed(place), ensure_school_space(place.school)
    rebuild()
    assert check(mend=False).none
    mine = [f"space:{school.pk}", f"person:{person.pk}", str(share.work_id)]
    documents = {op.document.id: op.document for op in _ops(mine)}
    engine().bulk(DeleteOp(id=id_, version=documents[id_].version) for id_ in mine)
    stray = [f"{source.prefix}999" for source in SOURCES]
    engine().bulk(IndexOp(type(documents[mine[0]])(id=id_, version=1, title="多余", acl=["public"])) for id_ in stray)
    found = check(mend=True)
    assert (set(found.missing), set(found.surplus)) == (set(mine), set(stray))
    assert check(mend=False).none
    assert held() == every_id()


def test_check_does_not_take_out_what_went_live_while_it_looked() -> None:
    submission = factories.at_expert_review(factories.province())
    *earlier, last = submission.current_round().assignments.all()
    for assignment in earlier:
        record_review(submission, by=assignment.expert, verdict="approve", scores=GOOD)
    strays = [str(submission.work_id), "nobody's"]
    engine().bulk(IndexOp(Document(id=id_, version=1, title="多余", acl=["public"])) for id_ in strays)
    waiting = [last]
    looked: list[str] = []

    def meanwhile(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        """The last expert decides when all has been read and nothing is written yet."""
        if waiting and looked:
            record_review(submission, by=waiting.pop().expert, verdict="approve", scores=GOOD)
            worker.drain()
        if 'FROM "outbox_message"' in sql and "GROUP BY" in sql:  # what has changed: the last that is looked at
            looked.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(meanwhile):
        found = check(mend=True)
    assert not waiting
    assert set(strays) <= set(found.surplus)
    assert str(submission.work_id) in held()
    assert held() == every_id()


def test_works_are_found_by_the_name_their_author_has_now() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author, openly=True)
    worker.drain()
    author.name = "欧阳静远"
    author.save(update_fields=["name"])
    person_changed.send(sender=User, user=author)
    worker.drain()
    found = engine().search(parse("欧阳静远", tokens=["public"]))
    assert [hit.id for hit in found.hits] == [str(share.work_id)]


def _ops(ids: list[str]) -> list[IndexOp]:
    return [op for op in ops_for(ids) if isinstance(op, IndexOp)]


@pytest.mark.parametrize("many", [1, 3])
def test_documents_cost_a_fixed_number_of_queries(many: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    place = factories.province()
    for number in range(many):
        ensure_personal_space(agreed(place, f"王小满{number}"))
        place.other_subject.pk = None
        place.other_subject.name = f"学科{number}"
        place.other_subject.save()
        ensure_subject_space(place.school, place.other_subject)
    with django_assert_num_queries(1):
        assert len(spaces.documents_of(spaces.live(), 1)) == many
    with django_assert_num_queries(4):
        assert len(people.documents_of(people.live(), 1)) == many
