"""Which interests a work meets, and which works an interest: a handful of queries, whatever the number of interests."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import Q, QuerySet

from cms.library.models import Work
from cms.spaces.models import INTEREST_COLUMNS, Interest
from cms.spaces.profiles import Profile, keys_of, meets, pairs_of
from search.documents import documents_of
from search.engines.base import Document
from search.normalise import normalise

BATCH = 20_000  # pairs asked for in one query


def interests_met(document: Document) -> list[int]:
    """Ids of the interests that this document meets."""
    text = words_of(document)
    filed = Interest.objects.filter(key__in=list(keys_of(document.facets)))
    found = [pk for pairs in _batches(pairs_of(text)) for pk in _met(filed.filter(pair__in=pairs), document, text)]
    return sorted(found)


def still_met(interests: Iterable[int], document: Document) -> list[int]:
    """Of these interests those that this document meets, asked of the database alone."""
    return list(_met(Interest.objects.filter(pk__in=list(interests)), document, words_of(document)))


def _met(candidates: "QuerySet[Interest]", document: Document, text: str) -> Iterator[int]:
    columns = ("pk", *(f"{name}_id" for name in INTEREST_COLUMNS), "organisation__path", "filters", "words")
    for pk, *values, path, filters, words in candidates.values_list(*columns):
        facets = {name: (str(value),) for name, value in zip(INTEREST_COLUMNS, values, strict=True) if value}
        if path:
            facets["place"] = (path,)
        if meets(Profile(facets={**facets, **filters}, words=words), document.facets, text):
            yield pk


def _batches(pairs: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(pairs)
    while batch := list(islice(rest, BATCH)):
        yield batch


def words_of(document: Document) -> str:
    """Everything of the document in which a word may stand, normalised."""
    return normalise("\n".join((document.title, document.keywords, document.summary, document.body)))


def met_by(interest: Interest) -> Q:
    """The works that can meet the interest, by what the database knows: `those_that_meet` looks at the rest."""
    wanted = Q()
    for name in INTEREST_COLUMNS:
        value = getattr(interest, f"{name}_id")
        if value is not None:
            wanted &= Q(**{f"{name}_id": value})
    if interest.organisation is not None:
        wanted &= Q(organisation__path__startswith=interest.organisation.path)
    return wanted


def those_that_meet(interest: Interest, works: Iterable[int]) -> list[int]:
    """Of these works those that the interest wants, in their order."""
    ids = list(works)
    if not interest.filters and not interest.words:
        return ids
    profile = interest.profile
    documents = documents_of(Work.objects.filter(pk__in=ids), version=0)
    met = {int(found.id) for found in documents if meets(profile, found.facets, words_of(found))}
    return [pk for pk in ids if pk in met]
