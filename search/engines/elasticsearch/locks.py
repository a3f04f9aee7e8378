"""A lease in the cluster, so that two processes on two machines do not rebuild at once."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, BadRequestError, ConflictError, Elasticsearch, NotFoundError

from search.errors import IndexUnavailable

LEASE = 600.0  # seconds without a sign of life after which who holds a lease has lost it
DRIFT = 60.0  # seconds more until others believe it: two machines' clocks differ, and a sign takes its time
RENEW = 20.0  # seconds between two signs


class Lease:
    """Held until it is given back, or not renewed for LEASE seconds."""

    def __init__(self, locks: "Locks", name: str, owner: str, seen: dict[str, Any]) -> None:
        self._locks, self._name, self._owner = locks, name, owner
        self._seen = seen  # the write that made it ours: only who knows it can change the document
        self._renewed = time.monotonic()

    def renew(self, *, now: bool = False) -> None:
        """A sign of life. Raises IndexUnavailable busy when somebody else has taken over, or could have: writes that
        came after the lease had run out were not for the index that is filled under it."""
        began = time.monotonic()
        if not now and began - self._renewed < RENEW:
            return
        if began - self._renewed > LEASE:
            raise IndexUnavailable("busy", f"{self._name} was not renewed for {LEASE:g} s")
        try:
            self._seen = self._locks.renewed(self._name, self._owner, self._seen)
        except (ConflictError, NotFoundError) as error:
            raise IndexUnavailable("busy", f"another process has taken over {self._name}") from error
        self._renewed = began


class Locks:
    """The leases of one installation, documents of `<prefix>-state`."""

    def __init__(self, prefix: str, client: Callable[[], Elasticsearch]) -> None:
        self.index = f"{prefix}-state"
        self._client = client

    @contextmanager
    def held(self, name: str) -> Iterator[Lease | None]:
        """Yield the lease, or None when somebody else holds it."""
        owner = f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"
        lease = self._take(name, owner)
        try:
            yield lease
        finally:
            if lease is not None:
                with suppress(ApiError, TransportError):  # it runs out by itself
                    self._give_back(name, owner)

    def taken(self, name: str) -> bool:
        """Somebody holds this lease and has given a sign of life."""
        try:
            return self._lives(self._client().get(index=self.index, id=name).body)
        except NotFoundError:
            return False

    def write(self, name: str, owner: str, seen: dict[str, Any] | None) -> dict[str, Any]:
        """The lease is `owner`'s for LEASE seconds more. Raises ConflictError when another write came between."""
        more: dict[str, Any] = seen if seen is not None else {"op_type": "create"}
        document = {"owner": owner, "until": int(time.time() + LEASE + DRIFT)}
        answer = self._client().index(index=self.index, id=name, document=document, refresh=False, **more)
        return _seen(answer.body)

    def renewed(self, name: str, owner: str, seen: dict[str, Any]) -> dict[str, Any]:
        """As `write`, for who holds the lease: a write of its own whose answer was lost on its way is none between."""
        try:
            return self.write(name, owner, seen)
        except ConflictError:
            held = self._client().get(index=self.index, id=name).body
            if held["_source"]["owner"] != owner:
                raise
            return _seen(held)

    def _take(self, name: str, owner: str) -> Lease | None:
        self._make()
        try:
            return Lease(self, name, owner, self.write(name, owner, None))
        except ConflictError:
            pass
        try:
            held = self._client().get(index=self.index, id=name).body
        except NotFoundError:
            return None  # given back this very moment
        if held["_source"]["owner"] == owner:  # ours: the first try's answer was lost on its way
            return Lease(self, name, owner, _seen(held))
        if self._lives(held):
            return None
        try:
            return Lease(self, name, owner, self.write(name, owner, _seen(held)))
        except ConflictError:
            return None

    def _give_back(self, name: str, owner: str) -> None:
        held = self._client().get(index=self.index, id=name).body
        if held["_source"]["owner"] == owner:
            self._client().delete(index=self.index, id=name, **_seen(held))

    @staticmethod
    def _lives(held: dict[str, Any]) -> bool:
        return bool(held["_source"]["until"] > time.time())

    def _make(self) -> None:
        fields = {"owner": {"type": "keyword"}, "until": {"type": "long"}}
        if self._client().indices.exists(index=self.index):
            return
        try:
            self._client().indices.create(
                index=self.index,
                mappings={"dynamic": "strict", "properties": fields},
                settings={"number_of_shards": 1, "auto_expand_replicas": "0-1"},
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise


def _seen(held: dict[str, Any]) -> dict[str, Any]:
    """What a later write says so that it is refused where another came between."""
    return {"if_seq_no": held["_seq_no"], "if_primary_term": held["_primary_term"]}
