"""Captions become WebVTT with every cue, or are refused with a reason: what is lost silently is never found."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms.library.captions import captions
from cms.library.errors import FileRefused
from cms.library.wording import file_sentence
from tests import factories

FIRST = "00:00:01,000 --> 00:00:04,000"
SECOND = "00:00:05,000 --> 00:00:06,500"


def cues(text: str) -> list[tuple[str, ...]]:
    """Each cue of a WebVTT: the second it begins, and its lines."""
    head, *blocks = text.rstrip("\n").split("\n\n")
    assert head == "WEBVTT"
    return [(timing[6:8], *lines) for timing, *lines in (block.split("\n") for block in blocks)]


@pytest.mark.parametrize(
    "srt",
    [
        f"1\n{FIRST}\n同学们好\n\n2\n{SECOND}\n再见\n",
        f"\ufeff1\r\n{FIRST}\r\n同学们好\r\n\r\n2\r\n{SECOND}\r\n再见",
        f"1\n{FIRST}\n同学们好\n{SECOND}\n再见\n",  # neither blank line nor number
        f"1\n{FIRST}\n同学们好\n2\n{SECOND}\n再见\n",  # no blank line
        f"1\n{FIRST}\n同学们好\n\n{SECOND}\n再见\n",  # no number
        f"{FIRST}\n同学们好\n\n{SECOND}\n再见\n",  # no number at all
        f"第1条\n{FIRST}\n同学们好\n\n第2条\n{SECOND}\n再见\n",  # a name
        f"1\n\n{FIRST}\n\n同学们好\n\n2\n\n{SECOND}\n\n再见\n",  # a blank line after every line
        f"1\n{FIRST}\n同学们好\n\n2\n{SECOND}\n再见\n\n3\n00:00:07,000 --> 00:00:08,000\n\n",  # one says nothing
    ],
)
def test_srt_becomes_webvtt_however_it_was_typed(srt: str) -> None:
    assert cues(captions(srt)) == [("01", "同学们好"), ("05", "再见")]


def test_srt_keeps_numbers_and_arrows_that_are_said() -> None:
    srt = f"1\n{FIRST}\n今年是\n2024\n\n{SECOND}\n导入 --> 新授\n"
    assert cues(captions(srt)) == [("01", "今年是", "2024"), ("05", "导入 --&gt; 新授")]


@pytest.mark.parametrize(
    "text",
    [
        f"1\n{FIRST}\n同学们好\n\n2\n{'9' * 20}:00:05,000 --> {'9' * 20}:00:06,000\n再见\n",
        f"WEBVTT\n\n{FIRST.replace(',', '.')}\n同学们好\n\n{SECOND}\n再见\n",
    ],
)
def test_captions_with_a_cue_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(FileRefused) as refused:
        captions(text)
    assert file_sentence(refused.value) == "字幕文件里有 1 条字幕读不出来，请检查时间轴格式后再上传。"


@pytest.mark.parametrize("text", ["1\n同学们好\n", "WEBVTT\n\n同学们好", "", "\n" * 10])
def test_captions_without_any_cue_are_refused(text: str) -> None:
    with pytest.raises(FileRefused, match="bad_captions"):
        captions(text)


def test_webvtt_stays_as_it_is() -> None:
    text = "WEBVTT\n\nNOTE 讲解\n\n1\n00:01.000 --> 00:04.000 align:start\n同学们好\n\n00:05.000 --> 00:06.000\n\n"
    assert captions(text) == text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["讲解.srt", "讲解.vtt"])
def test_upload_of_captions_never_breaks(name: str) -> None:
    place = factories.province()
    client = Client()
    client.force_login(factories.teacher(place))
    srt = f"1\n{FIRST}\n同学们好\n第2条\n{SECOND}\n再见\n".encode()
    answer = client.post("/files/", {"file": SimpleUploadedFile(name, srt)})
    assert answer.status_code == 201
    assert answer.json()["name"] == "讲解.vtt"
