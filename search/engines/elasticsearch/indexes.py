"""Which index answers, which is being filled, which is kept: names that point, swapped by the cluster in one step.

<prefix>-works            points to the index that answers and is written to
<prefix>-works-next       to the one being filled; true only while somebody holds the lease for it
<prefix>-works-previous   to the one that answered before, kept for rollback

An index is called <prefix>-works-<mark>-<time>-<chance>; the mark is that of the layout and analysis that wrote it.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError

from search.engines.base import Written
from search.engines.elasticsearch.layout import MARK, mappings, settings
from search.engines.elasticsearch.locks import Lease, Locks
from search.engines.elasticsearch.options import Options
from search.engines.elasticsearch.writing import Prepared, write
from search.errors import IndexUnavailable, RebuildRunning

STAMP = "%Y%m%dt%H%M%S"  # in the name of an index
RACES = 4  # times that somebody else may have been quicker

log = logging.getLogger("gongjian.search")


def ours(index: str) -> bool:
    """This version of the code may read and write it."""
    return f"-{MARK}-" in index


@dataclass(frozen=True)
class Pointers:
    """What the names point to now, and every index there is."""

    current: str | None = None
    next: str | None = None
    previous: str | None = None
    all: frozenset[str] = frozenset()

    @property
    def outdated(self) -> bool:
        return self.current is not None and not ours(self.current)

    @property
    def orphans(self) -> frozenset[str]:
        return self.all - {self.current, self.next, self.previous}


def begun(index: str) -> datetime:
    """When somebody began with this index of ours, as its name says."""
    return datetime.strptime(index.split("-")[-2], STAMP).replace(tzinfo=UTC)


class Indexes:
    """The indexes of one installation for one kind of things. Holds nothing open.

    lease   held by whoever fills a new one
    """

    def __init__(
        self,
        options: Options,
        client: Callable[[], Elasticsearch],
        *,
        kind: str = "works",
        lease: str = "rebuild",
        fields: Callable[[], dict[str, Any]] = mappings,
    ) -> None:
        self.options = options
        self.locks = Locks(options.prefix, client)
        self._client = client
        self._lease = lease
        self._fields = fields
        self.current = f"{options.prefix}-{kind}"
        self.next = f"{self.current}-next"
        self.previous = f"{self.current}-previous"
        self._ours = re.compile(rf"{re.escape(self.current)}-[0-9a-f]{{8}}-\d{{8}}t\d{{6}}-[0-9a-f]{{6}}")

    def pointers(self, client: Elasticsearch | None = None) -> Pointers:
        found = (client or self._client()).indices.get_alias(index=f"{self.current}-*", allow_no_indices=True)
        held: dict[str, str] = {}
        ours = sorted(name for name in found if self._ours.fullmatch(name))
        for name in ours:
            for alias in found[name]["aliases"]:
                held.setdefault(alias, name)
        return Pointers(held.get(self.current), held.get(self.next), held.get(self.previous), frozenset(ours))

    def usable(self, client: Elasticsearch | None = None) -> Pointers:
        """The pointers, to an index that this version of the code may read and write. Raises IndexUnavailable."""
        found = self.pointers(client)
        if found.current is None:
            raise IndexUnavailable("missing", f"no {self.current}")
        if found.outdated:
            raise IndexUnavailable("outdated", f"{found.current}; this version writes {MARK}")
        return found

    def being_filled(self, pointers: Pointers) -> str | None:
        """The index that somebody is filling now; None also when whoever filled it has died.

        Asked after the name was read: a lease that is given back by then means that the index has taken over, or is
        gone. The document of a lease is found by its id as it stands, in a millisecond, while there is such a name.
        """
        return pointers.next if pointers.next is not None and self.locks.taken(self._lease) else None

    def write(self, batch: list[Prepared], *, refresh: bool) -> Written:
        """To the index that answers, and to the one being filled."""
        # That one first: should it take over between the two writes, the second reaches it under its new name.
        if self.being_filled(self.usable()) is not None:
            try:
                write(self._client(), self.next, batch, alias=True)
            except IndexUnavailable as error:
                if error.reason != "missing":  # it has taken over or was dropped this very moment
                    raise
        return write(self._client(), self.current, batch, alias=True, refresh=refresh)

    @contextmanager
    def filling(self) -> Iterator[tuple[str, Lease]]:
        """A new index, written to beside the one in use until its name is moved; with an error it is dropped.

        Raises RebuildRunning.
        """
        with self.locks.held(self._lease) as lease:
            if lease is None:
                raise RebuildRunning
            self.ensure()
            self._drop_next()
            self.sweep()
            fresh = self.make(alias=self.next, filling=True)
            try:
                yield fresh, lease
            except BaseException:
                self.forget(fresh)
                raise

    def clear(self) -> None:
        """What was being filled by somebody who died is gone."""
        pointers = self.pointers()
        if pointers.next is None or self.being_filled(pointers) is not None:
            return
        with self.locks.held(self._lease) as lease:  # held, that none begins or takes over meanwhile
            if lease is not None:
                log.warning("%s was being filled by somebody who died: it is dropped", pointers.next)
                self._drop_next()

    def _drop_next(self) -> None:
        """What a filling that died has left. Needs the lease."""
        if (left := self.pointers().next) is not None:
            self.drop(left)

    def complete(self, index: str, client: Elasticsearch | None = None) -> bool:
        """A rebuild has filled it."""
        found = (client or self._client()).indices.get_mapping(index=index)
        return bool(found[index]["mappings"]["_meta"]["complete"])

    def make(self, *, alias: str | None = None, filling: bool = False) -> str:
        """A new empty index, pointed to by `alias` from its first moment; returns its name."""
        name = f"{self.current}-{MARK}-{datetime.now(UTC):{STAMP}}-{token_hex(3)}"
        try:
            self._client().indices.create(
                index=name,
                aliases={alias: {}} if alias else {},
                mappings=self._fields(),
                settings=settings(self.options, filling=filling),
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":  # the first try's answer was lost on its way
                raise
        return name

    def ensure(self) -> None:
        """The current name points to one index that this version may use; where there was none, it is empty.

        Several may try at once: one index remains, and who was working on another looks again.
        """
        for _try in range(RACES):
            try:
                return self._ensure()
            except NotFoundError:
                continue
        return self._ensure()

    def _ensure(self) -> None:
        before = self.pointers()
        if before.current is None:
            self.make(alias=self.current)
            self._keep_one()
        elif before.outdated:
            fresh = self.make()
            try:
                self.move((self.current, before.current, fresh))
            except NotFoundError:  # somebody else was first
                self.drop(fresh)
            else:
                self.drop(before.current)

    def _keep_one(self) -> None:
        """Of two that were made at the same moment the same one stays, whoever asks."""
        pointing = self._client().indices.get_alias(name=self.current)
        for name in sorted(pointing)[1:]:
            self.drop(name)

    def move(self, *moves: tuple[str, str | None, str | None]) -> None:
        """For each (name, from, to) the name points to `to` instead of `from`; all at once.

        Raises  NotFoundError, and nothing has moved, when a name does not point where it is said to
        """
        steps: list[dict[str, Any]] = []
        for alias, source, target in moves:
            if source is not None:
                steps.append({"remove": {"index": source, "alias": alias, "must_exist": True}})
            if target is not None:
                steps.append({"add": {"index": target, "alias": alias}})
        self._client().indices.update_aliases(actions=steps)

    def drop(self, *names: str) -> None:
        """These indexes are gone; one that was gone already is no error."""
        for name in names:
            self._client().indices.delete(index=name, ignore_unavailable=True)

    def forget(self, fresh: str) -> None:
        """A half-built index is dropped; one that answers already stays."""
        try:
            if self.pointers().current != fresh:
                self.drop(fresh)
        except (ApiError, TransportError):  # the next rebuild sweeps it away; what went wrong first is what counts
            log.warning("the half-built index %s could not be dropped", fresh, exc_info=True)

    def sweep(self, keep: Iterable[str] = ()) -> None:
        """Only what a name points to is left."""
        self.drop(*(self.pointers().orphans - set(keep)))
