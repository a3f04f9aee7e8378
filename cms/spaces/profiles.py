"""What an interest wants, as a value that many spaces share, and how a work finds those that want it. Pure.

Distinct interests may be a hundred thousand, and a shared work is matched with all of them. No list is gone through:
an interest is filed under how its longest word begins, one that has no word, or none of a single spelling, under the
one key made of its single-valued facets. A work knows every key that fits it, some hundred, and all pairs of
characters that stand in it. Of what it finds the key, the longest word and one more facet are looked at next, all
without reading the interest; what remains is verified one by one.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

KEYED = ("stage", "subject", "grade", "edition", "place")
"""Facets that make the key, in its order. `place` has the paths of the organisation and of all above it."""

FILED = ("chapter", "tag", "organisation", "library", "type", "volume", "year", "badge", "kind")
"""Facets that are filed beside the key: the first of them that has a single value."""

MOST_WORDS = 12
LONGEST_KEYED = 30
"""Characters of a value that stands in the key; the keyed facets hold ids and paths, all shorter."""
LONGEST_FILED = 20
"""Characters of a word that are filed."""
LONGEST_FACET = 50
"""Characters of a facet that is filed."""

_BETWEEN = re.compile(r"[\W_]+")

Word = str | Sequence[str]
"""A word, or the spellings of one, any of which will do: 勾股定理, 毕达哥拉斯定理."""


def spellings(word: Word) -> tuple[str, ...]:
    return (word,) if isinstance(word, str) else tuple(word)


def canonical_words(words: Iterable[Word]) -> list[Word]:
    """Each once and in one order, so that equal ones are equal; what has one spelling is that."""
    every = sorted({tuple(sorted(set(spellings(word)))) for word in words})
    return [some[0] if len(some) == 1 else list(some) for some in every if some]


@dataclass(frozen=True)
class Profile:
    """facets  name -> values, any of them, for every name
    words   normalised; each stands in the work's title, keywords, summary or body, as a search finds it there
    """

    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    words: Sequence[Word] = ()

    @property
    def canonical(self) -> str:
        """One spelling of all that mean the same."""
        facets = {name: sorted(set(values)) for name, values in self.facets.items() if values}
        return json.dumps({"facets": facets, "words": canonical_words(self.words)}, sort_keys=True, ensure_ascii=False)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def search_digest(self) -> str:
        """The same for what a saved search asks. Of facets alone it is another than that of facets chosen by hand: who
        gives up one of the two keeps the other."""
        return self.digest if self.words else hashlib.sha256(f"search {self.canonical}".encode()).hexdigest()

    @property
    def key(self) -> str:
        """Its single-valued facets; empty when it has none. A value that no work can have is left to `meets`: an old
        address may hold anything, and the key is of a bounded length."""
        single = [(name, self.facets[name][0]) for name in KEYED if len(set(self.facets.get(name, ()))) == 1]
        return "&".join(f"{name}={value}" for name, value in single if len(value) <= LONGEST_KEYED)

    @property
    def facet(self) -> str:
        """One more facet that a work must have; empty when there is none to be filed."""
        single = (f"{name}={self.facets[name][0]}" for name in FILED if len(set(self.facets.get(name, ()))) == 1)
        return next((facet for facet in single if len(facet) <= LONGEST_FACET), "")

    @property
    def word(self) -> str:
        """Its longest word of one spelling, squeezed, as much of it as is filed; empty when it has none."""
        certain = (said[0] for said in map(spellings, self.words) if len(said) == 1)
        return max(map(squeezed, certain), key=lambda word: (len(word), word), default="")[:LONGEST_FILED]

    @property
    def pair(self) -> str:
        """How that word begins."""
        return self.word[:2]


def widens(profile: Profile, other: Profile) -> bool:
    """Whether whatever meets the other meets this one, told by their spellings: under the same facets no word is asked
    that the other does not ask in as few."""
    if Profile(facets=profile.facets).canonical != Profile(facets=other.facets).canonical:
        return False
    asked = [set(spellings(word)) for word in other.words]
    return all(any(some <= set(spellings(word)) for some in asked) for word in profile.words)


def keys_of(facets: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Every key of an interest that a work with these facets can meet."""
    choices = [[None, *facets.get(name, ())] for name in KEYED]
    for values in product(*choices):
        yield "&".join(f"{name}={value}" for name, value in zip(KEYED, values, strict=True) if value is not None)


def facets_of(facets: Mapping[str, Collection[str]]) -> set[str]:
    """Every facet that may be filed for an interest that a work with these facets can meet."""
    return {"", *(f"{name}={value}" for name in FILED for value in facets.get(name, ()))}


def squeezed(text: str) -> str:
    """Normalised text without blanks and signs. What holds a word, however it is spaced (pH 值), holds it squeezed too;
    not the other way round, so this only says where to look."""
    return _BETWEEN.sub("", text)


def pairs_of(text: str) -> set[str]:
    """Every two characters that follow each other in squeezed text, every character, and the pair of no word."""
    return {"", *text, *map("".join, pairwise(text))}


def meets(profile: Profile, facets: Mapping[str, Collection[str]], holds: Callable[[str], bool]) -> bool:
    """Whether a work with these facets, whose text holds these words, is what the profile wants."""
    for name, wanted in profile.facets.items():
        if wanted and not set(wanted) & set(facets.get(name, ())):
            return False
    return stand(profile.words, holds)


def stand(words: Iterable[Word], holds: Callable[[str], bool]) -> bool:
    """Whether a text that holds these words holds each of `words` in one of its spellings."""
    return all(any(map(holds, spellings(word))) for word in words)
