"""A new index, filled beside the one in use. A few threads send, so that the server always has something to do while
this process reads and analyses, which it does in one thread: several would only take the interpreter from each other.
"""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from elasticsearch import Elasticsearch

from search.engines.base import Document, IndexOp, Written
from search.engines.elasticsearch.locks import Lease
from search.engines.elasticsearch.speaking import in_our_words
from search.engines.elasticsearch.writing import Prepared, batches, prepare, write

THREADS = 3
WAITING = 3  # requests that may wait for a thread, so that memory is bounded


class ElasticsearchRebuild:
    """See `search.engines.base.Rebuild`. What `fill` has taken may still be on its way until `settle`."""

    def __init__(self, index: str, client: Callable[[], Elasticsearch], lease: Lease) -> None:
        self.index = index
        self._client = client
        self._lease = lease
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="fill")
        self._sent: deque[Future[Written]] = deque()

    def fill(self, documents: Iterable[Document]) -> int:
        taken = 0
        for batch in batches(prepare(IndexOp(document)) for document in documents):
            taken += len(batch)
            while len(self._sent) >= THREADS + WAITING:
                self._sent.popleft().result()
            self._sent.append(self._pool.submit(self._send, batch))
            with in_our_words():
                self._lease.renew()
        return taken

    def remember(self, tombstones: Iterable[Prepared]) -> None:
        """No write that comes late undoes these deletions here either."""
        for batch in batches(tombstones):
            self._send(batch)
            with in_our_words():
                self._lease.renew()

    def settle(self) -> None:
        """All that was taken stands. Raises what a thread raised."""
        while self._sent:
            self._sent.popleft().result()

    def close(self) -> None:
        """No thread works any more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _send(self, batch: list[Prepared]) -> Written:
        with in_our_words():
            return write(self._client(), self.index, batch, alias=False)
