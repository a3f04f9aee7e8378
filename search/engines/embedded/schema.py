"""The tables of one index file.

Documents with the same facets share a `combo`, documents with the same permission tokens share an `acl`: there are far
fewer of both than documents, so a filter is a short list of numbers and counting facets is counting combos.
The full text holds no text of its own; what was put into it is kept compressed, because SQLite 3.40 can only take a row
out of such an index when it is told exactly what went in.
"""

import sqlite3
from pathlib import Path

from search import analysis
from search.engines.embedded.connections import unavailable
from search.engines.limits import LIMITS
from search.errors import IndexUnavailable
from search.ranking import FIELDS

LAYOUT = 5
"""Of these tables, and of what every document carries (2: `about`, 3: `sheet`, 4: `sheet.records`, `touched`,
5: `tombstone.gone`)."""

SIGNATURE = f"{LAYOUT}/{analysis.VERSION}"

WRITES = "writes"  # the fact that counts transactions, so that who remembers something knows whether it still holds

COLUMNS = tuple(LIMITS)
WEIGHTS = tuple(FIELDS[name] for name in COLUMNS)

TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 ({", ".join(COLUMNS)}, content = '', tokenize = 'ascii', prefix = '1');
CREATE TABLE source (rowid INTEGER PRIMARY KEY, tokens BLOB NOT NULL);
CREATE TABLE doc (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    combo INTEGER NOT NULL,
    acl INTEGER NOT NULL,
    adoptions INTEGER NOT NULL,
    published INTEGER,           -- seconds since 1970, UTC
    title TEXT NOT NULL          -- as it is shown
);
CREATE TABLE sheet (id INTEGER PRIMARY KEY, records BLOB NOT NULL);  -- of 160 rows of doc each, see sheets.py
CREATE TABLE touched (sheet INTEGER PRIMARY KEY, writes INTEGER NOT NULL);  -- the last transaction that wrote it
CREATE TABLE tombstone (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    gone INTEGER NOT NULL        -- when it was deleted, seconds since 1970, UTC
) WITHOUT ROWID;
CREATE INDEX tombstone_gone ON tombstone (gone);
CREATE TABLE combo (id INTEGER PRIMARY KEY, facets TEXT NOT NULL UNIQUE);
CREATE TABLE acl (id INTEGER PRIMARY KEY, tokens TEXT NOT NULL UNIQUE);
CREATE TABLE acl_token (token TEXT NOT NULL, acl INTEGER NOT NULL, PRIMARY KEY (token, acl)) WITHOUT ROWID;
INSERT INTO words (words, rank) VALUES ('rank', 'bm25({", ".join(map(str, WEIGHTS))})');
"""


def create(file: Path) -> None:
    """`file` is an empty index, on disk. Raises IndexUnavailable."""
    try:
        connection = sqlite3.connect(file, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"BEGIN; {TABLES} COMMIT;")
            connection.executemany(
                "INSERT INTO meta VALUES (?, ?)", [("signature", SIGNATURE), ("complete", "0"), (WRITES, "0")]
            )
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise unavailable(error) from error


def meta(connection: sqlite3.Connection, key: str) -> str:
    """A fact about the file: `signature` of the analysis, `complete` ("1" once a rebuild has filled it), WRITES."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def complete(connection: sqlite3.Connection) -> bool:
    """A rebuild has filled the file."""
    return meta(connection, "complete") == "1"


def check(connection: sqlite3.Connection) -> None:
    """Return when this version of the code may read and write the file. Raises IndexUnavailable outdated."""
    try:
        found = meta(connection, "signature")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:  # any but "no such table"
            raise
        found = ""
    if found != SIGNATURE:
        raise IndexUnavailable("outdated", f"{found or 'no signature'}; this version writes {SIGNATURE}")
