"""Every refusal has one clear sentence."""

import pytest
from django.utils import timezone

from cms.library.completeness import Gap
from workflows.review import errors
from workflows.review.history import SENTENCES as OF_HISTORY
from workflows.review.table import TABLE
from workflows.review.wording import SENTENCES, sentence

EXAMPLES: list[errors.ReviewError] = [
    errors.ReviewError(),
    errors.WrongState("decide", "published"),
    errors.Incomplete([Gap("title", "请填写标题。")]),
    errors.AlreadySubmitted(),
    errors.NothingNew(),
    errors.NoPolicy(),
    errors.CommentRequired(),
    errors.ReasonRequired(),
    errors.RoundMoved("school_review", 2),
    errors.TrialNotOver(timezone.now()),
    errors.AlreadyReviewed(),
    errors.NotEligible(["张敏", "李强"]),
    errors.TooFewExperts(2),
    errors.ScoreOutOfRange("科学性", 40),
    errors.ScoreOutOfRange("beauty", None),
    errors.RatingOutOfRange(),
    errors.InUse(),
]


def kinds(base: type[errors.ReviewError]) -> set[type[errors.ReviewError]]:
    return {base}.union(*(kinds(kind) for kind in base.__subclasses__()))


def test_every_error_has_a_code_of_its_own_and_a_sentence() -> None:
    known = kinds(errors.ReviewError)
    assert {type(error) for error in EXAMPLES} == known
    assert {kind.code for kind in known} == set(SENTENCES)
    assert len({kind.code for kind in known}) == len(known)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: error.code)
def test_sentence_is_whole_and_chinese(error: errors.ReviewError) -> None:
    said = sentence(error)
    assert said.endswith("。")
    assert "%" not in said
    assert any("一" <= letter <= "鿿" for letter in said)


def test_history_words_every_step_of_the_table() -> None:
    assert {f"submission:{row.name}" for row in TABLE} <= set(OF_HISTORY)
