"""What is said of an answer fits whatever was looked for: works, spaces, people."""

import pytest

from search.engines.base import Page
from search.query import parse
from search.understanding.asking import Answer, Way
from search.understanding.chips import Understood
from search.wording import more_sentence, way_sentence


@pytest.mark.parametrize("way", list(Way))
def test_what_is_said_of_a_looser_answer_is_true_of_spaces_and_people_too(way: Way) -> None:
    answer = Answer(parse("王小满"), Page(), way, Understood(text="王小满"), sounds_like="王小曼", more_way=way)
    assert "作品" not in way_sentence(answer) + more_sentence(answer)
    assert way_sentence(answer) or way in (Way.BROWSE, Way.EXACT, Way.NOTHING)
