"""A promise of `search.engines.base`, for every engine: what may not be seen is nowhere, not even in a suggestion."""

import pytest

from search.engines.base import Engine
from search.query import Step
from tests.search.conftest import ask, found, index, work

# --- permission -------------------------------------------------------------------------------------------------------


@pytest.fixture
def planted(engine: Engine) -> Engine:
    """One open work, and others that must not show in any answer to a stranger."""
    index(
        engine,
        work("open", "浮力的课", facets={"subject": ["物理"]}),
        work("school", "浮力的秘密", acl=("o7",), facets={"subject": ["物理", "机密"]}, adoptions=99),
        work("mine", "浮力的草稿", acl=("u3", "o9"), facets={"subject": ["草稿"]}),
        work("nobody", "浮力的虚无", acl=(), facets={"subject": ["虚无"]}),
    )
    return engine


@pytest.mark.parametrize(
    ("tokens", "ids"),
    [
        (("public",), {"open"}),
        (("public", "o7"), {"open", "school"}),
        (("public", "u3", "o9", "g1"), {"open", "mine"}),
        (("o70", "o", "7", "O7", "%", "*"), set()),
        ((), set()),
    ],
)
@pytest.mark.parametrize("text", ["", "浮力", "浮", "秘密 草稿 虚无 浮力"])
def test_permission_holds_for_hits_counts_and_suggestions(
    planted: Engine, tokens: tuple[str, ...], ids: set[str], text: str
) -> None:
    page = planted.search(ask(text, tokens=tokens, facets=["subject"]))
    seen = {"open": {"物理"}, "school": {"物理", "机密"}, "mine": {"草稿"}}

    assert {hit.id for hit in page.hits} == ids
    assert page.total == len(ids)
    assert {value for value, _ in page.facets["subject"]} == set().union(*(seen[id_] for id_ in ids))
    assert {suggestion.id for suggestion in planted.suggest("浮力", tokens)} == ids


def test_hidden_words_find_nothing(planted: Engine) -> None:
    page = planted.search(ask("秘密", facets=["subject"], filters={"subject": ["机密"]}))

    assert (page.total, list(page.hits), page.step) == (0, [], Step.NOTHING)
    assert page.facets == {"subject": [("机密", 0)]}


def test_permission_taken_away_holds_at_once(planted: Engine) -> None:
    index(planted, work("open", "浮力的课", acl=("o7",), version=2))

    assert found(planted, "浮力") == []


def test_permission_of_somebody_in_very_many_groups(planted: Engine) -> None:
    tokens = (*(f"g{n}" for n in range(3_000)), "o7")

    assert found(planted, "浮力", tokens=tokens) == ["school"]


def test_permission_keeps_hidden_values_out_of_chosen_counts(planted: Engine) -> None:
    chosen = {"subject": ["物理", "机密", "草稿", "虚无"]}

    page = planted.search(ask("", filters=chosen, facets=["subject"]))

    assert (page.total, dict(page.facets["subject"])) == (1, {"物理": 1, "机密": 0, "草稿": 0, "虚无": 0})


# --- suggestions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("分", ["分数的认识", "认识分数"]),
        ("分数", ["分数的认识", "认识分数"]),
        ("分数的认", ["分数的认识"]),
        ("photo", ["Photosynthesis 光合作用"]),
        ("PHOTOSYN", ["Photosynthesis 光合作用"]),
        ('"*', []),
        ("", []),
        ("\x00\ud800", []),
    ],
)
def test_suggest_goes_on_from_what_was_typed(engine: Engine, typed: str, titles: list[str]) -> None:
    index(
        engine,
        work("1", "分数的认识", adoptions=9),
        work("2", "分数的认识", adoptions=8),
        work("3", "认识分数"),
        work("4", "Photosynthesis 光合作用"),
        work("5", "光合", body="分数 photo"),
    )

    assert [suggestion.text for suggestion in engine.suggest(typed, {"public"})] == titles


def test_suggest_names_a_document_that_may_be_seen(engine: Engine) -> None:
    index(engine, work("hidden", "分数的认识", acl=("u1",), adoptions=99), work("seen", "分数的认识"))

    assert [(each.text, each.id) for each in engine.suggest("分数", ["public"])] == [("分数的认识", "seen")]
    assert engine.suggest("分数", []) == []


def test_suggest_gives_titles_as_they_are_written(engine: Engine) -> None:
    index(engine, work("1", "《ＰＨ值》的測定 <b>"))

    assert [each.text for each in engine.suggest("ph值", ["public"])] == ["《ＰＨ值》的測定 <b>"]


def test_suggest_is_bounded(engine: Engine) -> None:
    index(engine, *(work(str(n), f"分数{n}") for n in range(30)))

    assert len(engine.suggest("分数", {"public"}, limit=5)) == 5
    assert engine.suggest("分数" * 10_000, {"public"}) == []
