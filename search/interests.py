"""Which interests a work meets, and which works an interest: a handful of queries, whatever the number of interests."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db.models import Q

from cms.library.models import Work
from cms.spaces.models import INTEREST_COLUMNS, Interest
from cms.spaces.profiles import Profile, facets_of, keys_of, meets, pairs_of, squeezed
from search.analysis import Tokenised
from search.documents import documents_of
from search.engines.base import Document
from search.normalise import normalise
from search.query import is_id

T = TypeVar("T")

OF_WORKS = frozenset({"library", "stage", "subject", "grade", "edition", "organisation"})
"""Facets of which a work has one, by its number in a column of its own."""

BATCH = 20_000  # values asked for in one statement
FEW_PAIRS = 2_000  # of more those that no interest begins with are left out before they are asked for


def interests_met(document: Document) -> list[int]:
    """Ids of the interests that this document meets."""
    text = words_of(document)
    return sorted(_met(_filed(document, squeezed(text)), document, text))


def still_met(interests: Iterable[int], document: Document) -> list[int]:
    """Of these interests those that this document meets, asked of the database alone."""
    return list(_met(interests, document, words_of(document)))


def _filed(document: Document, text: str) -> Iterator[int]:
    """Ids of the interests that the document may meet, `text` being squeezed; from the index of where they are filed
    alone: those without words by their key, the others by how their longest word begins. Asked for together, keys and
    pairs would be looked up each with each."""
    keys, facets, pairs = set(keys_of(document.facets)), facets_of(document.facets), pairs_of(text)
    filed = Interest.objects.values_list("pk", "key", "facet", "word")
    asked = filed.filter(pair="", key__in=keys)
    for some in _batches(_begun_with(pairs - {""})):
        asked = asked.union(filed.filter(pair__in=some), all=True)
    for pk, key, facet, word in asked:
        if key in keys and facet in facets and word[-2:] in pairs and word in text:
            yield pk


def _begun_with(pairs: set[str]) -> set[str]:
    """Of these pairs those with which an interest's word begins, when they are many: a book has 15,000 pairs."""
    if len(pairs) <= FEW_PAIRS:
        return pairs
    return pairs & set(Interest.objects.exclude(pair="").values_list("pair", flat=True).distinct())


def _met(interests: Iterable[int], document: Document, text: str) -> Iterator[int]:
    holds = Tokenised(text).holds
    columns = ("pk", *(f"{name}_id" for name in INTEREST_COLUMNS), "organisation__path", "filters", "words")
    for ids in _batches(interests):
        for pk, *values, path, filters, words in Interest.objects.filter(pk__in=ids).values_list(*columns):
            facets = {name: (str(value),) for name, value in zip(INTEREST_COLUMNS, values, strict=True) if value}
            if path:
                facets["place"] = (path,)
            if meets(Profile(facets={**facets, **filters}, words=words), document.facets, holds):
                yield pk


def _batches(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
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
    for name in OF_WORKS & interest.filters.keys():
        wanted &= Q(**{f"{name}_id__in": [int(value) for value in interest.filters[name] if is_id(value)]})
    return wanted


def those_that_meet(interest: Interest, works: Iterable[int]) -> list[int]:
    """Of these works those that the interest wants, in their order."""
    ids = list(works)
    if not interest.filters and not interest.words:
        return ids
    profile = interest.profile
    documents = documents_of(Work.objects.filter(pk__in=ids), version=0)
    met = {int(found.id) for found in documents if meets(profile, found.facets, Tokenised(words_of(found)).holds)}
    return [pk for pk in ids if pk in met]
