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
from tests import factories
from tests.api.test_chain_over_api import Caller
from workflows.review.errors import (
    Incomplete,
    NotEligible,
    RoundMoved,
    ScoreOutOfRange,
    TooFewExperts,
    TrialNotOver,
    WrongState,
)
from workflows.sharing.errors import AlreadyRecommended, AudienceCannotSee

MADE = {
    FileRefused: FileRefused("empty"),
    Incomplete: Incomplete([Gap("title", "请填写标题。")]),
    IntroductionTooLong: IntroductionTooLong(1000),
    NotEligible: NotEligible(["王老师"]),
    RosterHasProblems: RosterHasProblems(3),
    RoundMoved: RoundMoved("expert_review", 2),
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


@pytest.mark.django_db
def test_method_that_an_address_does_not_know_is_refused_in_the_one_shape() -> None:
    caller = Caller(factories.teacher(factories.province()))
    for method, path in (("put", "/works"), ("delete", "/taxonomy/stages"), ("get", "/adoptions/remix")):
        answer = caller.send(method, path)
        assert answer.status_code == 405, path
        assert answer.json()["code"] == "method_not_allowed"
        assert answer.headers["Allow"] in answer.json()["message"]


@pytest.mark.django_db
def test_body_that_is_too_large_is_refused_in_the_one_shape() -> None:
    place = factories.province()
    author = factories.teacher(place)
    caller, work = Caller(author), factories.resource(place, author)
    body = {"kind": "resource", "title": "长", "body": "字" * 1_000_000}
    for answer in (caller.post("/works", body), caller.send("patch", f"/works/{work.uuid}", body)):
        assert answer.status_code == 413
        assert answer.json()["code"] == "too_large"
        assert "2.5" in answer.json()["message"]
