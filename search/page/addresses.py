"""The address of a search page with what is read of it, and nothing else: every link of the page is made from it, so
that none is longer than the question, and what a link takes away is what the question held."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.http import urlencode

from search.documents import ABOUT, FILTERS_OF
from search.normalise import storable
from search.query import MAX_PLAIN, MAX_TEXT, MAX_VALUE, bounded

PLAIN = "plain"  # parameter: texts that were read as conditions and are words
TEXT = "q"

CONDITIONS = frozenset(name for names in FILTERS_OF.values() for name in names)
SINGLE = frozenset({TEXT, ABOUT, "sort", "page"})
READ = MAX_TEXT * 4  # characters of the words, before they are normalised


def tidied(query: QueryDict) -> QueryDict:
    """The parameters in their order, values as they are asked; of the texts taken away the last ones."""
    kept = QueryDict(mutable=True)
    for name in query:
        if name in CONDITIONS:
            some = list(bounded(query.getlist(name)))
        elif name == PLAIN:
            some = list(dict.fromkeys(storable(text)[:MAX_TEXT] for text in query.getlist(name) if text))[-MAX_PLAIN:]
        elif name in SINGLE:
            some = [storable(value)[: READ if name == TEXT else MAX_VALUE] for value in query.getlist(name)[-1:]]
        else:
            continue
        if some:
            kept.setlist(name, some)
    return kept


def again(asked: QueryDict, **other: Sequence[str]) -> str:
    """The same question from its first page on, with other values of these parameters; none leaves one out."""
    held = {name: values for name, values in asked.lists() if name != "page"}
    return f"?{urlencode({**held, **other}, doseq=True)}"
