"""The cache that several processes share. What it keeps can be worked out again, so no page fails for want of it."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger("gongjian.caching")

PATIENCE = 1  # seconds for a connection, and for one answer
REST = 5.0  # seconds without a question after a failure: a page asks ten times, and each may cost PATIENCE


class SharedCache(RedisCache):
    """A Redis that is away, too slow or full keeps nothing and knows nothing. `add` and `incr` raise all the same: who
    counts or locks with them must not go on as if it had been done."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
        super().__init__(server, {**params, "OPTIONS": {**patience, **params.get("OPTIONS", {})}})
        self._resting_until = 0.0

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._asked(super().get, default, key, default, version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return self._asked(super().get_many, {}, keys, version)

    def get_or_set(self, key: Any, default: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> Any:
        """Django's asks three times, one of them `add`."""
        missing = object()
        value = self.get(key, missing, version)
        if value is missing:
            value = default() if callable(default) else default
            self.set(key, value, timeout, version)
        return value

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._asked(super().set, None, key, value, timeout, version)

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[Any]:
        return self._asked(super().set_many, list(data), data, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._asked(super().touch, False, key, timeout, version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._asked(super().delete, False, key, version)

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._asked(super().delete_many, None, keys, version)

    def _asked(self, ask: Callable[..., Any], otherwise: Any, *words: Any) -> Any:
        """The answer, or `otherwise`; one line of the log for each rest, not for each question."""
        if time.monotonic() < self._resting_until:
            return otherwise
        try:
            return ask(*words)
        except RedisError as error:
            logger.warning("the shared cache does not answer, pages are made without it: %s", error)
            self._resting_until = time.monotonic() + REST
            return otherwise
