"""Files in an object storage: what is asked of it, and what is said while it is away.

The storage is `objects.Objects`, a stand-in of ours on a port; boto3, Django's storage and the pages are the product's.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from cms.library.models import StoredFile
from cms.library.storage import ObjectStorage
from tests import factories
from tests.api.test_chain_over_api import Caller
from tests.browsing import signed_in
from tests.library.files.objects import Objects
from tests.library.files.test_sniffing import picture
from tests.library.files.test_storing import upload

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Objects]:
    monkeypatch.setenv("no_proxy", "*")
    with Objects() as server:
        options = {"bucket_name": "files", "access_key": "key", "secret_key": "secret", "file_overwrite": False}
        storage = {"BACKEND": "cms.library.storage.ObjectStorage", "OPTIONS": {**options, "endpoint_url": server.url}}
        settings.STORAGES = {**settings.STORAGES, "default": storage}
        yield server


def film(size: int = 3_000_000) -> tuple[StoredFile, Client, bytes]:
    """A stored file, its author, and its bytes, no two parts of which are alike."""
    author = factories.teacher(factories.province())
    stored = factories.stored_file(author, name="分月饼.mp4", kind="video")
    content = b"".join(number.to_bytes(4, "big") for number in range(size // 4))
    stored.file.save("分月饼.mp4", ContentFile(content), save=False)
    stored.size = len(content)
    stored.save()
    return stored, signed_in(author), content


def test_file_is_stored_and_read_whole(bucket: Objects) -> None:
    client = signed_in(factories.teacher(factories.province()))
    answer = upload(client, picture(), "a.png")
    assert answer.status_code == 201
    assert list(bucket.held.values()) == [picture()]
    with StoredFile.objects.get().file.open("rb") as content:
        assert content.read() == picture()
    body = client.get(answer.json()["url"])
    assert b"".join(body) == picture()


@pytest.mark.parametrize(("header", "first", "last"), [("bytes=2000000-2000003", 2_000_000, 2_000_003), ("", 0, None)])
def test_download_fetches_what_is_asked_for_and_no_more(
    bucket: Objects, header: str, first: int, last: int | None
) -> None:
    stored, client, content = film()
    last = len(content) - 1 if last is None else last
    bucket.asked.clear()
    bucket.sent = 0
    answer = client.get(f"/files/{stored.uuid}/", headers={"Range": header} if header else {})
    assert b"".join(answer) == content[first : last + 1]
    assert answer.status_code == (206 if header else 200)
    assert [(method, asked) for method, _key, asked in bucket.asked] == [("GET", f"bytes={first}-{last}")]
    assert bucket.sent == last - first + 1


def test_download_passes_pieces_on_as_they_come(bucket: Objects) -> None:
    """Of an answer that breaks off the browser has what came before, and the rest is no silence but an error."""
    stored, client, content = film()
    bucket.breaks_after = 1_000_000
    pieces = iter(client.get(f"/files/{stored.uuid}/"))
    assert content.startswith(next(pieces))
    with pytest.raises(OSError, match="away"):
        list(pieces)


def test_download_of_what_the_storage_has_not_is_not_found(bucket: Objects) -> None:
    stored, client, _content = film(8)
    bucket.held.clear()
    assert client.get(f"/files/{stored.uuid}/").status_code == 404
    with pytest.raises(FileNotFoundError):
        stored.file.storage.open(stored.file.name or "")


@pytest.mark.parametrize("trouble", ["dead", "refuses"])
def test_while_the_storage_is_away_pages_and_api_say_so(bucket: Objects, trouble: str) -> None:
    stored, client, _content = film(8)
    author = Caller(stored.uploaded_by)
    if trouble == "dead":
        bucket.die()
    else:
        bucket.refuses = 503
    answer = client.get(f"/files/{stored.uuid}/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert answer.content.decode() == "文件暂时取不出来，请过一会儿再试。"
    assert "Cache-Control" not in answer
    answer = upload(client, picture(), "a.png")
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_unavailable")
    with (ROOT / "theme" / "static" / "theme" / "mark.svg").open("rb") as drawing:
        answer = author.client.post("/api/v1/files", {"file": drawing}, headers=author.headers)
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_unavailable")
    assert StoredFile.objects.count() == 1


def test_whatever_is_asked_of_a_storage_that_is_away_is_an_error_of_the_system(bucket: Objects) -> None:
    stored, _client, _content = film(8)
    name = stored.file.name or ""
    opened = default_storage.open(name)
    bucket.die()
    for ask in (
        opened.read,
        lambda: default_storage.open(name),
        lambda: default_storage.exists(name),
        lambda: default_storage.size(name),
        lambda: default_storage.delete(name),
        lambda: default_storage.save("another", ContentFile(b"x")),
    ):
        with pytest.raises(OSError, match="away"):
            ask()


def test_settings_with_a_bucket_use_this_storage(tmp_path: Path) -> None:
    program = "import django; django.setup()\nfrom django.core.files.storage import storages\n"
    program += "found = storages['default']\nprint(type(found).__name__, found.bucket_name, found.endpoint_url)"
    surroundings = {
        "PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "cms.config.settings.test", "DATA_DIR": str(tmp_path),
        "S3_BUCKET": "files", "S3_ENDPOINT_URL": "http://127.0.0.1:1", "S3_ACCESS_KEY": "a", "S3_SECRET_KEY": "b",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == [ObjectStorage.__name__, "files", "http://127.0.0.1:1"], done.stderr
