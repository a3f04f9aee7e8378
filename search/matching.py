"""Which interests some works meet: asked of the engine where it can match, else of the database; the same answer."""

import logging
from collections.abc import Iterable, Iterator, Sequence

from cms.spaces.models import Interest
from cms.spaces.profiles import Profile
from search.engines import matcher
from search.engines.base import Document
from search.engines.matching import Candidate
from search.errors import SearchError
from search.interests import interests_met, words_of

log = logging.getLogger("gongjian.search")

BATCH = 1_000  # interests at a time


def interests_of(documents: Sequence[Document]) -> dict[str, list[int]]:
    """For each document the ids of the interests that it meets.

    Never later than the database: an engine that is away, or was not filled, is not asked.
    """
    by_engine = _by_engine(documents)
    if by_engine is not None:
        return by_engine
    return {document.id: interests_met(document) for document in documents}


def _by_engine(documents: Sequence[Document]) -> dict[str, list[int]] | None:
    found = matcher()
    try:
        if found is None or not found.ready():
            return None
        candidates = [Candidate(each.id, each.facets, words_of(each)) for each in documents]
        answer = found.match(candidates)
    except SearchError as error:
        log.warning("the engine cannot match (%s): the database does", error)
        return None
    return {id_: sorted(int(pk) for pk in ids) for id_, ids in answer.items()}


def keep(ids: Iterable[int]) -> None:
    """The engine matches these interests from now on; those that are no more, no longer. Nothing without a matcher.

    Raises  SearchError; to be asked for again
    """
    found = matcher()
    if found is None:
        return
    wanted = list(dict.fromkeys(ids))
    rows = {row.pk: row for row in Interest.objects.filter(pk__in=wanted).select_related("organisation")}
    found.store((str(pk), row.profile) for pk, row in rows.items())
    found.forget(str(pk) for pk in wanted if pk not in rows)


def refill() -> int:
    """The engine matches every interest there is and no other; returns how many, 0 without a matcher."""
    found = matcher()
    return found.refill(_every()) if found is not None else 0


def check() -> tuple[int, int]:
    """The interests that the engine holds are compared with the database, by their ids, for an interest never changes;
    and what differs is mended. Returns how many it lacked, and how many it should not have held; none where it does not
    match.

    Raises  SearchError
    """
    found = matcher()
    if found is None or not found.ready():
        return 0, 0
    held = {int(id_) for id_ in found.ids()}
    wanted = set(Interest.objects.values_list("pk", flat=True))
    wrong = sorted(wanted ^ held)
    for start in range(0, len(wrong), BATCH):
        keep(wrong[start : start + BATCH])
    return len(wanted - held), len(held - wanted)


def _every() -> Iterator[tuple[str, Profile]]:
    rows = Interest.objects.select_related("organisation").order_by("pk")
    for row in rows.iterator(chunk_size=BATCH):
        yield str(row.pk), row.profile
