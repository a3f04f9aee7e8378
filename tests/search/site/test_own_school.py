"""我们学校的教案: the school of whoever asks is a condition, of works, spaces, people and of what they follow."""

import pytest
from django.contrib.auth.models import AnonymousUser

from cms.library.models import Work
from cms.outbox.worker import drain
from search.documents import About
from search.finding import find
from search.saved.actions import save_search
from search.saved.following import follow_search
from search.understanding.chips import understand
from tests import factories
from tests.factories import Province
from tests.search.judged.corpus import lexicon


@pytest.mark.parametrize("typed", ["我们学校的教案", "本校 教案", "教案 我校", "咱们学校教案"])
def test_ones_own_school_is_a_condition(typed: str) -> None:
    understood = understand(typed, lexicon(), own=("7",))
    assert understood.filters["organisation"] == ("7",)
    assert "type" in understood.filters
    assert not understood.rest
    assert "organisation" not in understand(typed, lexicon()).filters


@pytest.mark.parametrize("typed", ["日本校园", "我们的学校", "学校管理", "校本课程", "基本校准"])
def test_other_schools_are_words(typed: str) -> None:
    assert "organisation" not in understand(typed, lexicon(), own=("7",)).filters


def test_taken_away_it_is_words_again() -> None:
    understood = understand("本校 教案", lexicon(), own=("7",), plain=["本校"])
    assert "organisation" not in understood.filters
    assert understood.rest == "本校"


@pytest.mark.django_db
def test_each_finds_their_own(place: Province) -> None:
    mine, other = factories.teacher(place), factories.teacher(place, place.other_school)
    colleague = factories.person("teacher", place.county)
    for title in ("分数甲", "分数乙"):
        factories.shared(place, mine, factories.resource(place, mine, title=title), openly=True)
    Work.objects.filter(title="分数乙").update(organisation=place.other_school)
    drain()

    def found(user: object, text: str) -> set[str]:
        return {item.work.title for item in find(user, text).items}  # type: ignore[arg-type]  # visitors too

    assert found(mine, "我们学校 分数") == {"分数甲"}
    assert found(other, "本校 分数") == {"分数乙"}
    read = find(mine, "我们学校 分数")
    assert [(chip.title, chip.text) for chip in read.understood] == [("机构", "我们学校")]
    for nowhere in (colleague, AnonymousUser()):
        assert not find(nowhere, "我们学校 分数").answer.understood.chips
    assert find(mine, "我们学校", about=About.SPACE).answer.understood.filters == {
        "organisation": (str(place.school.pk),)
    }


@pytest.mark.django_db
def test_a_followed_search_wants_the_same(place: Province) -> None:
    person = factories.person("teacher", place.school)
    interest = follow_search(save_search(person, "我们学校 分数", chosen={}))
    assert interest.filters == {"organisation": [str(place.school.pk)]}
    assert interest.words == ["分数"]
