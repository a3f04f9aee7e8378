"""Ops as lines of a bulk request, and what the server answers to each."""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from elasticsearch import Elasticsearch

from search.engines.base import DeleteOp, Document, Op, Written
from search.engines.elasticsearch.layout import facet_field
from search.engines.elasticsearch.speaking import reason
from search.engines.elasticsearch.tokens import tokens_each
from search.engines.limits import LIMITS, adoptions_of, seconds_of, texts_of, title_of
from search.errors import IndexUnavailable
from search.normalise import storable

MAX_KEYWORD = 8_000  # characters of one facet value or permission token
MAX_ID = 512  # bytes, the server's bound

MOST_OPS = 500  # of one request
MOST_BYTES = 8_000_000
PAUSES = (0.1, 0.4, 1.6, 3.0)  # seconds before ops that the server was too busy for are sent again
BUSY = (429, 503)
BLOCKED = ("full", "readonly")  # said with 429 too, and no pause helps

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Prepared:
    """An op as two lines of a bulk request; a deletion has only the first."""

    action: bytes
    source: bytes = b""

    @property
    def size(self) -> int:
        return len(self.action) + len(self.source)


def prepare(op: Op) -> Prepared:
    """The op as lines. Never raises: what cannot be stored is replaced, what is too long is cut."""
    if isinstance(op, DeleteOp):
        return tombstone(op.id, op.version, int(time.time()))
    document = op.document
    id_, shown = storable(document.id), title_of(document)
    found = tokens_each(texts_of(document))
    texts = ",".join([f'"{name}":{_json(text)}' for name, text in zip(LIMITS, found, strict=True)])
    source = (
        f'{{"id":{_json(id_[:MAX_KEYWORD])},"shown":{_json(shown)},"length":{len(shown)},'
        f'"facets":{{{_facets(document)}}},"acl":{_keywords(tuple(document.acl))},'
        f'"adoptions":{adoptions_of(document)},"published":{_json(seconds_of(document.published))},'
        f"{texts}}}"
    )
    return Prepared(_action(id_, op.version), source.encode())


def tombstone(id_: str, version: int, gone: int) -> Prepared:
    """What a deletion leaves; it happened at `gone`, seconds since 1970."""
    stored = storable(id_)
    return Prepared(_action(stored, version), _json({"id": stored[:MAX_KEYWORD], "gone": gone}).encode())


def _facets(document: Document) -> str:
    """The facets that have values, as the inside of a JSON object."""
    named = dict([_facet(name, tuple(values)) for name, values in document.facets.items() if values])
    return ",".join(named.values())


@lru_cache(maxsize=20_000)  # most facets and permissions of a work are those of many others
def _facet(name: str, values: tuple[str, ...]) -> tuple[str, str]:
    """The name of its field, and the field as JSON."""
    field = facet_field(storable(name)).removeprefix("facets.")
    return field, f'"{field}":{_keywords(values)}'


@lru_cache(maxsize=20_000)
def _keywords(values: tuple[str, ...]) -> str:
    return _json(sorted({storable(value)[:MAX_KEYWORD] for value in values}))


def _action(id_: str, version: int) -> bytes:
    # Not before, but not below, the version that the server holds: the very meaning of `bulk`.
    line = f'{{"index":{{"_id":{_json(key(id_))},"version":{max(version, 0)},"version_type":"external_gte"}}}}'
    return line.encode()


def key(id_: str) -> str:
    """The id in the server's bounds."""
    raw = id_.encode()
    return id_ if 0 < len(raw) <= MAX_ID else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def batches(ops: Iterable[Prepared]) -> Iterator[list[Prepared]]:
    """The ops in their order, in requests of a bounded size."""
    batch: list[Prepared] = []
    size = 0
    for op in ops:
        if batch and (len(batch) == MOST_OPS or size + op.size > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(op)
        size += op.size
    if batch:
        yield batch


def write(client: Elasticsearch, target: str, ops: list[Prepared], *, alias: bool, refresh: bool = False) -> Written:
    """Carry out the ops, in their order for one id.

    alias  `target` must be a name that points; an index is never made by writing to it
    Raises  IndexUnavailable: missing without the target, busy when the server stays too busy, failed with its words
    """
    done = stale = 0
    for pause in (*PAUSES, None):
        answer = client.bulk(
            index=target,
            operations=[line for op in ops for line in (op.action, op.source) if line],  # type: ignore[misc]  # bytes go as they are
            require_alias=alias,
            refresh=refresh,
            filter_path=["items.*.status", "items.*.error.type", "items.*.error.reason"],
        )
        busy: list[Prepared] = []
        words = ""
        for op, item in zip(ops, answer["items"], strict=True):
            (result,) = item.values()
            status = result["status"]
            if status < 300 or (status == 404 and "error" not in result):  # what is deleted may not have been there
                done += 1
            elif status == 409:
                stale += 1
            elif status in BUSY and reason(status, _words(result)) not in BLOCKED:
                busy.append(op)
                words = _words(result)
            else:
                raise IndexUnavailable(reason(status, _words(result)), _words(result))
        if not busy:
            break
        if pause is None:
            raise IndexUnavailable("busy", words)
        ops = busy
        time.sleep(pause)
    return Written(done, stale)


def _words(result: dict[str, Any]) -> str:
    error = result.get("error", {})
    return f"{error.get('type', '')}: {error.get('reason', '')}"[:300]
