"""Matching by the server: every profile is a stored question, and a work is asked which questions it answers.

A stored question is a conjunction of terms on one keyword field and nothing else, so that the server finds those a
work answers by its index of their terms and runs none of them for nothing. Of a word only the first two characters
are such a term; whether all of it stands in the text is looked at here. What is found is what `meets` says.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from cms.spaces.profiles import Profile, Word, canonical_words, pairs_of, spellings, squeezed, stand
from search.analysis import Tokenised
from search.engines.elasticsearch.indexes import Indexes
from search.engines.elasticsearch.layout import in_use
from search.engines.elasticsearch.options import Options
from search.engines.elasticsearch.questions import WHOLE, answers_to
from search.engines.elasticsearch.speaking import in_our_words
from search.engines.elasticsearch.writing import Prepared, batches, key, write
from search.engines.matching import Candidate
from search.errors import IndexUnavailable
from search.normalise import storable

AT_ONCE = 20  # works of one request
PAGE = 5_000  # profiles of one answer
ASKED_AGAIN = 600.0  # seconds after which a server that cannot match is tried again: it may have got the module
MAX_TERM = 1_000  # characters; of a longer one these and a hash

log = logging.getLogger("gongjian.search")


def fields() -> dict[str, Any]:
    """The fields of an index of profiles."""
    return {
        "dynamic": "strict",
        "_meta": {"complete": False},
        "properties": {
            "query": {"type": "percolator"},
            "has": {"type": "keyword"},  # of a work: its facets and the pieces of its text
            "id": {"type": "keyword"},
            "words": {"type": "keyword", "index": False, "doc_values": False},
        },
    }


class Percolator:
    """See `search.engines.matching.Matcher`."""

    def __init__(self, options: Options, client: Callable[[], Elasticsearch]) -> None:
        self._options = options
        self._client = client
        self._indexes = Indexes(options, client, kind="profiles", lease="profiles", fields=fields)
        self._unable_until = 0.0

    def ready(self) -> bool:
        with in_our_words():
            if not self.able():
                return False
            return self._indexes.complete(self._indexes.usable().current or "")

    def described(self) -> str:
        """Who matches, for whoever looks after the cluster."""
        if self.ready():
            return "推送由服务器匹配"
        why = "服务器里还没有填好关注内容" if self.able() else "服务器没有 percolator"
        return f"推送由数据库匹配：{why}"

    def able(self) -> bool:
        """There is an index of profiles; False when the server does not know how to make one, seen by trying."""
        if time.monotonic() < self._unable_until:
            return False
        try:
            self._indexes.ensure()
        except BadRequestError as error:
            if "percolator" not in str(error.body):
                raise
            self._unable_until = time.monotonic() + ASKED_AGAIN
            log.debug("the server has no percolator: works are matched by the database")
            return False
        return True

    def store(self, profiles: Iterable[tuple[str, Profile]]) -> None:
        with in_our_words():
            if self.able():
                for batch in batches(_stored(id_, profile) for id_, profile in profiles):
                    self._indexes.write(batch, refresh=True)

    def forget(self, ids: Iterable[str]) -> None:
        with in_our_words():
            if self.able():
                for batch in batches(_forgotten(id_) for id_ in ids):
                    self._indexes.write(batch, refresh=True)

    def match(self, candidates: Sequence[Candidate]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        stream = iter(candidates)
        with in_our_words():
            self._indexes.usable()
            while some := list(islice(stream, AT_ONCE)):
                for candidate, answers in zip(some, self._answers(some), strict=True):
                    holds = Tokenised(storable(candidate.text)).holds
                    found[candidate.id] = [id_ for id_, words in answers if stand(words, holds)]
        return found

    def _answers(self, some: list[Candidate]) -> Iterator[list[tuple[str, list[Word]]]]:
        """For each the profiles that the server finds, and their words."""
        # One question a work, all in one request. The server could take many works in one question, but it then looks
        # at every profile that all of them together have the terms of: 12 ms a work instead of 1.4, of 20,000.
        client, index = self._client(), self._indexes.current
        answers = answers_to(client, index, [_asking(candidate, None) for candidate in some])
        for candidate, answer in zip(some, answers, strict=True):
            hits = answer["hits"]["hits"]
            while hits and len(hits) % PAGE == 0:
                more = client.search(index=index, **WHOLE, **_asking(candidate, hits[-1]["sort"]))
                if not more["hits"]["hits"]:
                    break
                hits += more["hits"]["hits"]
            yield [(hit["_source"]["id"], hit["_source"].get("words", [])) for hit in hits]

    def refill(self, profiles: Iterable[tuple[str, Profile]]) -> int:
        with in_our_words():
            if not self.able():
                return 0
            with self._indexes.filling() as (fresh, lease):
                given = 0
                for batch in batches(_stored(id_, profile) for id_, profile in profiles):
                    write(self._client(), fresh, batch, alias=False)
                    given += len(batch)
                    lease.renew()
                lease.renew(now=True)
                self._swap(fresh)
            return given

    def tend(self) -> None:
        """What a refill that died has left is gone. No reason to leave the works alone where the server refuses."""
        try:
            with in_our_words():
                self._indexes.clear()
        except IndexUnavailable as error:
            log.warning("the index of profiles cannot be tended: %s", error)

    def _swap(self, fresh: str) -> None:
        indices, names = self._client().indices, self._indexes
        indices.put_settings(index=fresh, settings=in_use(self._options))
        indices.put_mapping(index=fresh, meta={"complete": True})
        indices.refresh(index=fresh)
        before = names.pointers().current
        names.move((names.next, fresh, None), (names.current, before, fresh))
        names.sweep()

    def ids(self) -> Iterator[str]:
        with in_our_words():
            self._indexes.usable()
            after: list[Any] | None = None
            while True:
                answer = self._client().search(
                    index=self._indexes.current,
                    sort=[{"id": "asc"}],
                    search_after=after,
                    size=PAGE,
                    source=False,
                    track_total_hits=False,
                    **WHOLE,
                )
                hits = answer["hits"]["hits"]
                yield from (str(hit["sort"][0]) for hit in hits)
                if len(hits) < PAGE:
                    return
                after = hits[-1]["sort"]


def _asking(candidate: Candidate, after: list[Any] | None) -> dict[str, Any]:
    """The profiles that a work meets, by id, PAGE of them behind `after`."""
    asked = {"percolate": {"field": "query", "document": {"has": _terms_of(candidate)}}}
    return {
        "query": {"bool": {"filter": asked}},
        "sort": [{"id": "asc"}],
        "size": PAGE,
        "_source": ["id", "words"],
        "track_total_hits": False,
        **({"search_after": after} if after is not None else {}),
    }


def _term(name: str, value: str) -> str:
    term = storable(f"{name}={value}")
    return term if len(term) <= MAX_TERM else f"{term[:MAX_TERM]}#{hashlib.sha256(term.encode()).hexdigest()}"


def _pieces(word: Word) -> list[str]:
    """With one of which each of its spellings begins."""
    return sorted({_piece(squeezed(storable(spelling))) for spelling in spellings(word)})


def _piece(squeezed_word: str) -> str:
    return f"w:{squeezed_word[:2]}"


def _terms_of(candidate: Candidate) -> list[str]:
    facets = [_term(name, value) for name, values in candidate.facets.items() for value in values]
    return [*facets, *(_piece(piece) for piece in sorted(pairs_of(squeezed(storable(candidate.text)))))]


def _question(profile: Profile) -> dict[str, Any]:
    wanted: list[dict[str, Any]] = [
        {"terms": {"has": sorted({_term(name, value) for value in values})}}
        for name, values in sorted(profile.facets.items())
        if values
    ]
    wanted += [{"terms": {"has": _pieces(word)}} for word in canonical_words(profile.words)]
    return {"bool": {"filter": wanted}} if wanted else {"match_all": {}}


def _stored(id_: str, profile: Profile) -> Prepared:
    source: dict[str, Any] = {"id": id_, "query": _question(profile)}
    if profile.words:
        source["words"] = [
            [storable(spelling) for spelling in spellings(word)] for word in canonical_words(profile.words)
        ]
    return Prepared(_json({"index": {"_id": key(id_)}}), _json(source))


def _forgotten(id_: str) -> Prepared:
    return Prepared(_json({"delete": {"_id": key(id_)}}))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
