"""What is said of an answer fits whatever was looked for: works, spaces, people."""

import pytest

from search.engines.base import Hit, Page
from search.errors import SearchError, TooManyFollowed, TooManySaved
from search.finding import read_chips
from search.query import parse
from search.understanding.asking import Answer
from search.understanding.chips import Chip, Understood
from search.understanding.steps import Way
from search.wording import more_sentence, sentence, way_sentence


@pytest.mark.parametrize("error", [TooManyFollowed(7), TooManySaved(7)])
def test_how_many_there_may_be_is_said_as_it_was_asked(error: SearchError) -> None:
    assert " 7 个" in sentence(error)


@pytest.mark.parametrize("way", list(Way))
def test_what_is_said_of_a_looser_answer_is_true_of_spaces_and_people_too(way: Way) -> None:
    answer = Answer(parse("王小满"), Page(), way, Understood(text="王小满"), sounds_like="王小曼", more_way=way)
    read = read_chips({}, answer)
    assert "作品" not in way_sentence(answer, read) + more_sentence(answer, read)
    assert way_sentence(answer, read) or way in (Way.BROWSE, Way.EXACT, Way.NOTHING)


@pytest.mark.parametrize(
    ("rest", "kept", "said"),
    [
        ("浮力", {"subject": ["1"], "grade": ["7"]}, "没有找到这些词语，下面是符合条件的全部结果。"),
        ("浮力", {"subject": ["1"]}, "没有找到这些词语，按全部条件也没有。去掉了：七年级；还按：英语。"),
        ("", {"subject": ["1"]}, "按全部条件没有找到。去掉了：七年级；还按：英语。"),
    ],
)
def test_conditions_that_were_dropped_are_named_and_not_said_to_hold(
    rest: str, kept: dict[str, list[str]], said: str
) -> None:
    chips = (Chip("subject", ("1",), "英语"), Chip("grade", ("7",), "七年级"))
    answer = Answer(parse("", filters=kept), Page(), Way.FACETS, Understood(text="七年级英语", chips=chips, rest=rest))

    assert way_sentence(answer, read_chips({}, answer)) == said


def test_what_was_given_up_of_what_was_read_by_its_sound_is_said() -> None:
    understood = Understood(text="分数 课件", chips=(Chip("type", ("courseware",), "课件"),), rest="分数")
    answer = Answer(parse("分数"), Page(), Way.LOOSE, understood, sounds_like="分数 课件")
    said = "您是不是要找“分数 课件”？按全部条件没有找到。去掉了：课件；只按词语查找。"
    assert way_sentence(answer, read_chips({}, answer)) == said


HELD = {"grade": ["3"], "volume": ["上册"], "type": ["courseware"]}
UPPER = (Chip("grade", ("3",), "三上"), Chip("volume", ("上册",), "三上"), Chip("type", ("courseware",), "课件"))


@pytest.mark.parametrize(
    ("way", "kept", "said"),
    [
        (Way.LOOSE, {}, "按全部条件没有找到。去掉了：三上、课件；只按词语查找。"),
        (Way.LOOSE, {"grade": ["3"]}, "按全部条件没有找到。去掉了：三上（册次）、课件；还按：三上。"),
        (Way.PLAIN, {}, "按条件没有找到，下面按词语查找，不再限定从词语里读出的条件。只当词语：三上、课件。"),
        (
            Way.MOST,
            HELD,
            "没有找到同时含有全部词语的，下面的结果含有其中大部分。",
        ),
    ],
)
def test_what_was_given_up_is_said_once_and_in_part_where_it_was_in_part(
    way: Way, kept: dict[str, list[str]], said: str
) -> None:
    answer = Answer(parse("浮力", filters=kept), Page(), way, Understood(text="三上浮力课件", chips=UPPER, rest="浮力"))
    assert way_sentence(answer, read_chips({}, answer)) == said


def test_the_heading_of_looser_results_says_what_they_do_without() -> None:
    understood = Understood(text="三上浮力课件", chips=UPPER, rest="浮力")
    answer = Answer(
        parse("浮力", filters=HELD),
        Page(),
        Way.EXACT,
        understood,
        more=(Hit("9", 1.0),),
        more_way=Way.LOOSE,
        more_filters={"grade": ("3",)},
    )
    read = read_chips({}, answer)
    assert more_sentence(answer, read) == "放宽条件（去掉了：三上（册次）、课件），还有这些"
    assert more_sentence(answer, read_chips({"type": ["quiz"]}, answer)) == "放宽条件（去掉了：三上（册次）），还有这些"
