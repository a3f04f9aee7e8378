"""Files in an object storage that speaks S3 (`S3_BUCKET`): what fails there is an OSError, as it is on a disk, and a
part of a file is asked for as that part.

A module of its own, named by the settings alone: boto3 is loaded where there is a bucket and nowhere else.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3File, S3Storage
from storages.utils import clean_name

MISSING = ("404", "NoSuchKey")
IN_MEMORY = 8 * 1024 * 1024  # bytes of a file that is fetched whole; more of it lies in a temporary file

PATIENCE = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2, "mode": "standard"})
"""Seconds. Botocore's own, 60 and five times, would hold a request for minutes and with it one of a few threads."""


@contextmanager
def as_on_a_disk(name: str) -> Iterator[None]:
    """What the body raises of the storage's own libraries is an OSError; a FileNotFoundError where it has no `name`."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in MISSING:
            raise FileNotFoundError(errno.ENOENT, "the object storage has no such file", name) from error
        raise OSError(errno.EIO, f"the object storage refused: {error}", name) from error
    except (BotoCoreError, Boto3Error, RetriesExceededError) as error:
        raise OSError(errno.EIO, f"the object storage is away: {error}", name) from error


class ObjectFile(S3File):
    """A whole file, fetched when it is first read."""

    def _get_file(self) -> Any:
        with as_on_a_disk(self.name):
            try:
                return super()._get_file()
            except BaseException:
                self.close()  # what has come so far would be read as the whole the next time
                raise

    file = property(_get_file, S3File._set_file)


class Body:
    """Bytes on their way from the storage. Must be closed, for the connection is its own until then."""

    def __init__(self, stream: Any, name: str) -> None:
        self._stream, self._name = stream, name

    def read(self, size: int, /) -> bytes:
        with as_on_a_disk(self._name):
            return self._stream.read(size)

    def close(self) -> None:
        self._stream.close()


class ObjectStorage(S3Storage):
    """Django's storage for files in a bucket. Reading and saving; nothing here writes through `open`."""

    max_memory_size = IN_MEMORY

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config: Config = self.client_config.merge(PATIENCE)

    def open_range(self, name: str, first: int, last: int) -> Body:
        """The bytes `first` to `last`, counted from 0, as they come: no other is fetched, none kept. Raises OSError."""
        with as_on_a_disk(name):
            found = self._object(name).get(Range=f"bytes={first}-{last}")
        if found["ContentLength"] != last - first + 1:
            found["Body"].close()
            raise OSError(errno.EIO, f"asked for {last - first + 1} bytes, offered {found['ContentLength']}", name)
        return Body(found["Body"], name)

    def _object(self, name: str) -> Any:
        return self.bucket.Object(self._normalize_name(clean_name(name)))

    def _open(self, name: str, mode: str = "rb") -> ObjectFile:
        with as_on_a_disk(name):
            return ObjectFile(self._normalize_name(clean_name(name)), mode, self)

    def _save(self, name: str, content: Any) -> str:
        with as_on_a_disk(name):
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with as_on_a_disk(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with as_on_a_disk(name):
            return super().exists(name)

    def size(self, name: str) -> int:
        with as_on_a_disk(name):
            return super().size(name)
