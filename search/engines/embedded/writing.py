"""Writes to one index file. Prepared outside the transaction, because analysing is what takes the time."""

import json
import sqlite3
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from search.analysis import index_text
from search.engines.base import DeleteOp, Document, Op, Written
from search.engines.embedded import sheets
from search.engines.embedded.schema import COLUMNS, WRITES, meta
from search.engines.limits import adoptions_of, seconds_of, texts_of, title_of
from search.normalise import storable

SEPARATOR = "\n"  # never inside index text

_json = json.JSONEncoder(ensure_ascii=False).encode

TAKE_OUT = f"INSERT INTO words (words, rowid, {', '.join(COLUMNS)}) VALUES ('delete', ?, ?, ?, ?, ?)"
PUT_IN = f"INSERT INTO words (rowid, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class Prepared:
    """An op, ready to be written; `tokens` is None for a delete, which has happened at `gone` (seconds since 1970)."""

    id: str
    version: int
    tokens: bytes | None = None
    facets: str = ""
    acl: str = ""
    adoptions: int = 0
    published: int | None = None
    title: str = ""
    gone: int = 0


def prepare(op: Op) -> Prepared:
    """The op as rows. Never raises: what cannot be stored is replaced, what is too long is cut."""
    if isinstance(op, DeleteOp):
        return tombstone(op.id, op.version, int(time.time()))
    document = op.document
    columns = [index_text(text, limit=limit) for text, limit in texts_of(document)]
    return Prepared(
        id=storable(document.id),
        version=document.version,
        tokens=zlib.compress(SEPARATOR.join(columns).encode(), 1),
        facets=_facets(document),
        acl=_set(tuple(document.acl)),
        adoptions=adoptions_of(document),
        published=seconds_of(document.published),
        title=title_of(document),
    )


def tombstone(id_: str, version: int, gone: int) -> Prepared:
    return Prepared(storable(id_), version, gone=gone)


def _facets(document: Document) -> str:
    """One spelling of the same facets, as JSON."""
    named = {storable(name): _set(tuple(values)) for name, values in document.facets.items() if values}
    return "{" + ", ".join([f"{_json(name)}: {named[name]}" for name in sorted(named)]) + "}"


@lru_cache(maxsize=20_000)  # most facets and permissions of a work are those of many others
def _set(values: tuple[str, ...]) -> str:
    return _json(sorted({storable(value) for value in values}))


def write(connection: sqlite3.Connection, ops: Iterable[Prepared]) -> Written:
    """Carry out the ops in one open transaction."""
    done = stale = 0
    writes = int(meta(connection, WRITES)) + 1
    for op in ops:
        if _write_one(connection, op, writes):
            done += 1
        else:
            stale += 1
    connection.execute("UPDATE meta SET value = ? WHERE key = ?", (str(writes), WRITES))
    return Written(done, stale)


def _write_one(connection: sqlite3.Connection, op: Prepared, writes: int) -> bool:
    """Carry out one op; False when the file holds a later version, or its tombstone."""
    held = connection.execute("SELECT rowid, version FROM doc WHERE id = ?", (op.id,)).fetchone()
    grave = connection.execute("SELECT version FROM tombstone WHERE id = ?", (op.id,)).fetchone()
    if (held and held[1] > op.version) or (grave and grave[0] > op.version):
        return False
    rowid = held[0] if held else None
    if op.tokens is None:
        if rowid is not None:
            _take_out(connection, rowid)
            connection.execute("DELETE FROM source WHERE rowid = ?", (rowid,))
            connection.execute("DELETE FROM doc WHERE rowid = ?", (rowid,))
            sheets.write(connection, rowid, sheets.GONE, writes=writes)
        connection.execute("INSERT OR REPLACE INTO tombstone VALUES (?, ?, ?)", (op.id, op.version, op.gone))
        return True
    if grave:
        connection.execute("DELETE FROM tombstone WHERE id = ?", (op.id,))
    combo, acl = _combo(connection, op.facets), _acl(connection, op.acl)
    row = (op.version, combo, acl, op.adoptions, op.published, op.title)
    if rowid is None:
        (rowid,) = connection.execute(
            "INSERT INTO doc (version, combo, acl, adoptions, published, title, id) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " RETURNING rowid",
            (*row, op.id),
        ).fetchone()
    else:
        connection.execute(
            "UPDATE doc SET version = ?, combo = ?, acl = ?, adoptions = ?, published = ?, title = ? WHERE rowid = ?",
            (*row, rowid),
        )
    published = sheets.NEVER if op.published is None else op.published
    sheets.write(connection, rowid, (acl, combo, op.adoptions, published), writes=writes)
    if held:
        if _tokens(connection, rowid) == op.tokens:
            return True  # another adoption, another share: the words are the same
        _take_out(connection, rowid)
    connection.execute("INSERT OR REPLACE INTO source VALUES (?, ?)", (rowid, op.tokens))
    connection.execute(PUT_IN, (rowid, *_texts(op.tokens)))
    return True


def _tokens(connection: sqlite3.Connection, rowid: int) -> bytes:
    return bytes(connection.execute("SELECT tokens FROM source WHERE rowid = ?", (rowid,)).fetchone()[0])


def _texts(tokens: bytes) -> list[str]:
    return zlib.decompress(tokens).decode().split(SEPARATOR)


def _take_out(connection: sqlite3.Connection, rowid: int) -> None:
    connection.execute(TAKE_OUT, (rowid, *_texts(_tokens(connection, rowid))))


def _combo(connection: sqlite3.Connection, facets: str) -> int:
    """The id of this combination of facets, made when it is new."""
    row = connection.execute("SELECT id FROM combo WHERE facets = ?", (facets,)).fetchone()
    if row:
        return int(row[0])
    return int(connection.execute("INSERT INTO combo (facets) VALUES (?) RETURNING id", (facets,)).fetchone()[0])


def _acl(connection: sqlite3.Connection, tokens: str) -> int:
    """The id of this set of permission tokens, made when it is new."""
    row = connection.execute("SELECT id FROM acl WHERE tokens = ?", (tokens,)).fetchone()
    if row:
        return int(row[0])
    acl = int(connection.execute("INSERT INTO acl (tokens) VALUES (?) RETURNING id", (tokens,)).fetchone()[0])
    connection.executemany("INSERT INTO acl_token VALUES (?, ?)", [(token, acl) for token in json.loads(tokens)])
    return acl
