"""A question of which no word was found: those of them that find something alone are offered."""

import pytest

from search.engines.base import Engine
from search.understanding.asking import answer
from search.understanding.lexicon import build
from search.understanding.rows import CurriculumRows, SubjectRow
from search.understanding.steps import Asked, Way
from tests.search.conftest import index, work

LEXICON = build(
    CurriculumRows(
        subjects=(SubjectRow("物理", "物理"), SubjectRow("体育与健康", "体育与健康")), topics=("跳绳", "浮力")
    )
)


@pytest.fixture
def shelf(engine: Engine) -> Engine:
    index(
        engine,
        work("rope", "跳绳", facets={"subject": ["体育与健康"]}),
        work("rope2", "双人跳绳", facets={"subject": ["体育与健康"]}),
        work("fancy", "花式咖啡", facets={"subject": ["物理"]}),
        work("closed", "拓印", acl=("school:9",)),
        work("teach", "教学随笔", facets={"subject": ["物理"]}),
        work("second", "第二只鸟"),
    )
    return engine


def offers(engine: Engine, text: str, **chosen: list[str]) -> tuple[Way, dict[str, int]]:
    found = answer(engine.search, text, LEXICON, Asked(chosen=chosen, tokens=("public",)))
    return found.way, dict(found.offers)


def test_each_word_that_finds_something_is_offered_what_is_taught_first(shelf: Engine) -> None:
    way, offered = offers(shelf, "花式跳绳")
    assert (way, list(offered.items())) == (Way.NOTHING, [("跳绳", 2), ("花式", 1)])


def test_what_nobody_may_see_is_not_offered(shelf: Engine) -> None:
    assert offers(shelf, "荧光拓印") == (Way.NOTHING, {})


def test_a_word_that_says_little_is_not_offered(shelf: Engine) -> None:
    assert offers(shelf, "教学时装秀") == (Way.NOTHING, {})
    assert offers(shelf, "荧光第二") == (Way.NOTHING, {})


def test_conditions_that_hold_are_kept_and_else_given_up(shelf: Engine) -> None:
    assert offers(shelf, "体育 花式跳绳") == (Way.FACETS, {"体育 跳绳": 2})
    assert offers(shelf, "物理 荧光跳绳") == (Way.FACETS, {"跳绳": 2})
    assert offers(shelf, "荧光跳绳", subject=["物理"]) == (Way.NOTHING, {})


def test_who_found_something_is_offered_nothing(shelf: Engine) -> None:
    assert offers(shelf, "双人跳绳") == (Way.EXACT, {})
