"""Storing and serving files: who may, in which ranges, and what a failing disk leaves behind (nothing)."""

import errno
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms.library.actions.files import store_file
from cms.library.errors import FileRefused
from cms.library.models import StoredFile
from tests import factories
from tests.library.files.test_sniffing import picture
from workflows.review.actions.submitting import submit

pytestmark = pytest.mark.django_db


def upload(client: Client, content: bytes, name: str) -> Any:
    return client.post("/files/", {"file": SimpleUploadedFile(name, content)})


def status(client: Client, stored: StoredFile) -> int:
    answer = client.get(f"/files/{stored.uuid}/x.pdf")
    if answer.streaming:
        b"".join(answer)  # read to the end, as a browser does: the file is closed
    return answer.status_code


def test_upload_stores_bytes_under_a_clean_name() -> None:
    place = factories.province()
    client = Client()
    client.force_login(factories.teacher(place))
    answer = upload(client, picture(), "分数\u202e圆.png")
    assert answer.status_code == 201
    stored = StoredFile.objects.get(pk=answer.json()["id"])
    assert stored.name == "分数圆.png"
    assert stored.kind == "image"
    with stored.file.open() as content:
        assert content.read() == picture()


def test_upload_refuses_with_one_chinese_sentence() -> None:
    place = factories.province()
    client = Client()
    client.force_login(factories.teacher(place))
    answer = upload(client, picture(), "课件.pptx")
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("文件内容与扩展名不符")
    assert client.post("/files/").json()["error"] == "请选择要上传的文件。"
    assert StoredFile.objects.count() == 0


def test_upload_is_refused_to_pupils_and_visitors() -> None:
    place = factories.province()
    client = Client()
    assert upload(client, picture(), "a.png").status_code == 302
    client.force_login(factories.pupil(place))
    assert upload(client, picture(), "a.png").status_code == 403


class FullDisk(FileSystemStorage):
    """A real storage on a disk that fills up while it writes."""

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
        path.unlink()
        raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_leaves_no_row_and_says_so(tmp_path: Path) -> None:
    place = factories.province()
    author = factories.teacher(place)
    field: Any = StoredFile._meta.get_field("file")
    field.storage = FullDisk(location=tmp_path)
    try:
        with pytest.raises(FileRefused, match="disk_full"):
            store_file(SimpleUploadedFile("a.png", picture()), name="a.png", by=author)
    finally:
        field.storage = default_storage
    assert StoredFile.objects.count() == 0


def test_srt_is_kept_as_webvtt() -> None:
    place = factories.province()
    text = "1\n00:00:00,000 --> 00:00:02,000\n分月饼\n".encode("gb18030")
    stored = store_file(SimpleUploadedFile("讲解.srt", text), name="讲解.srt", by=factories.teacher(place))
    assert stored.name == "讲解.vtt"
    with stored.file.open() as content:
        assert content.read().decode().startswith("WEBVTT")


def test_file_opens_for_those_who_may_see_a_version_that_names_it() -> None:
    place = factories.province()
    author = factories.teacher(place)
    stored = factories.stored_file(author)
    work = factories.resource(place, author)
    work.files = [stored]
    work.save_revision(user=author)
    people = {
        "author": author,
        "colleague": factories.teacher(place),
        "stranger": factories.teacher(place, place.other_school),
        "reviewer": factories.school_reviewer(place),
        "other_reviewer": factories.school_reviewer(place, place.other_school),
    }

    def may() -> set[str]:
        found = set()
        for name, user in people.items():
            client = Client()
            client.force_login(user)
            if status(client, stored) == 200:
                found.add(name)
        return found

    assert may() == {"author"}
    submission = submit(work, by=author)
    assert may() == {"author", "reviewer"}
    factories.published_from(submission, place)
    assert may() == {"author", "reviewer", "colleague"}
    assert status(Client(), stored) == 404


def test_file_opens_for_visitors_when_shared_openly() -> None:
    place = factories.province()
    author = factories.teacher(place)
    stored = factories.stored_file(author)
    work = factories.resource(place, author)
    work.files = [stored]
    work.save_revision(user=author)
    factories.shared(place, author, work, openly=True)
    assert status(Client(), stored) == 200


@pytest.mark.parametrize(
    ("header", "status", "content_range", "length"),
    [
        ("bytes=0-3", 206, "bytes 0-3/{size}", 4),
        ("bytes=4-", 206, "bytes 4-{last}/{size}", -4),
        ("bytes=-2", 206, "bytes {before}-{last}/{size}", 2),
        ("bytes=999999-", 416, "bytes */{size}", 0),
        ("bytes=nonsense", 200, None, None),
        (f"bytes=0-{'9' * 5_000}", 200, None, None),
        ("bytes=٣-", 200, None, None),
    ],
)
def test_download_answers_ranges(header: str, status: int, content_range: str | None, length: int | None) -> None:
    place = factories.province()
    author = factories.teacher(place)
    stored = factories.stored_file(author)
    client = Client()
    client.force_login(author)
    answer = client.get(f"/files/{stored.uuid}/x.pdf", headers={"Range": header})
    assert answer.status_code == status
    if content_range is not None:
        facts = {"size": stored.size, "last": stored.size - 1, "before": stored.size - 2}
        assert answer["Content-Range"] == content_range.format(**facts)
    body = b"".join(answer)
    if length:
        assert len(body) == (length if length > 0 else stored.size + length)


@pytest.mark.parametrize(
    ("content", "name"), [(b"<svg><script/></svg>", "a.svg"), (b"<!DOCTYPE html><script></script>", "a.html")]
)
def test_markup_is_never_served_inline(content: bytes, name: str) -> None:
    place = factories.province()
    client = Client()
    client.force_login(factories.teacher(place))
    url = upload(client, content, name).json()["url"]
    answer = client.get(url)
    b"".join(answer)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
