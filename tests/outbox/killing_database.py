"""A database of its own for `test_killing`, seen from outside the product: SQLite file or PostgreSQL."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4


@dataclass(frozen=True)
class Database:
    url: str
    server: str = ""  # of PostgreSQL: an address from which this one was made

    @classmethod
    def fresh(cls, folder: Path) -> "Database":
        server = os.environ.get("DATABASE_URL", "")
        if not server.startswith("postgres"):
            return cls(f"sqlite:///{folder / 'killing.sqlite3'}")
        name = f"killing_{uuid4().hex[:12]}"
        made = cls(urlunsplit(urlsplit(server)._replace(path=f"/{name}")), server)
        made._on_server(f'CREATE DATABASE "{name}"')
        return made

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        if self.server:
            import psycopg  # only where there is a PostgreSQL

            with psycopg.connect(self.url) as connection:
                return connection.execute(statement.encode()).fetchall()
        with closing(sqlite3.connect(urlsplit(self.url).path, timeout=20)) as connection:
            return connection.execute(statement).fetchall()

    def drop(self) -> None:
        if self.server:
            self._on_server(f'DROP DATABASE "{urlsplit(self.url).path[1:]}" WITH (FORCE)')

    def _on_server(self, statement: str) -> None:
        import psycopg  # only where there is a PostgreSQL

        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement.encode())
