"""Statements that are composed once for whoever stands alike, because a rule goes into them (see `statements`)."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from cms.people.queries import Anybody, standing
from cms.people.statements import KEPT, Row, Statement, compose, holes, places


class ComposedByStanding:
    """The rows of `build(user, keys)`: a queryset of plain columns that names its keys by `__in`, or takes none.

    Nothing in it may depend on the hour or the language: it holds for as long as the person stands where they stand,
    and, where it is given a day, for that day.
    """

    def __init__(self, build: "Callable[..., QuerySet[Any, Any]]") -> None:
        self._build = build
        self.statement = lru_cache(maxsize=KEPT)(self._compose)

    def rows(self, user: Anybody, keys: Sequence[int] = (), *day: datetime) -> list[Row]:
        """As `list(build(user, keys, *day))`, one query."""
        statement = self.statement(_Asker((connection.vendor, standing(user).key), user), places(keys), *day)
        return statement.rows(keys) if statement is not None else []

    def _compose(self, asker: "_Asker", length: int, *day: datetime) -> Statement | None:
        user, asker.user = asker.user, None
        return compose(self._build(user, holes(length), *day))


@dataclass(unsafe_hash=True)
class _Asker:
    """Somebody, as equal as their standing. The key is kept with the statement; the user is let go, on whom the whole
    request hangs."""

    key: Hashable
    user: Anybody | None = field(compare=False)
