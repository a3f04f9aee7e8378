"""What is said of an answer fits whatever was looked for: works, spaces, people."""

import pytest

from search.engines.base import Page
from search.errors import SearchError, TooManyFollowed, TooManySaved
from search.query import parse
from search.understanding.asking import Answer, Way
from search.understanding.chips import Chip, Understood
from search.wording import more_sentence, sentence, way_sentence


@pytest.mark.parametrize("error", [TooManyFollowed(7), TooManySaved(7)])
def test_how_many_there_may_be_is_said_as_it_was_asked(error: SearchError) -> None:
    assert " 7 个" in sentence(error)


@pytest.mark.parametrize("way", list(Way))
def test_what_is_said_of_a_looser_answer_is_true_of_spaces_and_people_too(way: Way) -> None:
    answer = Answer(parse("王小满"), Page(), way, Understood(text="王小满"), sounds_like="王小曼", more_way=way)
    assert "作品" not in way_sentence(answer) + more_sentence(answer)
    assert way_sentence(answer) or way in (Way.BROWSE, Way.EXACT, Way.NOTHING)


@pytest.mark.parametrize(
    ("rest", "kept", "said"),
    [
        ("浮力", {"subject": ["1"], "grade": ["7"]}, "没有找到这些词语，下面是符合条件的全部结果。"),
        ("浮力", {"subject": ["1"]}, "没有找到这些词语，按全部条件也没有；下面去掉了一部分条件。"),
        ("", {"subject": ["1"]}, "按全部条件没有找到，下面去掉了一部分条件。"),
    ],
)
def test_conditions_that_were_dropped_are_not_said_to_hold(rest: str, kept: dict[str, list[str]], said: str) -> None:
    chips = (Chip("subject", ("1",), "英语"), Chip("grade", ("7",), "七年级"))
    answer = Answer(parse("", filters=kept), Page(), Way.FACETS, Understood(text="七年级英语", chips=chips, rest=rest))

    assert way_sentence(answer) == said
