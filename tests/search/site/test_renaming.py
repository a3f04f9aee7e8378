"""A new name, or another place in the tree, reaches every document in which the old one stands."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models.signals import post_save, pre_save

from cms.library.models import TaggedWork, Work
from cms.outbox import worker
from cms.outbox.models import Message
from cms.people.accounts import save_teaching_profile, set_findable
from cms.spaces.actions import ensure_school_space, ensure_subject_space
from cms.spaces.models import Space
from cms.taxonomy.models import KnowledgePoint, Tag
from search.documents import every_id, ops_for
from search.documents.spaces import documents_of
from search.engines import engine
from search.indexing import receivers_names, renaming
from search.query import parse
from tests import factories
from tests.factories import Province

pytestmark = pytest.mark.django_db
CARRIED = ["public", "members", "colleagues"]
WORKS = {"about": ["work"]}


def found(text: str, **more: Any) -> list[str]:
    return sorted(hit.id for hit in engine().search(parse(text, tokens=CARRIED, **more)).hits)


def shared(place: Province, **facts: Any) -> Work:
    author = factories.teacher(place)
    return factories.shared(place, author, factories.resource(place, author, **facts), openly=True).work


def renamed(row: Any, name: object, field: str = "name") -> None:
    setattr(row, field, name)
    with transaction.atomic():
        row.save()


def owed() -> list[str]:
    return list(Message.objects.filter(topic=renaming.TOPIC, done_at=None).order_by("pk").values_list("ref", flat=True))


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("stage", "name"), ("subject", "name"), ("grade", "name"), ("edition", "name"), ("textbook", "title"),
        ("chapter", "name"), ("organisation", "name"), ("tag", "name"), ("knowledge", "name"),
    ],
)  # fmt: skip
def test_works_are_found_by_the_name_that_stands_now(kind: str, field: str) -> None:
    place = factories.province()
    mine = shared(place)
    row: Any
    if kind == "tag":
        row = Tag.objects.create(name="旧标签", slug="old")
        TaggedWork.objects.create(content_object=mine, tag=row)
    elif kind == "knowledge":
        row = KnowledgePoint.objects.create(key="k1", name="旧知识点")
        Work.knowledge.through.objects.create(work=mine, knowledgepoint=row)
    else:
        row = getattr(mine, kind)
    worker.drain()
    renamed(row, "蒹葭苍苍", field)
    worker.drain()
    assert found("蒹葭苍苍", filters=WORKS) == [str(mine.pk)]


def test_slow_worker_does_not_bring_back_the_name_before() -> None:
    """The second change is owed already, by the first, so it has no message of its own."""
    place = factories.province()
    mine = shared(place)
    worker.drain()
    renamed(place.edition, "蒹葭")
    read_before = ops_for([str(mine.pk)])  # by a worker that has another change of the work to see to
    renamed(place.edition, "白露")
    worker.drain()
    engine().bulk(read_before)
    assert (found("蒹葭", filters=WORKS), found("白露", filters=WORKS)) == ([], [str(mine.pk)])


def test_spaces_and_people_follow_the_subject_and_the_school() -> None:
    place = factories.province()
    person = factories.teacher(place)
    set_findable(person, findable=True)
    save_teaching_profile(person, stage=place.stage, subject=place.subject, edition=None, grades=[])
    school, maths = ensure_school_space(place.school), ensure_subject_space(place.school, place.subject)
    worker.drain()
    renamed(place.subject, "蒹葭")
    renamed(place.school, "白露小学")
    worker.drain()
    ours = [f"person:{person.pk}", f"space:{maths.pk}"]
    assert found("蒹葭") == ours
    assert found("白露小学") == sorted([*ours, f"space:{school.pk}"])
    assert found("白露小学蒹葭空间")[:1] == [f"space:{maths.pk}"]
    (document,) = documents_of(Space.objects.filter(pk=maths.pk), 1)
    assert document.title == "白露小学蒹葭空间"


def test_only_a_new_name_owes_and_what_is_owed_already_is_owed_once() -> None:
    place = factories.province()
    worker.drain()
    renamed(place.subject, 7, "order")
    renamed(place.subject, place.subject.name)
    assert owed() == []
    renamed(place.subject, "蒹葭")
    renamed(place.subject, "白露")
    assert owed() == [f"subject:{place.subject.pk} {about} 0" for about in ("work", "space", "person")]
    worker.drain()
    renamed(place.subject, "苍苍")
    assert len(owed()) == 3


def test_name_that_was_not_kept_owes_nothing() -> None:
    place = factories.province()
    place.grade.name = "蒹葭"
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        place.grade.save()
        raise ZeroDivisionError
    assert owed() == []


def test_documents_are_walked_through_in_batches_each_its_own_message(monkeypatch: pytest.MonkeyPatch) -> None:
    place = factories.province()
    ids = [str(shared(place).pk) for _ in range(5)]
    worker.drain()
    monkeypatch.setattr(renaming, "BATCH", 2)
    renamed(place.edition, "蒹葭")
    for done in (2, 4, 5):
        assert len(owed()) == 1
        worker.run_one()
        assert found("蒹葭") == ids[:done]
    assert owed() == []


def test_walk_ends_where_the_name_has_changed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    place = factories.province()
    ids = [str(shared(place).pk) for _ in range(3)]
    worker.drain()
    monkeypatch.setattr(renaming, "BATCH", 2)
    renamed(place.edition, "蒹葭")
    message = Message.objects.get(topic=renaming.TOPIC)
    last = renaming.index_batch(message.ref)
    message.delete()
    renamed(place.edition, "白露")
    renaming.owe_the_next(message.ref, last)
    assert owed() == [message.ref]
    worker.drain()
    assert (found("白露"), found("蒹葭")) == (ids, [])
    assert {id_ for id_, _version in engine().versions()} == every_id()


def test_only_tables_with_a_name_are_listened_to() -> None:
    for signal, heard in ((pre_save, receivers_names.compare), (post_save, receivers_names.look_where_it_stands)):
        assert heard in signal._live_receivers(Tag)[0]
        assert heard not in signal._live_receivers(Message)[0]
