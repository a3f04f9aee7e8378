from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from cms.config.env import search_engine
from search.engines import engine
from search.engines.base import DeleteOp, Engine, IndexOp, Written
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch.options import addresses
from search.engines.embedded import EmbeddedEngine
from search.engines.null import NullEngine
from search.errors import NothingToRollBackTo
from search.query import Step
from tests.search.conftest import ask, found, index, work


def test_engine_is_the_one_of_the_setting(settings: Settings, tmp_path: Path) -> None:
    settings.SEARCH = {"engine": "embedded", "path": tmp_path / "a"}
    first = engine()
    with first.rebuild():
        pass
    index(first, work("1", "浮力"))

    assert isinstance(first, EmbeddedEngine)
    assert engine() is first
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path / "b")}
    assert engine() is not first
    settings.SEARCH = {"engine": "embedded", "path": str(tmp_path / "a")}
    assert found(engine(), "浮力") == ["1"]


@pytest.mark.parametrize(
    "setting",
    [
        None,
        {"engine": "sphinx"},
        {"engine": "embedded"},
        {"engine": "null", "path": "x"},
        {"engine": "elasticsearch"},
        {"engine": "elasticsearch", "hosts": ""},
        {"engine": "elasticsearch", "hosts": "search.example:9200"},
        {"engine": "elasticsearch", "hosts": "http://127.0.0.1:9200", "prefix": "共建"},
        {"engine": "elasticsearch", "hosts": "http://127.0.0.1:9200", "prefix": "_x"},
        {"engine": "elasticsearch", "hosts": "http://127.0.0.1:9200", "shards": 0},
    ],
)
def test_engine_refuses_a_setting_that_does_not_fit(settings: Settings, setting: dict[str, Any] | None) -> None:
    settings.SEARCH = setting

    with pytest.raises(ImproperlyConfigured):
        engine()


def test_environment_chooses_the_engine(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ELASTICSEARCH_URL", raising=False)
    assert search_engine(tmp_path) == {"engine": "embedded", "path": str(tmp_path)}

    monkeypatch.setenv("ELASTICSEARCH_URL", "https://a.example:9200, https://b.example:9200")
    monkeypatch.setenv("ELASTICSEARCH_PREFIX", "province")
    monkeypatch.setenv("ELASTICSEARCH_API_KEY", "secret")
    settings.SEARCH = search_engine(tmp_path)

    assert isinstance(engine(), ElasticsearchEngine)
    assert settings.SEARCH["prefix"] == "province"


def test_addresses_get_the_usual_ports() -> None:
    assert addresses("http://a, https://b/,http://c:9201") == ("http://a:9200", "https://b", "http://c:9201")
    assert addresses(["http://u:p@a"]) == ("http://u:p@a:9200",)


def test_null_engine_keeps_and_finds_nothing(settings: Settings) -> None:
    settings.SEARCH = {"engine": "null"}
    null: Engine = engine()
    null.ensure()

    assert isinstance(null, NullEngine)
    assert null.bulk([IndexOp(work("1", "浮力")), DeleteOp("2", 1)]) == Written(done=2)
    page = null.search(ask("浮力", facets=["subject"]))
    assert (list(page.hits), page.total, page.step, dict(page.facets)) == ([], 0, Step.NOTHING, {"subject": ()})
    assert (null.suggest("浮", ["public"]), list(null.versions()), null.tend(), null.health().ok) == (
        [],
        [],
        False,
        True,
    )
    with null.rebuild() as new:
        assert new.fill([work("1", "浮力")]) == 1
    with pytest.raises(NothingToRollBackTo):
        null.rollback()
    null.close()
