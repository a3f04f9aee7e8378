"""Suggestions while typing: by text, pinyin and initials, and never of what the visitor may not see."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from cms.library import rules as library_rules
from cms.library.models import Work
from cms.outbox import worker
from cms.people.models import User
from cms.people.signals import person_changed
from cms.taxonomy.models import Chapter, KnowledgePoint, Subject
from search import phrases
from search.indexing.rebuilding import rebuild
from search.models import LexiconVersion, Phrase
from search.phrases import TOPIC, refresh_titles, refresh_topics, tend
from search.suggesting import MOST_ASKED, suggest
from tests import factories
from tests.factories import Province
from tests.search.test_standby import nobody_listens
from workflows.review.actions.publishing import retire

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


@pytest.fixture
def place() -> Province:
    made = factories.province()
    author = factories.teacher(made)
    factories.shared(made, author, factories.resource(made, author, title="浮力实验"), openly=True)
    factories.published(made, author, factories.resource(made, author, title="浮标的秘密"))
    worker.drain()
    refresh_topics()
    return made


@pytest.mark.parametrize("typed", ["浮", "浮力", "fuli", "FuLi", "fulishiyan", "flsy", "浮 ", "ｆｕｌｉ", "实验"])
def test_open_titles_are_suggested_by_text_pinyin_and_initials(place: Province, typed: str) -> None:
    assert suggest(NOBODY, typed) == ["浮力实验"]


@pytest.mark.parametrize("typed", ["分数的", "fenshu", "fsdcb", "shuxue", "sx", "数"])
def test_topics_of_an_open_work_are_suggested_to_all(place: Province, typed: str) -> None:
    assert suggest(NOBODY, typed)[0] in ("分数的初步认识", "数学")


@pytest.mark.parametrize("typed", ["浮标", "fubiao", "fbdmm", "的秘密"])
def test_titles_are_suggested_only_to_who_may_see_them(place: Province, typed: str) -> None:
    for stranger in (NOBODY, factories.teacher(place, place.other_school), factories.person("teacher", place.county)):
        assert suggest(stranger, typed) == []
        assert "浮标" not in Client().get("/search/suggest/", {"q": typed}).content.decode()
    assert suggest(factories.pupil(place), typed) == ["浮标的秘密"]


def test_a_title_taken_down_is_no_longer_suggested() -> None:
    place = factories.province()
    share = factories.shared(place, openly=True)
    worker.drain()
    assert Phrase.objects.filter(work=share.work).exists()
    retire(share.submission, by=factories.person("administrator", place.school), reason="已过时")
    assert share.work.title not in suggest(NOBODY, share.work.title[:2])  # at once: the rule is asked
    worker.drain()
    assert not Phrase.objects.filter(work=share.work).exists()


def test_rebuild_fills_the_table_anew(place: Province) -> None:
    Phrase.objects.all().delete()
    rebuild()
    assert set(Phrase.objects.exclude(work=None).values_list("text", flat=True)) == {"浮力实验", "浮标的秘密"}
    assert Phrase.objects.filter(work=None, text="分数的初步认识").exists()


def test_titles_that_stand_as_they_are_are_not_written_again(place: Province) -> None:
    titles = Phrase.objects.exclude(work=None)
    same, renamed = (titles.values_list("pk", "work").get(text=text) for text in ("浮力实验", "浮标的秘密"))
    Work.objects.filter(pk=renamed[1]).update(title="浮舟")
    rebuild()
    assert set(titles.values_list("text", "initials", "pk")) == {
        ("浮力实验", "flsy", same[0]),
        ("浮舟", "fz", renamed[0]),
    }
    with CaptureQueriesContext(connection) as asked:
        refresh_titles([same[1], renamed[1]])
    assert [
        query["sql"] for query in asked if "search_phrase" in query["sql"] and "SELECT" not in query["sql"][:7]
    ] == []


def test_topics_follow_the_curriculum_and_cost_nothing_unchanged(
    place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    tend("recurring")
    chapter = Chapter.objects.create(textbook=place.textbook, name="第九单元 集合", order=9)
    Work.objects.filter(title="浮力实验").update(chapter=chapter)
    tend("recurring")
    assert suggest(NOBODY, "jihe") == ["集合"]
    with django_assert_max_num_queries(5):
        tend("recurring")
    version = LexiconVersion.objects.get()
    assert version.suggested == version.number
    Work.objects.filter(chapter=chapter).update(chapter=None)
    chapter.delete()
    tend("recurring")
    assert suggest(NOBODY, "jihe") == []
    assert TOPIC == "search.phrases"


def test_a_topic_is_shown_as_it_is_written_and_found_in_any_case(place: Province) -> None:
    chapter = Chapter.objects.create(textbook=place.textbook, name="Unit 4 I have a pen pal", order=9)
    Work.objects.filter(title="浮力实验").update(chapter=chapter)
    refresh_topics()
    for typed in ("i have", "I HAVE A", "ihave"):
        assert suggest(NOBODY, typed) == ["I have a pen pal"], typed
    Chapter.objects.filter(pk=chapter.pk).update(name="Unit 4 I Have a Pen Pal")
    refresh_topics()
    assert suggest(NOBODY, "i have") == ["I Have a Pen Pal"]


def test_a_subject_is_suggested_by_what_else_it_is_called(place: Province) -> None:
    Subject.objects.filter(pk=place.subject.pk).update(name="道德与法治")
    refresh_topics()
    for typed in ("道法", "daofa", "思品", "道德"):
        assert suggest(NOBODY, typed) == ["道德与法治"], typed


def test_topics_that_another_worker_has_just_written_are_no_trouble(
    place: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = set(Phrase.objects.filter(**phrases.TOPICS).values_list("text", flat=True))
    Phrase.objects.filter(**phrases.TOPICS).delete()
    made = phrases._phrase

    def quicker(*shown: str, **more: int) -> Phrase:
        if not Phrase.objects.filter(**phrases.TOPICS).exists():
            made(*shown, **more).save()
        return made(*shown, **more)

    monkeypatch.setattr(phrases, "_phrase", quicker)
    refresh_topics()
    assert set(Phrase.objects.filter(**phrases.TOPICS).values_list("text", flat=True)) == wanted


def test_titles_and_topics_are_suggested_while_the_index_is_away(place: Province, settings: Any) -> None:
    settings.SEARCH = {"engine": "elasticsearch", "hosts": nobody_listens()}
    assert suggest(NOBODY, "fuli") == ["浮力实验"]
    assert Client().get("/search/suggest/", {"q": "浮力"}).json()["items"] == ["浮力实验"]
    assert Client().get("/api/v1/search/suggest", {"q": "浮力"}).json() == ["浮力实验"]
    assert suggest(NOBODY, "实验") == []  # which only the index holds


def test_suggestions_have_a_fixed_number_of_queries(
    place: Province, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    user = factories.teacher(place)
    suggest(user, "fu")
    with django_assert_max_num_queries(5):
        suggest(user, "fu")
    with django_assert_max_num_queries(6):  # topics, authors, titles, and of each who may see what
        suggest(user, "fen")


def test_topics_are_suggested_where_they_lead_to_something(place: Province) -> None:
    """Of the work that is shared with its school alone, nobody else learns by a topic."""
    hidden, empty = (Chapter.objects.create(textbook=place.textbook, name=name, order=9) for name in ("集合", "集市"))
    point = KnowledgePoint.objects.create(subject=place.subject, stage=place.stage, name="集体舞")
    work = Work.objects.get(title="浮标的秘密")
    Work.objects.filter(pk=work.pk).update(chapter=hidden)
    Work.knowledge.through.objects.create(work_id=work.pk, knowledgepoint=point)
    refresh_topics()
    assert Phrase.objects.filter(text=empty.name).exists()
    for stranger in (NOBODY, factories.teacher(place, place.other_school), factories.person("teacher", place.county)):
        assert suggest(stranger, "集") == suggest(stranger, "jihe") == []
    assert sorted(suggest(factories.pupil(place), "集")) == ["集体舞", "集合"]
    Work.objects.filter(pk=work.pk).update(chapter=empty)
    assert sorted(suggest(factories.pupil(place), "集")) == ["集体舞", "集市"]  # asked anew each time


def test_a_subject_is_suggested_where_it_has_works(place: Province) -> None:
    Subject.objects.create(name="数据科学")
    refresh_topics()
    assert suggest(NOBODY, "shu") == suggest(NOBODY, "数") == ["数学"]


def test_where_topics_stand_is_put_right_and_else_left_alone(place: Province) -> None:
    through = Phrase.chapters.through.objects
    before = set(through.values_list("pk", flat=True))
    assert before
    refresh_topics()
    assert set(through.values_list("pk", flat=True)) == before
    again = Chapter.objects.create(textbook=place.textbook, name="9 分数的初步认识", order=9)
    refresh_topics()
    assert through.filter(chapter=again, phrase__text="分数的初步认识").exists()
    Chapter.objects.filter(pk=again.pk).update(retired=True)
    refresh_topics()
    assert set(through.values_list("chapter", flat=True)).isdisjoint({again.pk})


@pytest.mark.parametrize("typed", ["沈若", "shenruo", "srx", "沈若溪"])
def test_authors_are_suggested_to_who_may_see_a_work_of_theirs(place: Province, typed: str) -> None:
    author = factories.teacher(place)
    User.objects.filter(pk=author.pk).update(name="沈若溪", findable_since=timezone.now())
    work = factories.resource(place, author, title="县内可看")
    share = factories.shared(place, author, work)
    worker.drain()
    near, far = factories.teacher(place), factories.teacher(place, place.other_school)
    reached = [who for who in (near, far) if Work.objects.filter(library_rules.as_q(who, "view"), pk=work.pk).exists()]
    assert near in reached
    for who in (near, far, NOBODY):
        assert suggest(who, typed) == (["沈若溪"] if who in reached else [])
    person_renamed(author, "沈若水")
    assert suggest(near, "沈若溪") == []
    assert suggest(near, "沈若") == ["沈若水"]
    retire(share.submission, by=factories.person("administrator", place.school), reason="已过时")
    assert suggest(near, "沈若") == []  # at once
    worker.drain()
    assert not Phrase.objects.filter(author=author).exists()


def test_authors_are_there_where_filling_was_never_finished(place: Province) -> None:
    """Of an installation older than they are, the first change of a work has brought the author of that work alone."""
    other = factories.teacher(place)
    factories.shared(place, other, factories.resource(place, other, title="浮桥"), openly=True)
    worker.drain()
    LexiconVersion.objects.update_or_create(pk=1, defaults={"titled": False})
    Phrase.objects.filter(author=other).delete()
    assert Phrase.objects.exclude(author=None).exists()
    tend("recurring")
    assert Phrase.objects.filter(author=other).exists()
    assert LexiconVersion.objects.get().titled


def person_renamed(person: User, name: str) -> None:
    person.name = name
    person.save(update_fields=["name"])
    person_changed.send(sender=User, user=person)
    worker.drain()


def test_who_wrote_nothing_that_is_open_is_not_named(place: Province) -> None:
    person = factories.teacher(place)
    User.objects.filter(pk=person.pk).update(name="沈若溪")
    factories.resource(place, person, title="还是草稿")
    rebuild()
    assert suggest(factories.teacher(place), "沈若") == suggest(NOBODY, "沈若") == []


def test_topics_and_titles_are_not_crowded_out(place: Province) -> None:
    author = factories.teacher(place)
    work = Work.objects.get(title="浮力实验")
    Phrase.objects.bulk_create(
        Phrase(text=f"浮沉{number}", shown=f"浮沉{number}", work=one)
        for number, one in enumerate(factories.resource(place, author) for _ in range(MOST_ASKED))
    )
    Phrase.objects.filter(work=work).update(text="浮浮力实验")  # behind all of them, which nobody may see
    assert suggest(NOBODY, "浮") == ["浮力实验"]
    Phrase.objects.bulk_create(
        Phrase(text=f"分{number}", shown=f"分{number}", author=factories.teacher(place), weight=500)
        for number in range(MOST_ASKED)
    )
    assert suggest(NOBODY, "分") == ["分数的初步认识"]


@pytest.mark.parametrize("address", ["/", "/courses/", "/search/"])
def test_every_box_for_works_suggests(place: Province, address: str) -> None:
    page = Client().get(address).content.decode()
    assert page.count('data-suggest="/search/suggest/"') == 1
    assert "js/search" in page


@given(typed=st.text(max_size=60))
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_answered(db: Any, typed: str) -> None:
    assert isinstance(suggest(NOBODY, typed), list)


@pytest.mark.parametrize("typed", ["", " ", '"', "%", "_", "*:*", "\x00", "\ud800", "😀", "a" * 10_000, "(a+)+$"])
def test_bad_input_is_answered_on_site_and_api(place: Province, typed: str) -> None:
    asked = typed.encode("utf-8", "surrogatepass")
    assert Client().get("/search/suggest/", {"q": asked}).json()["items"] == []
    assert Client().get("/api/v1/search/suggest", {"q": asked[:200]}).status_code == 200


def test_what_is_too_long_is_cut_over_the_interface_as_on_the_page(client: Client) -> None:
    for address in ("/api/v1/search/suggest", "/search/suggest/"):
        assert client.get(address, {"q": "分" * 300}).status_code == 200
