"""What a file is, told by its bytes, never by its name. Pure: an open binary file in, a `Sniffed` out, or a refusal.

Limits are of what is read, so that a hostile file costs little: a zip's directory, a picture's header, the first and
last kilobytes of the rest.
"""

import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, cast

import pypdfium2
from PIL import Image, UnidentifiedImageError

from cms.library.captions import captions, is_srt
from cms.library.enums import FileKind
from cms.library.errors import FileRefused

HEAD = 4096  # bytes looked at for a signature
MAX_PIXELS = 60_000_000
MAX_UNPACKED = 2 * 1024**3  # bytes a zip may claim to unpack to
MAX_RATIO = 200  # unpacked to packed size
MAX_MEMBERS = 20_000
MAX_DIRECTORY = 8 * 1024**2  # bytes of a zip's directory: what so many members with long names take
MAX_WEBP = 50 * 1024**2  # bytes of a picture that is read whole to be looked at
MAX_TEXT = 20 * 1024**2  # bytes of a plain text
MAX_LEGACY = 200 * 1024**2  # bytes of an old Office file

PDFIUM = threading.Lock()
"""PDFium serves one thread at a time: two at once, and it refuses every PDF of this process from then on."""


@dataclass(frozen=True)
class Sniffed:
    """kind and media type of the content; `endings` are the names it may carry."""

    kind: FileKind
    media_type: str
    endings: tuple[str, ...]


PDF = Sniffed(FileKind.DOCUMENT, "application/pdf", ("pdf",))
ZIP = Sniffed(FileKind.ARCHIVE, "application/zip", ("zip",))
OFFICE = "application/vnd.openxmlformats-officedocument."
OOXML = {
    "word/": Sniffed(FileKind.DOCUMENT, OFFICE + "wordprocessingml.document", ("docx",)),
    "ppt/": Sniffed(FileKind.DOCUMENT, OFFICE + "presentationml.presentation", ("pptx", "ppsx")),
    "xl/": Sniffed(FileKind.DOCUMENT, OFFICE + "spreadsheetml.sheet", ("xlsx",)),
}
LEGACY = {
    "WordDocument": Sniffed(FileKind.DOCUMENT, "application/msword", ("doc", "wps")),
    "PowerPoint Document": Sniffed(FileKind.DOCUMENT, "application/vnd.ms-powerpoint", ("ppt", "pps", "dps")),
    "Workbook": Sniffed(FileKind.DOCUMENT, "application/vnd.ms-excel", ("xls", "et")),
}
IMAGES = {
    "PNG": Sniffed(FileKind.IMAGE, "image/png", ("png",)),
    "JPEG": Sniffed(FileKind.IMAGE, "image/jpeg", ("jpg", "jpeg", "jfif")),
    "GIF": Sniffed(FileKind.IMAGE, "image/gif", ("gif",)),
    "WEBP": Sniffed(FileKind.IMAGE, "image/webp", ("webp",)),
}
MP4 = Sniffed(FileKind.VIDEO, "video/mp4", ("mp4", "m4v", "mov"))
M4A = Sniffed(FileKind.AUDIO, "audio/mp4", ("m4a", "mp4"))
SIGNATURES: tuple[tuple[int, bytes, Sniffed], ...] = (
    (0, b"\x1a\x45\xdf\xa3", Sniffed(FileKind.VIDEO, "video/webm", ("webm", "mkv"))),
    (0, b"ID3", Sniffed(FileKind.AUDIO, "audio/mpeg", ("mp3",))),
    (0, b"\xff\xfb", Sniffed(FileKind.AUDIO, "audio/mpeg", ("mp3",))),
    (0, b"\xff\xf3", Sniffed(FileKind.AUDIO, "audio/mpeg", ("mp3",))),
    (0, b"OggS", Sniffed(FileKind.AUDIO, "audio/ogg", ("ogg", "oga"))),
    (8, b"WAVE", Sniffed(FileKind.AUDIO, "audio/wav", ("wav",))),
)
CAPTIONS = Sniffed(FileKind.CAPTIONS, "text/vtt", ("vtt", "srt"))
TEXT = Sniffed(FileKind.DOCUMENT, "text/plain", ("txt", "md", "csv"))
SVG = Sniffed(FileKind.DOCUMENT, "image/svg+xml", ("svg",))
HTML = Sniffed(FileKind.DOCUMENT, "text/html", ("html", "htm"))

DOWNLOAD_ONLY = frozenset({SVG.media_type, HTML.media_type, "text/plain", ZIP.media_type})
"""Never shown inside the site: what could carry script, or is of no use there."""

DANGEROUS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"L\x00\x00\x00\x01\x14\x02\x00")
DANGEROUS_MEMBERS = (".exe", ".dll", ".bat", ".cmd", ".com", ".scr", ".vbs", ".js", ".ps1", ".msi", ".jar", ".lnk")


def sniff(stream: IO[bytes], *, size: int) -> Sniffed:
    """What the content is.

    stream   seekable, at any position; left at 0
    size     bytes
    Raises   FileRefused: empty, dangerous, encrypted, broken, unknown_type, zip_bomb, too_many_pixels
    """
    if size == 0:
        raise FileRefused("empty")
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    if head.startswith(DANGEROUS):
        raise FileRefused("dangerous")
    for recognise in (_pdf, _zip, _legacy_office, _image, _iso_media, _signature, _markup, _text):
        found = recognise(stream, head, size)
        stream.seek(0)
        if found is not None:
            return found
    raise FileRefused("unknown_type")


def check_name(name: str, found: Sniffed) -> None:
    """Raises FileRefused: "mislabelled" when the name's ending belongs to another type of file, "no_ending" without,
    "bad_captions" when a name of captions stands on other text."""
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if found is TEXT and ending in CAPTIONS.endings:
        raise FileRefused("bad_captions")  # to be told to rename it would help nobody
    if ending not in found.endings:
        raise FileRefused("mislabelled" if ending else "no_ending", ending=ending, right=found.endings[0])


def _pdf(stream: IO[bytes], head: bytes, size: int) -> Sniffed | None:
    if b"%PDF-" not in head[:1024]:
        return None
    try:
        with PDFIUM, pypdfium2.PdfDocument(stream, autoclose=False) as document:
            pages = len(document)
    except pypdfium2.PdfiumError as error:
        raise FileRefused("encrypted" if "password" in str(error).lower() else "broken") from error
    if pages == 0:
        raise FileRefused("broken")
    return PDF


class _Bounded:
    """A zip's directory is read whole before anybody can look at it: never more than it may have."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        if size > MAX_DIRECTORY:
            raise FileRefused("zip_bomb")
        return self._stream.read(size)


def _zip(stream: IO[bytes], head: bytes, size: int) -> Sniffed | None:
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    try:
        with zipfile.ZipFile(cast("IO[bytes]", _Bounded(stream))) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileRefused("broken") from error
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(size, 1024):
        raise FileRefused("zip_bomb")
    if any(member.flag_bits & 0x1 for member in members):
        raise FileRefused("encrypted")
    names = {member.filename for member in members}
    if "[Content_Types].xml" in names:
        if any(name.endswith("vbaProject.bin") for name in names):
            raise FileRefused("macros")
        for folder, found in OOXML.items():
            if any(name.startswith(folder) for name in names):
                return found
    if any(name.lower().endswith(DANGEROUS_MEMBERS) for name in names):
        raise FileRefused("dangerous")
    return ZIP


def _legacy_office(stream: IO[bytes], head: bytes, size: int) -> Sniffed | None:
    if not head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return None
    if size > MAX_LEGACY:
        raise FileRefused("unknown_type")
    content = stream.read()

    def holds(storage: str) -> bool:
        return storage.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise FileRefused("encrypted")
    if holds("_VBA_PROJECT"):
        raise FileRefused("macros")
    for storage, found in LEGACY.items():
        if holds(storage):
            return found
    return None


def _image(stream: IO[bytes], head: bytes, size: int) -> Sniffed | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP" and size > MAX_WEBP:
        raise FileRefused("too_many_pixels")
    try:
        with Image.open(stream, formats=list(IMAGES)) as image:
            width, height = image.size
            name = image.format or ""
            image.verify()
    except UnidentifiedImageError:
        return None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused("too_many_pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise FileRefused("broken") from error
    if width * height > MAX_PIXELS:
        raise FileRefused("too_many_pixels")
    return IMAGES[name]


def _iso_media(stream: IO[bytes], head: bytes, size: int) -> Sniffed | None:
    if head[4:8] != b"ftyp":
        return None
    return M4A if head[8:11] == b"M4A" else MP4


def _signature(stream: IO[bytes], head: bytes, size: int) -> Sniffed | None:
    for offset, signature, found in SIGNATURES:
        if head[offset:].startswith(signature):
            return found
    return None


def _markup(stream: IO[bytes], head: bytes, size: int) -> Sniffed | None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start):
        return SVG
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return HTML
    return None


def _text(stream: IO[bytes], head: bytes, size: int) -> Sniffed | None:
    if b"\x00" in head or size > MAX_TEXT:
        return None
    text = decode(stream.read())
    if text is None:
        return None
    if text.lstrip("\ufeff").startswith("WEBVTT") or is_srt(text[:2000]):
        captions(text)
        return CAPTIONS
    return TEXT


def decode(content: bytes) -> str | None:
    """Text in UTF-8 or GB 18030, the two that Chinese teachers save; None when it is neither."""
    decoders: tuple[Callable[[], str], ...] = (
        lambda: content.decode("utf-8-sig"),
        lambda: content.decode("gb18030"),
    )
    for decoder in decoders:
        try:
            return decoder()
        except UnicodeDecodeError:
            continue
    return None
