"""Statements that the ORM composes once. They are asked anew each time: what is kept is the wording, never an answer.
Composing one takes ten times as long as the database takes to answer it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

KEPT = 1000
"""Statements of one kind that a process keeps; one is some 8 kB."""

STEP = 10  # keys are asked by tens, so that there are few lengths to compose
_HOLE = -1_000_000  # no row has such a key

Row = tuple[Any, ...]


class Composed:
    """The rows of `build(keys)`, for whoever asks: a queryset of plain columns that names its keys by `__in`, or takes
    none. Nothing in it may depend on the hour, the language or a person (see `cms.people.by_standing`)."""

    def __init__(self, build: "Callable[[Sequence[int]], QuerySet[Any, Any]]") -> None:
        self._build = build
        self.statement = lru_cache(maxsize=KEPT)(self._compose)

    def rows(self, keys: Sequence[int] = ()) -> list[Row]:
        """As `list(build(keys))`, one query."""
        statement = self.statement(connection.vendor, places(keys))
        return statement.rows(keys) if statement is not None else []

    def _compose(self, _vendor: str, length: int) -> "Statement | None":
        return compose(self._build(holes(length)))


def columns_of(model: type[Model]) -> tuple[str, ...]:
    """The columns of which `model.from_db` makes an instance."""
    return tuple(field.attname for field in model._meta.concrete_fields)


def places(keys: Sequence[int]) -> int:
    """For how many keys the statement is composed that asks for these."""
    return -(-len(keys) // STEP) * STEP


def holes(length: int) -> list[int]:
    """What stands in a statement where keys are filled in."""
    return [_HOLE - place for place in range(length)]


def compose(asked: "QuerySet[Any, Any]") -> "Statement | None":
    """The wording of a queryset of plain columns; None where it can find nothing."""
    compiler = asked.query.get_compiler(connection=connection)
    try:
        written, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    return Statement(written, params, compiler.get_converters([column for column, *_ in compiler.select]))


@dataclass(frozen=True)
class Statement:
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
