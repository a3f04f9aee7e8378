"""A missing service skips a test; in CI it fails it."""

import pytest

from tests import services


def test_need_of_what_is_there_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "path_of", lambda service: "/usr/bin/true")
    services.need("ffmpeg", "chromium")


def test_need_of_what_is_missing_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "path_of", lambda service: None)
    monkeypatch.delenv("REQUIRE_SERVICES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install ffmpeg"):
        services.need("ffmpeg")


def test_need_of_what_is_missing_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "path_of", lambda service: None)
    monkeypatch.setenv("REQUIRE_SERVICES", "1")
    with pytest.raises(pytest.fail.Exception, match="apt-get install ffmpeg"):
        services.need("ffmpeg")
