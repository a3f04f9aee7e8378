"""Upload and protected download. Django's own `FileResponse` ignores Range, without which a video cannot be sought."""

import logging
import re
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cms.library.actions.files import store_file
from cms.library.errors import FileRefused
from cms.library.file_access import may_open
from cms.library.models import StoredFile
from cms.library.sniffing import DOWNLOAD_ONLY
from cms.library.wording import file_sentence

logger = logging.getLogger("gongjian.files")
CHUNK = 256 * 1024
RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$", re.ASCII)
SANDBOX = "sandbox; default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'"


@require_POST
@login_required
def upload(request: HttpRequest) -> JsonResponse:
    """Store one file: `file` of a multipart form -> id, uuid, name, kind, size, url; or 400 with one sentence."""
    given = request.FILES.get("file")
    try:
        if given is None:
            raise FileRefused("missing")
        stored = store_file(given, name=given.name or "", by=request.user)  # type: ignore[arg-type]
    except FileRefused as error:
        status = 507 if error.code in ("disk_full", "storage_unavailable") else 400
        return JsonResponse({"error": file_sentence(error), "code": error.code}, status=status)
    except PermissionDenied:
        return JsonResponse({"error": _("您的账号不能上传文件。"), "code": "forbidden"}, status=403)
    return JsonResponse(described(stored), status=201)


def described(stored: StoredFile) -> dict[str, object]:
    """What forms and clients are told of a file."""
    return {
        "id": stored.pk,
        "uuid": str(stored.uuid),
        "name": stored.name,
        "kind": stored.kind,
        "media_type": stored.media_type,
        "size": stored.size,
        "url": file_url(stored),
    }


def file_url(stored: StoredFile) -> str:
    return f"/files/{stored.uuid}/{quote(stored.name)}"


@require_http_methods(["GET", "HEAD"])
def download(request: HttpRequest, uuid: UUID, name: str = "") -> HttpResponseBase:
    """The bytes, whole or a range, to whoever may open them; anybody else is told "not found"."""
    stored = StoredFile.objects.filter(uuid=uuid).first()
    if stored is None or not may_open(request.user, stored):
        raise Http404
    wanted = _range(request.headers.get("Range", ""), stored.size)
    if wanted == "unsatisfiable":
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{stored.size}"
        return response
    try:
        response = _body(request, stored, wanted if isinstance(wanted, tuple) else None)
    except FileNotFoundError as error:
        raise Http404 from error
    except OSError:
        logger.warning("file %s cannot be read", stored.uuid, exc_info=True)
        return _unavailable()
    inline = stored.media_type not in DOWNLOAD_ONLY and "download" not in request.GET
    response["Content-Type"] = stored.media_type
    response["Content-Disposition"] = (
        f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(stored.name, safe='')}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX if stored.media_type != "application/pdf" else "object-src 'self'"
    response["Cache-Control"] = "private, max-age=3600"
    response["Last-Modified"] = http_date(stored.uploaded_at.timestamp())
    response["ETag"] = f'"{stored.sha256}"'
    response["Accept-Ranges"] = "bytes"
    return response


def _range(header: str, size: int) -> tuple[int, int] | str | None:
    """First and last byte of one range; None for the whole; "unsatisfiable"."""
    match = RANGE.match(header.strip())
    if match is None or (not match[1] and not match[2]):
        return None
    if not match[1]:
        first, last = max(size - int(match[2]), 0), size - 1
    else:
        first, last = int(match[1]), min(int(match[2]) if match[2] else size - 1, size - 1)
    return (first, last) if first <= last < size else "unsatisfiable"


def _body(request: HttpRequest, stored: StoredFile, wanted: tuple[int, int] | None) -> HttpResponseBase:
    if settings.ACCEL_REDIRECT:
        response: HttpResponseBase = HttpResponse()
        response["X-Accel-Redirect"] = settings.ACCEL_REDIRECT + quote(stored.file.name or "")
        return response
    first, last = wanted or (0, stored.size - 1)
    if request.method == "HEAD":
        response = HttpResponse(status=206 if wanted else 200)
    else:
        pieces = _Pieces(_opened(stored, first, last), last - first + 1)
        response = StreamingHttpResponse(pieces, status=206 if wanted else 200)
    if wanted:
        response["Content-Range"] = f"bytes {first}-{last}/{stored.size}"
    response["Content-Length"] = str(last - first + 1)
    return response


def _unavailable() -> HttpResponse:
    sentence = _("文件暂时取不出来，请过一会儿再试。")
    return HttpResponse(sentence, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "30"})


class _Opened(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


def _opened(stored: StoredFile, first: int, last: int) -> _Opened:
    """The file, where byte `first` comes next. Raises OSError."""
    storage, name = stored.file.storage, stored.file.name or ""
    if hasattr(storage, "open_range"):  # an object storage: to seek in its file would fetch all of it
        return storage.open_range(name, first, last)
    opened = storage.open(name)
    opened.seek(first)
    return opened


class _Pieces:
    """The next bytes of what is open, which is closed with the response even when nobody read it."""

    def __init__(self, opened: _Opened, length: int) -> None:
        self._opened, self._left = opened, length

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0 and (piece := self._opened.read(min(CHUNK, self._left))):
            self._left -= len(piece)
            yield piece

    def close(self) -> None:
        self._opened.close()
