"""How the server is reached: several hosts, certificate, key; and the client that is made of it."""

import os
import re
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from elasticsearch import Elasticsearch

from search.engines.elasticsearch.node import Node

PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")

PATIENCE = 30.0  # seconds for a write, or for making and swapping indexes
TRIES = 5  # further ones, at another host if there is one
AGAIN = (502, 503, 504)

READ_TRIES = 2  # further ones for a search, at other hosts
MARGIN = 1.0  # seconds that a search may take on its way
GLANCE = 2.0  # seconds in which a server that is there says where the indexes are


@dataclass(frozen=True)
class Options:
    """What an operator says about the cluster. Raises ValueError for what cannot be.

    hosts     addresses of some or all nodes; user and password may stand in them
    ca        file with the certificate of the authority that signed theirs
    api_key   of a key with the index privilege `all` on the indexes whose names begin with `prefix`, and with the
              cluster privilege `monitor`: without that one the index works, but `health` says less
    prefix    of every index, so that several installations can share a cluster
    shards    of one index; more than one only for many millions of works
    replicas  at most so many copies of each shard; fewer where there are fewer nodes
    timeout   seconds one search may take
    immediate what is written is found when `bulk` returns, instead of within a second
    """

    hosts: tuple[str, ...]
    ca: str = ""
    api_key: str = field(default="", repr=False)
    prefix: str = "gongjian"
    shards: int = 1
    replicas: int = 1
    timeout: float = 5.0
    immediate: bool = False

    def __post_init__(self) -> None:
        if not self.hosts:
            raise ValueError("no host of Elasticsearch is named")
        for host in self.hosts:
            if urlsplit(host).scheme not in ("http", "https") or not urlsplit(host).hostname:
                shown = re.sub(r"^(.*//)?[^@/]*@", r"\1***@", host)  # user and password go into no log
                raise ValueError(f"{shown!r} is not the address of a server, such as https://search.example:9200")
        if not PREFIX.fullmatch(self.prefix):
            raise ValueError(f"{self.prefix!r} cannot begin an index name: small letters, digits, _ and - only")
        if self.shards < 1 or self.replicas < 0 or self.timeout <= 0:
            raise ValueError("shards and timeout must be positive, replicas not negative")

    @property
    def patience(self) -> float:
        """Seconds of silence after which a person is told that the cluster is away: as long as one host may take to
        say that a search was too heavy, and a glance at another."""
        return self.timeout + MARGIN + GLANCE

    @property
    def several(self) -> bool:
        """There is another host to ask."""
        return len(self.hosts) > 1


def addresses(hosts: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Hosts from a list, or from one string with commas; without a port, 9200 for http and 443 for https."""
    listed = hosts.split(",") if isinstance(hosts, str) else hosts
    return tuple(_with_port(host.strip().rstrip("/")) for host in listed if host.strip())


def _with_port(host: str) -> str:
    parts = urlsplit(host)
    if parts.scheme == "http" and parts.hostname and parts.port is None:
        return parts._replace(netloc=f"{parts.netloc}:9200").geturl()
    return host


class Clients:
    """One client per process: its connections must not be carried over a fork. Many threads may use it."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._made: tuple[int, Elasticsearch, Elasticsearch] | None = None
        self._lock = threading.Lock()

    def get(self) -> Elasticsearch:
        return self._both()[0]

    def reader(self) -> Elasticsearch:
        """The same client, but one that gives up while somebody still waits for the answer.

        A slow question is stopped by the server itself; where no answer comes at all another host is asked, if any.
        """
        return self._both()[1]

    def _both(self) -> tuple[Elasticsearch, Elasticsearch]:
        with self._lock:
            if self._made is None or self._made[0] != os.getpid():
                client = _client(self._options)
                # Made once: a client with other options costs as much as half a search.
                self._made = (os.getpid(), client, _reader(client, self._options))
            return self._made[1:]

    def close(self) -> None:
        with self._lock:
            if self._made is not None and self._made[0] == os.getpid():
                self._made[1].close()
            self._made = None


def _reader(client: Elasticsearch, options: Options) -> Elasticsearch:
    return client.options(
        request_timeout=options.timeout + MARGIN,
        max_retries=READ_TRIES,
        retry_on_timeout=options.several,
        retry_on_status=(502, 503),
    )


def _client(options: Options) -> Elasticsearch:
    more: dict[str, Any] = {}
    if options.ca:
        more["ca_certs"] = options.ca
    if options.api_key:
        more["api_key"] = options.api_key
    return Elasticsearch(
        list(options.hosts),
        request_timeout=PATIENCE,
        max_retries=TRIES,
        # Every write may be repeated: ids and versions are ours. But who is silent is not asked six times; what is
        # owed to the one host comes back from the outbox.
        retry_on_timeout=options.several,
        retry_on_status=AGAIN,
        node_class=Node,
        **more,
    )
