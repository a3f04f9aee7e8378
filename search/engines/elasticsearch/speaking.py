"""What the server and the client raise, in the words of `search.errors`."""

from collections.abc import Iterator
from contextlib import contextmanager

from elastic_transport import TransportError
from elasticsearch import ApiError, UnsupportedProductError

from search.errors import IndexUnavailable, SearchTimeout

REASONS = {404: "missing", 408: "busy", 429: "busy"} | dict.fromkeys((401, 403, 502, 503, 504), "unreachable")
"""An expired key is an outage too: what is owed waits for the operator. 400 and 500 are about one question or document,
which may not keep the others waiting."""
MOST_DETAIL = 300  # characters of the server's own words


@contextmanager
def in_our_words(*, searching: float = 0.0) -> Iterator[None]:
    """Raises IndexUnavailable, or SearchTimeout when the server says that `searching` for at most so many seconds took
    longer. A server that says nothing, though it was to answer by then, is away."""
    try:
        yield
    except ApiError as error:
        if searching and _took_too_long(error):
            raise SearchTimeout(searching) from error
        raise IndexUnavailable(reason(error.status_code, _short(error)), _short(error)) from error
    except UnsupportedProductError as error:
        raise IndexUnavailable("failed", _short(error)) from error
    except TransportError as error:
        raise IndexUnavailable("unreachable", _short(error)) from error


def reason(status: int, words: str) -> str:
    """One of the reasons of IndexUnavailable, for an answer of the server."""
    if "index_closed_exception" in words:  # said with 400, as of one bad document
        return "readonly"
    if status != 503 and ("cluster_block_exception" in words or "blocked by" in words):  # 503: nobody is master yet
        return "full" if "flood" in words or "disk usage" in words else "readonly"
    return REASONS.get(status, "failed")


def _took_too_long(error: ApiError) -> bool:
    words = str(error.body)
    return "Time exceeded" in words or "search_timeout" in words or "TimeExceeded" in words


def _short(error: Exception) -> str:
    return str(error)[:MOST_DETAIL]
