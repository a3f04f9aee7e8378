"""What stands in a work's files is found, once a worker has read them."""

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import transaction

from cms.library.actions.files import store_file
from cms.library.models import StoredFile
from cms.outbox.models import Message
from cms.outbox.worker import drain
from cms.people.models import User
from search.finding import find
from search.indexing.queueing import TOPIC as INDEX
from search.indexing.rebuilding import owe_every_text
from search.texts.actions import TOPIC
from search.texts.enums import TextState
from search.texts.models import FileText
from search.texts.reading import Reading
from search.texts.tasks import keep
from tests.factories import chain, people, works
from tests.factories.province import Province

pytestmark = pytest.mark.django_db

MEDIA = Path("fixtures/media/files")


def stored(by: User, name: str) -> StoredFile:
    content = ContentFile((MEDIA / name).read_bytes(), name=name)
    return store_file(content, name=name, by=by)


def shared_with_files(place: Province, *names: str) -> None:
    author = people.teacher(place)
    work = works.resource(place, author, files=[stored(author, name) for name in names])
    chain.shared(place, author, work, openly=True)


def total(text: str) -> int:
    return find(AnonymousUser(), text).total


def test_words_inside_files_find_the_work(place: Province) -> None:
    shared_with_files(place, "design-kingfisher.docx", "exercise-analects.pdf")
    assert total("翠鸟") == 0
    drain()
    assert total("翠鸟") == 1
    assert total("论语") == 1


@pytest.mark.parametrize(("state", "again"), [(TextState.READ, 1), (TextState.UNREADABLE, 0)])
def test_work_is_owed_to_the_index_in_the_transaction_that_keeps_its_words(
    place: Province, state: TextState, again: int
) -> None:
    shared_with_files(place, "design-kingfisher.docx")
    Message.objects.all().delete()
    with transaction.atomic():
        keep(str(StoredFile.objects.get().pk), Reading(state, "翠鸟" if again else ""))
        assert Message.objects.filter(topic=INDEX).count() == again
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not FileText.objects.exists()


def test_one_content_is_read_once_for_all_works(place: Province) -> None:
    shared_with_files(place, "design-kingfisher.docx")
    shared_with_files(place, "design-kingfisher.docx")
    drain()
    assert FileText.objects.get().state == TextState.READ
    assert total("翠鸟") == 2


def test_file_that_cannot_be_read_is_kept_with_the_reason_and_not_tried_again(place: Province) -> None:
    author = people.teacher(place)
    chain.shared(place, author, works.resource(place, author, files=[works.stored_file(author)]), openly=True)
    drain()
    kept = FileText.objects.get()
    assert kept.state == TextState.UNREADABLE
    assert kept.reason
    assert owe_every_text() == 0


def test_texts_thrown_away_are_owed_again(place: Province) -> None:
    shared_with_files(place, "design-kingfisher.docx")
    drain()
    FileText.objects.all().delete()
    assert owe_every_text() == 1
    assert Message.objects.filter(topic=TOPIC, done_at=None).count() == 1
    drain()
    assert total("翠鸟") == 1
