"""Which interests a work meets, and which works an interest: a handful of queries, whatever the number of interests."""

from collections.abc import Collection, Iterable, Iterator

from django.db.models import Q

from cms.library.models import Work
from cms.spaces.models import INTEREST_COLUMNS, Interest
from cms.spaces.profiles import keys_of, meets
from search.documents import document_of, documents_of
from search.engines.base import Document
from search.normalise import normalise

BATCH = 5_000  # keys asked for in one query


def meeting(work: Work) -> list[int]:
    """Ids of the interests that the work, as it is live, meets."""
    document = document_of(work)
    return interests_met(document) if document is not None else []


def interests_met(document: Document) -> list[int]:
    """Ids of the interests that this document meets."""
    return sorted(_candidates(document))


def _candidates(document: Document) -> Iterator[int]:
    text = words_of(document)
    keys = list(dict.fromkeys(keys_of(document.facets, pairs_of(text))))
    for start in range(0, len(keys), BATCH):
        rows = Interest.objects.filter(key__in=keys[start : start + BATCH]).select_related("organisation")
        yield from (row.pk for row in rows if meets(row.profile, document.facets, text))


def words_of(document: Document) -> str:
    """Everything of the document in which a word may stand, normalised."""
    return normalise("\n".join((document.title, document.keywords, document.summary, document.body)))


def pairs_of(text: str) -> Collection[str]:
    """Every two characters that follow each other, and every character, for words of one."""
    return {text[place : place + 2] for place in range(len(text) - 1)} | set(text)


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
