"""A new index, filled beside the one in use by a few threads, so that reading, analysing and sending overlap."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

from elasticsearch import Elasticsearch

from search.engines.base import Document, IndexOp, Op, Written
from search.engines.elasticsearch.locks import Lease
from search.engines.elasticsearch.speaking import in_our_words
from search.engines.elasticsearch.writing import batches, prepare, write

BATCH = 500  # documents handed to a thread
THREADS = 3
WAITING = 3  # batches that may wait for a thread, so that memory is bounded


class ElasticsearchRebuild:
    """See `search.engines.base.Rebuild`. What `fill` has taken may still be on its way until it is counted."""

    def __init__(self, index: str, client: Callable[[], Elasticsearch], lease: Lease) -> None:
        self.index = index
        self._client = client
        self._lease = lease
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="fill")
        self._sent: deque[Future[Written]] = deque()

    def fill(self, documents: Iterable[Document]) -> int:
        taken = 0
        stream = iter(documents)
        while batch := list(islice(stream, BATCH)):
            taken += len(batch)
            while len(self._sent) >= THREADS + WAITING:
                self._sent.popleft().result()
            self._sent.append(self._pool.submit(self._write, [IndexOp(document) for document in batch]))
            with in_our_words():
                self._lease.renew()
        return taken

    def replay(self, ops: Iterable[Op]) -> Written:
        self.settle()
        total = Written()
        for batch in _slices(ops):
            total += self._write(batch)
            with in_our_words():
                self._lease.renew()
        return total

    def count(self) -> int:
        self.settle()
        with in_our_words():
            self._client().indices.refresh(index=self.index)
            alive = {"bool": {"must_not": {"exists": {"field": "gone"}}}}
            return int(self._client().count(index=self.index, query=alive)["count"])

    def settle(self) -> None:
        """All that was taken stands. Raises what a thread raised."""
        while self._sent:
            self._sent.popleft().result()

    def close(self) -> None:
        """No thread works any more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _write(self, ops: list[Op]) -> Written:
        total = Written()
        with in_our_words():
            for batch in batches(prepare(op) for op in ops):
                total += write(self._client(), self.index, batch, alias=False)
        return total


def _slices(ops: Iterable[Op]) -> Iterator[list[Op]]:
    stream = iter(ops)
    while batch := list(islice(stream, BATCH)):
        yield batch
