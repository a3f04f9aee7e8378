"""A promise of `search.engines.base`, for every engine: whatever is typed or stored gets an answer."""

import time

import pytest

from search.engines.base import DeleteOp, Document, Engine, Written
from tests.search.conftest import ask, day, found, index, work

HOSTILE = [
    '"',
    '""',
    "'",
    "浮力 AND",
    "AND OR NOT",
    "NEAR(浮力 课)",
    "NEAR(",
    "浮力*",
    "*",
    "*:*",
    "title:浮力",
    "{title} : 浮力",
    "-浮力",
    "^浮力",
    "浮力 ^ ( )",
    "(((((",
    ")",
    "+",
    "浮力; DROP TABLE doc",
    "' OR 1=1 --",
    "%_",
    "\\",
    "<script>alert('浮力')</script>",
    "{{ 浮力 }}",
    "\x00",
    "浮\x00力",
    "\ud800浮力\udfff",
    "😀👩\u200d🏫",
    "\u202e力浮",
    "שלום مرحبا",
    "(a+)+$" * 20,
    "的" * 10_000,
    "浮力" * 5_000,
    "浮力 " * 5_000,
    "a" * 10_000,
    "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 100,
    '"' * 10_000,
    "\n\t\r",
    "０１２３",
    "ﷺ" * 200,
    "e" + "\u0301" * 10_000,
    "|",
    "浮 | 力",
    "浮力~2",
    "浮力 && !课 || x",
    "/.*浮.*/",
    "[* TO *]",
    '{"match_all": {}}',
    "_exists_:acl",
    '"' + "浮" * 190 + '"',
    " ".join(f'"{chr(0x4E00 + n) * 15}"' for n in range(12)),
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_gets_an_answer(engine: Engine, typed: str) -> None:
    index(engine, work("1", "浮力的课", facets={"subject": ["物理"]}), work("2", typed[:400], body=typed))
    began = time.perf_counter()

    page = engine.search(ask(typed, facets=["subject", typed[:50]], filters={}, tokens=("public", typed[:50])))
    engine.search(ask("浮力", filters={typed[:50]: [typed[:50]], "subject": [typed[:50]]}, sort=typed[:50]))
    engine.suggest(typed, ["public", typed[:50]])

    assert page.total <= 2
    assert time.perf_counter() - began < 1
    assert dict(engine.versions()) == {"1": 1, "2": 1}


def test_the_largest_question_is_answered_in_time(engine: Engine) -> None:
    index(engine, *(work(str(n), "浮力的课", facets={"f0": [f"v{n}"]}) for n in range(20)))
    text = " ".join("浮力课程标准实验报告"[n % 5 :] + str(n) for n in range(60))
    filters = {f"f{n}": ["值" * 40 + str(value) for value in range(60)] for n in range(25)}
    tokens = ("public", *(f"o{n}" for n in range(500)))
    began = time.perf_counter()

    page = engine.search(ask(text, filters=filters, facets=[f"f{n}" for n in range(25)], tokens=tokens, per_page=10**6))

    assert (page.total, time.perf_counter() - began < 3) == (0, True)


def test_ids_come_back_as_they_were(engine: Engine) -> None:
    ids = ["1", "a b", "学/习?#%&", "<script>", "x" * 600, "..", "_all", "\n", "'", "10", "9"]
    index(engine, *(work(id_, "浮力", version=n) for n, id_ in enumerate(ids, 1)))

    assert set(found(engine, "浮力", per_page=50)) == set(ids)
    assert dict(engine.versions()) == {id_: n for n, id_ in enumerate(ids, 1)}
    assert engine.bulk(DeleteOp(id_, 99) for id_ in ids) == Written(done=len(ids))
    assert (found(engine, ""), list(engine.versions())) == ([], [])


def test_documents_with_anything_in_them_are_kept(engine: Engine) -> None:
    strange = "\x00\ud800\u202e<b>'\"\n"
    index(
        engine,
        Document(
            strange,
            1,
            strange,
            strange,
            strange,
            strange,
            {strange: [strange, strange]},
            ["public", strange],
            -5,
            day(1),
        ),
        work("long", "长" * 10_000, keywords="键" * 10_000, summary="摘" * 20_000, body="文字" * 200_000),
    )

    page = engine.search(ask("", facets=[strange]))

    assert page.total == 2
    assert found(engine, "文字") == ["long"]
