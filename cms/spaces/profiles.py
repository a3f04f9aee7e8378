"""What an interest wants, as a value that many spaces share, and how a work finds those that want it. Pure.

Distinct interests may be a hundred thousand, and a shared work is matched with all of them. No list is gone through:
an interest is filed under the one key made of its single-valued facets, and a work knows every key it can be filed
under, some hundred. Interests of words alone are filed under two characters of one word, and a work knows all pairs of
characters that stand in it. What remains is verified one by one.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

KEYED = ("stage", "subject", "grade", "edition", "place")
"""Facets that make the key, in its order. `place` has the paths of the organisation and of all above it."""

MOST_WORDS = 12
EVERYTHING = ""
"""The key of an interest that has neither a single-valued facet nor a word."""


@dataclass(frozen=True)
class Profile:
    """facets  name -> values, any of them, for every name
    words   normalised; each stands in the work's title, keywords, summary or body
    """

    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    words: Sequence[str] = ()

    @property
    def canonical(self) -> str:
        """One spelling of all that mean the same."""
        facets = {name: sorted(set(values)) for name, values in self.facets.items() if values}
        return json.dumps({"facets": facets, "words": sorted(set(self.words))}, sort_keys=True, ensure_ascii=False)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def key(self) -> str:
        """Where it is filed."""
        single = [f"{name}={self.facets[name][0]}" for name in KEYED if len(set(self.facets.get(name, ()))) == 1]
        if single:
            return "&".join(single)
        longest = max(self.words, key=lambda word: (len(word), word), default="")
        return word_key(longest[:2]) if longest else EVERYTHING


def word_key(pair: str) -> str:
    """The key of interests filed under the first two characters of a word."""
    return f"w:{pair}"


def keys_of(facets: Mapping[str, Collection[str]], pairs: Collection[str]) -> Iterator[str]:
    """Every key under which an interest can be filed that a work meets.

    facets  of the work
    pairs   all two-character pieces of its normalised text, and its characters
    """
    choices = [[None, *facets.get(name, ())] for name in KEYED]
    for values in product(*choices):
        yield "&".join(f"{name}={value}" for name, value in zip(KEYED, values, strict=True) if value is not None)
    yield from (word_key(pair) for pair in pairs)


def meets(profile: Profile, facets: Mapping[str, Collection[str]], text: str) -> bool:
    """Whether a work with these facets and this normalised text is what the profile wants."""
    for name, wanted in profile.facets.items():
        if wanted and not set(wanted) & set(facets.get(name, ())):
            return False
    return all(word in text for word in profile.words)
