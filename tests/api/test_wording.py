"""Every refusal of every room has a status and a Chinese sentence."""

import re
from datetime import UTC, datetime

import pytest

from cms.config.refusals import REFUSALS, refusal
from cms.library.completeness import Gap
from cms.library.errors import FileRefused
from cms.people.errors import RosterHasProblems
from cms.spaces.errors import IntroductionTooLong, TooManyFollows, TooManyInterests
from search.errors import IndexUnavailable, SearchTimeout, TooManyFollowed, TooManySaved
from workflows.review.errors import Incomplete, NotEligible, ScoreOutOfRange, TooFewExperts, TrialNotOver, WrongState
from workflows.sharing.errors import AlreadyRecommended, AudienceCannotSee

MADE = {
    FileRefused: FileRefused("empty"),
    Incomplete: Incomplete([Gap("title", "请填写标题。")]),
    IntroductionTooLong: IntroductionTooLong(1000),
    NotEligible: NotEligible(["王老师"]),
    RosterHasProblems: RosterHasProblems(3),
    ScoreOutOfRange: ScoreOutOfRange("科学性", 40),
    TooFewExperts: TooFewExperts(2),
    TooManyFollows: TooManyFollows(200),
    TooManyInterests: TooManyInterests(5),
    TooManyFollowed: TooManyFollowed(5),
    TooManySaved: TooManySaved(50),
    TrialNotOver: TrialNotOver(datetime(2026, 11, 21, tzinfo=UTC)),
    WrongState: WrongState("decide", "published"),
    AudienceCannotSee: AudienceCannotSee("西湖区"),
    AlreadyRecommended: AlreadyRecommended("西湖区"),
    IndexUnavailable: IndexUnavailable("missing"),
    SearchTimeout: SearchTimeout(5),
}


def every_error() -> list[type[Exception]]:
    found: list[type[Exception]] = []
    left = list(REFUSALS)
    while left:
        error = left.pop()
        found += error.__subclasses__()
        left += error.__subclasses__()
    return found


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_every_refusal_has_a_chinese_sentence(kind: type[Exception]) -> None:
    found = refusal(MADE.get(kind) or kind())
    assert 400 <= found.status < 600
    assert re.search(r"[\u4e00-\u9fff]", found.message)
    assert found.message.endswith(("。", "？"))
