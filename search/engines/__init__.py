"""Which engine answers. The setting SEARCH names it and gives its arguments; it is read when first asked for.

`standby` in it is the same for a second engine, which has all that is written and answers while the first cannot. An
index that was never filled answers nobody here: until the first rebuild is over, it is away.
"""

import json
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from search.engines.base import Engine
from search.engines.matching import Matcher
from search.engines.standby import StandbyEngine

ENGINES = {
    "embedded": "search.engines.embedded.EmbeddedEngine",
    "elasticsearch": "search.engines.elasticsearch.ElasticsearchEngine",
    "null": "search.engines.null.NullEngine",
}


def engine() -> Engine:
    """The configured engine, one per process and setting. Raises ImproperlyConfigured."""
    options: dict[str, Any] | None = getattr(settings, "SEARCH", None)
    if not options:
        raise ImproperlyConfigured("SEARCH is not set; it names the engine, {'engine': 'null'} for none")
    return _engine(json.dumps(options, sort_keys=True, default=str))


def engine_name() -> str:
    """Of the one that answers, as ENGINES has it."""
    return str((getattr(settings, "SEARCH", None) or {}).get("engine", "embedded"))


def engines() -> tuple[Engine, ...]:
    """Each that holds an index: the one that answers, then the one on standby."""
    one = engine()
    return one.both if isinstance(one, StandbyEngine) else (one,)


def matcher() -> Matcher | None:
    """What finds the interests that a work meets, besides the database; None where the engine has no such thing."""
    return getattr(engine(), "matcher", None)


@lru_cache(maxsize=8)
def _engine(setting: str) -> Engine:
    options = json.loads(setting)
    standby = options.pop("standby", None)
    first = _made(options)
    return StandbyEngine(first, _made(standby)) if standby else first


def _made(options: dict[str, Any]) -> Engine:
    name = options.pop("engine", "embedded")
    if name not in ENGINES:
        raise ImproperlyConfigured(f"SEARCH names the engine {name!r}; there are {', '.join(ENGINES)}")
    if name != "null":  # which has all there is of nothing
        options["only_filled"] = True
    try:
        return cast("Engine", import_string(ENGINES[name])(**options))
    except (TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"SEARCH does not fit the engine {name!r}: {error}") from error
