"""Statements that the ORM composes once for whoever stands alike. They are asked anew each time: what is kept is the
wording, never an answer. Composing one takes ten times as long as the database takes to answer it."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from cms.people.queries import Anybody, standing

KEPT = 1000
"""Statements of one kind that a process keeps; one is some 8 kB."""

STEP = 10  # keys are asked by tens, so that there are few lengths to compose
_HOLE = -1_000_000  # no row has such a key

Row = tuple[Any, ...]


class Composed:
    """The rows of `build(user, keys)`: a queryset of plain columns that names its keys by `__in`, or takes none.

    Nothing in it may depend on the hour or the language: it holds for as long as the person stands where they stand.
    """

    def __init__(self, build: "Callable[[Any, Sequence[int]], QuerySet[Any, Any]]") -> None:
        self._build = build
        self.statement = lru_cache(maxsize=KEPT)(self._compose)

    def rows(self, user: Anybody | None = None, keys: Sequence[int] = ()) -> list[Row]:
        """As `list(build(user, keys))`, one query. `user` is left out where the answer is the same for everybody."""
        asker = _Asker((connection.vendor, standing(user).key if user is not None else None), user or AnonymousUser())
        statement = self.statement(asker, -(-len(keys) // STEP) * STEP)
        return statement.rows(keys) if statement is not None else []

    def _compose(self, asker: "_Asker", length: int) -> "_Statement | None":
        user, asker.user = asker.user, None
        compiler = self._build(user, [_HOLE - place for place in range(length)]).query.get_compiler(
            connection=connection
        )
        try:
            written, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        return _Statement(written, params, compiler.get_converters([column for column, *_ in compiler.select]))


@dataclass(unsafe_hash=True)
class _Asker:
    """Somebody, as equal as their standing. The key is kept with the statement; the user is let go, on whom the whole
    request hangs."""

    key: Hashable
    user: Anybody | None = field(compare=False)


@dataclass(frozen=True)
class _Statement:
    """converters   place of a column -> (how its values are read, the column), as the ORM's compiler gives them"""

    written: str
    params: Sequence[Any]
    converters: dict[int, tuple[Sequence[Any], Any]]

    def rows(self, keys: Sequence[int]) -> list[Row]:
        last = len(keys) - 1
        params = [
            # PostgreSQL's columns that are no keys take integers of a class of its own.
            keys[min(_HOLE - value, last)] if isinstance(value, int) and value <= _HOLE else value
            for value in self.params
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.written, params)
            found = cursor.fetchall()
        return [self._read(row) for row in found] if self.converters else found

    def _read(self, row: Row) -> Row:
        values = list(row)
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return tuple(values)
