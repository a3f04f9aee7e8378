"""Files are told by content, and what is dangerous, broken or misnamed is refused with a reason."""

import io
import struct
import time
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cms.library.enums import FileKind
from cms.library.errors import FileRefused
from cms.library.names import clean_name
from cms.library.sniffing import MAX_WEBP, Sniffed, check_name, sniff
from cms.library.wording import file_sentence

MEDIA = Path(__file__).parents[3] / "fixtures" / "media" / "files"


def told(content: bytes) -> Sniffed:
    return sniff(io.BytesIO(content), size=len(content))


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return out.getvalue()


def picture(size: tuple[int, int] = (4, 4), form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind", "media_type"),
    [
        (picture(), FileKind.IMAGE, "image/png"),
        (picture(form="JPEG"), FileKind.IMAGE, "image/jpeg"),
        (b"\x00\x00\x00\x20ftypisom" + b"\x00" * 64, FileKind.VIDEO, "video/mp4"),
        (b"\x00\x00\x00\x20ftypM4A " + b"\x00" * 64, FileKind.AUDIO, "audio/mp4"),
        (b"ID3\x03" + b"\x00" * 64, FileKind.AUDIO, "audio/mpeg"),
        ("WEBVTT\n\n00:00.000 --> 00:02.000\n分月饼\n".encode(), FileKind.CAPTIONS, "text/vtt"),
        ("1\n00:00:00,000 --> 00:00:02,000\n分月饼\n".encode(), FileKind.CAPTIONS, "text/vtt"),
        ("三年级上册 分数".encode("gb18030"), FileKind.DOCUMENT, "text/plain"),
        (b"<svg xmlns='x'><script/></svg>", FileKind.DOCUMENT, "image/svg+xml"),
        (b"<!DOCTYPE html><script>1</script>", FileKind.DOCUMENT, "text/html"),
        ("导入 --> 新授 --> 练习".encode(), FileKind.DOCUMENT, "text/plain"),
        ("# 教学设计\n<!-- 初稿 -->\n".encode(), FileKind.DOCUMENT, "text/plain"),
        (zipped(a_DOT_txt=b"x"), FileKind.ARCHIVE, "application/zip"),
    ],
)
def test_sniff_tells_type_by_content(content: bytes, kind: FileKind, media_type: str) -> None:
    assert (told(content).kind, told(content).media_type) == (kind, media_type)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + b"\x00" * 64, "dangerous"),
        (b"#!/bin/sh\nrm -rf /", "dangerous"),
        (zipped(setup_DOT_exe=b"MZ"), "dangerous"),
        (b"%PDF-1.7 nothing behind it", "broken"),
        (picture((64, 64))[:-20], "broken"),
        (b"PK\x03\x04 not a zip", "broken"),
        (b"\x00\x01\x02\x03" * 32, "unknown_type"),
        (zipped(big=b"\x00" * 40_000_000), "zip_bomb"),
        (zipped(**{"[Content_Types]_DOT_xml": b"x", "word__vbaProject_DOT_bin": b"x"}), "macros"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"WEBVTT\n\nno cue at all", "bad_captions"),
    ],
)
def test_sniff_refuses_what_is_dangerous_or_broken(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        told(content)
    assert refused.value.code == code


def test_directory_of_a_zip_is_refused_before_it_is_read() -> None:
    """Each of its entries would be an object: millions of them are gigabytes."""
    entries = (b"PK\x01\x02" + bytes(24) + b"\x01" + bytes(17) + b"a") * 200_000
    end = b"PK\x05\x06" + bytes(4) + b"\xff\xff\xff\xff" + struct.pack("<IIH", len(entries), 4, 0)
    content = b"PK\x03\x04" + entries + end
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused, match="zip_bomb"):
            told(content)
        assert tracemalloc.get_traced_memory()[1] < 20 * 1024**2
    finally:
        tracemalloc.stop()


def test_picture_that_would_be_read_whole_is_bounded() -> None:
    with pytest.raises(FileRefused, match="too_many_pixels"):
        told(b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(MAX_WEBP))


def test_sniff_refuses_encrypted_members() -> None:
    content = bytearray(zipped(a_DOT_txt=b"x"))
    content[6] |= 1
    central = content.index(b"PK\x01\x02")
    content[central + 8] |= 1
    with pytest.raises(FileRefused, match="encrypted"):
        told(bytes(content))


def test_check_name_asks_for_an_ending_where_there_is_none() -> None:
    with pytest.raises(FileRefused, match="no_ending") as refused:
        check_name("课件", told(picture()))
    assert "请在名称末尾加上“.png”" in file_sentence(refused.value)


def test_check_name_says_of_captions_without_timings_what_they_lack() -> None:
    """Of another ending they would be no captions either."""
    with pytest.raises(FileRefused, match="bad_captions"):
        check_name("讲解.srt", told("1\n0:01 --> 0:04\n同学们好\n".encode()))


def test_pdfium_reads_one_document_at_a_time() -> None:
    """It serves no two threads: after a clash it refuses every PDF for as long as the process lives."""
    content = next(MEDIA.glob("*.pdf")).read_bytes()
    readers: list[int] = []

    class Watched(io.BytesIO):
        def readinto(self, buffer: Any) -> int:
            """Asked by PDFium alone."""
            readers.append(id(self))
            time.sleep(0.001)  # the turn of another thread
            return super().readinto(buffer)

    streams = [Watched(content) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda stream: sniff(stream, size=len(content)), streams))
    assert len(list(groupby(readers))) == len(streams)


def test_check_name_refuses_another_ending() -> None:
    with pytest.raises(FileRefused) as refused:
        check_name("课件.docx", told(picture()))
    assert refused.value.facts == {"ending": "docx", "right": "png"}


@pytest.mark.parametrize("path", sorted(MEDIA.glob("*")), ids=lambda path: path.name)
def test_sniff_accepts_every_demo_file(path: Path) -> None:
    with path.open("rb") as stream:
        check_name(path.name, sniff(stream, size=path.stat().st_size))


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\课件\\分数.pptx", "分数.pptx"),
        ("分数\x00\n的\u202e认识.docx", "分数的认识.docx"),
        ("🍎 苹果.png", "🍎 苹果.png"),
        ("   ", "文件"),
        (".pdf", "文件.pdf"),
        ("\ud800bad.pdf", "bad.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_clean_name(given: str, clean: str) -> None:
    assert clean_name(given) == clean
