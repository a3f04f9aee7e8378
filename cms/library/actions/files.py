"""Store a file: told by content, hashed, named safely; bytes first, row after, nothing left behind on failure."""

import errno
import hashlib
import io
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File
from django.db import transaction

from cms.library.enums import FileKind
from cms.library.errors import FileRefused
from cms.library.models import StoredFile
from cms.library.names import clean_name
from cms.library.rules import may_create
from cms.library.sniffing import captions, check_name, decode, sniff
from cms.people.models import User
from cms.people.queries import home_organisation

CHUNK = 1024 * 1024


def store_file(upload: File[Any], *, name: str, by: User) -> StoredFile:
    """Keep the bytes under a new id; captions are kept as WebVTT whatever they came in.

    upload   an open Django file of known size
    Raises   FileRefused (its code says why), PermissionDenied when `by` begins no works
    """
    organisation = home_organisation(by)
    if organisation is None or not may_create(by):
        raise PermissionDenied
    size = upload.size or 0
    if size > settings.UPLOAD_MAX_BYTES:
        raise FileRefused("too_large", most=settings.UPLOAD_MAX_BYTES)
    name = clean_name(name)
    stream: IO[bytes] = upload.file or io.BytesIO(upload.read())
    found = sniff(stream, size=size)
    check_name(name, found)
    content: File[Any] = upload
    if found.kind == FileKind.CAPTIONS:
        text = captions(decode(stream.read()) or "")
        content = ContentFile(text.encode())
        size = content.size
        name = name.rsplit(".", 1)[0] + ".vtt"
    stored = StoredFile(
        name=name,
        kind=found.kind,
        media_type=found.media_type,
        size=size,
        sha256=_hash(content),
        organisation=organisation,
        uploaded_by=by,
    )
    _write(stored, content)
    try:
        with transaction.atomic():
            stored.save()
    except BaseException:
        stored.file.storage.delete(stored.file.name or "")
        raise
    return stored


def _hash(content: File[Any]) -> str:
    digest = hashlib.sha256()
    content.seek(0)
    for chunk in content.chunks(CHUNK):
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


def _write(stored: StoredFile, content: File[Any]) -> None:
    try:
        stored.file.save(stored.name, content, save=False)
    except OSError as error:
        if stored.file.name:
            stored.file.storage.delete(stored.file.name)
        code = "disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "storage_unavailable"
        raise FileRefused(code) from error
