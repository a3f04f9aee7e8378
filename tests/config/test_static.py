"""Addresses of static files, each composed once."""

import json
from pathlib import Path
from typing import Any

import pytest
from whitenoise.storage import CompressedManifestStaticFilesStorage

from cms.config.static import StaticFiles


def test_address_is_that_of_the_storage_and_a_missing_file_is_told_each_time(settings: Any, tmp_path: Path) -> None:
    settings.DEBUG = False
    manifest = {"version": "1.1", "paths": {"theme/a.css": "theme/a.1234567890ab.css"}, "hash": ""}
    (tmp_path / "staticfiles.json").write_text(json.dumps(manifest), "utf-8")
    kept = StaticFiles(location=tmp_path, base_url="/static/")
    plain = CompressedManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    for name in ("theme/a.css", "theme/a.css", "theme/a.css#part", "theme/"):
        assert kept.url(name) == plain.url(name)
    assert kept.url("theme/a.css") == "/static/theme/a.1234567890ab.css"
    for _ in range(2):
        with pytest.raises(ValueError, match=r"gone\.css"):
            kept.url("gone.css")
