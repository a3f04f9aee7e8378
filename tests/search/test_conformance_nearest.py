"""A promise of `search.engines.base`, for every engine: who asks finds the nearest first."""

from typing import Any

import pytest

from search.engines.base import Document, Engine
from tests.search.conftest import ask, day, found, index, work

HERE = ("000100020003", "00010002", "0001")  # a school, its county, its city


def placed(id_: str, title: str, place: str, **more: Any) -> Document:
    paths = [place[:end] for end in range(4, len(place) + 1, 4)]
    return work(id_, title, facets={"place": paths, "subject": ["物理"]}, **more)


@pytest.fixture
def province(engine: Engine) -> Engine:
    """Many works elsewhere that say more of it, are used more and newer."""
    index(
        engine,
        placed("city", "浮力", "000100090001", published=day(2020)),
        placed("county-old", "浮力", "000100020009", published=day(2015)),
        placed("county-new", "浮力", "000100020008", published=day(2021)),
        placed("county-body", "轮船", "000100020008", body="浮力 " + "沉与浮" * 900, published=day(2024)),
        placed("school", "轮船", "000100020003", body="浮力 " + "沉与浮" * 900, published=day(2014)),
        placed("school-draft", "轮船", "000100020003", body="浮力 " + "沉与浮" * 900),
        placed("hidden", "浮力", "000100020003", acl=("u1",)),
        *(placed(f"far{n}", "浮力", "0002", adoptions=10**6, published=day(2026)) for n in range(5)),
        work("nowhere", "浮力 浮力", published=day(2025)),
        *(work(f"x{n}", "无关的课") for n in range(20)),
    )
    return engine


@pytest.mark.parametrize("text", ["浮力", "浮力 彩虹"])
def test_nearest_first_then_by_relevance(province: Engine, text: str) -> None:
    ids = found(province, text, sort="nearest", places=HERE)

    assert ids[:6] == ["school", "school-draft", "county-new", "county-old", "county-body", "city"]
    assert set(ids[6:]) == {"nowhere", *(f"far{n}" for n in range(5))}


def test_nearest_without_words_then_the_newest(province: Engine) -> None:
    ids = found(province, "", sort="nearest", places=HERE, filters={"subject": ["物理"]})

    assert ids[:6] == ["school", "school-draft", "county-body", "county-new", "county-old", "city"]


@pytest.mark.parametrize("text", ["浮力", ""])
def test_nearest_tells_how_near_and_which_rank(province: Engine, text: str) -> None:
    asked: dict[str, Any] = {"sort": "nearest", "places": HERE, "per_page": 50}
    page = province.search(ask(text, **asked))
    plain = {hit.id: hit for hit in province.search(ask(text, per_page=50)).hits}

    near = {hit.id: hit.near for hit in page.hits}
    assert (near["school"], near["county-old"], near["city"], near["far1"], near["nowhere"]) == (1, 2, 3, 0, 0)
    for place, hit in enumerate(page.hits[:12], start=1):
        (told,) = province.search(ask(text, only=hit.id, **asked)).hits
        assert (told.rank, told.near) == (place, hit.near)
        assert hit.score == pytest.approx(plain[hit.id].score, rel=1e-4)


def test_nearest_without_a_place_is_relevance(province: Engine) -> None:
    assert found(province, "浮力", sort="nearest") == found(province, "浮力")


def test_nearest_pages_share_out_all_hits_once(province: Engine) -> None:
    pages = [found(province, "浮力", sort="nearest", places=HERE, page=n, per_page=5) for n in (1, 2, 3)]

    assert [id_ for page in pages for id_ in page] == found(province, "浮力", sort="nearest", places=HERE)


def test_nearest_takes_six_places_of_any_kind(engine: Engine) -> None:
    places = ["a" * 9_000, "\x00", '"', "*", "😀", "0001", "0002"]
    index(engine, placed("1", "浮力", "0002"), placed("2", "浮力", "0001"))

    assert found(engine, "浮力", sort="nearest", places=places) == ["2", "1"]
