"""Words by their sound: pinyin, initials, and what was meant when the input method chose another character. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

from search.analysis import cutter, is_han, runs

MAX_READINGS = 4  # of one word with characters that are read in several ways
MAX_SYLLABLES = 12
Key = tuple[str, ...]

# What southern speakers do not tell apart, at the beginning and at the end of a syllable.
_BEGINNINGS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_ENDINGS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@dataclass(frozen=True)
class Term:
    """A word that may be meant, and how much it is worth.

    taught   it names something by itself, and is no mere word of a name
    subject  it is the name of a subject
    """

    text: str
    weight: int = 1
    taught: bool = True
    subject: bool = False


@cache
def _syllables(character: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin  # here, because its tables take a second to load and few questions need them

    readings = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
    return tuple(dict.fromkeys(readings[0][:3])) if readings else ()


@lru_cache(maxsize=50_000)
def syllables(text: str) -> Key:
    """The usual reading of a Chinese word, one syllable a character; empty for what is not all Chinese."""
    from pypinyin import lazy_pinyin  # as above

    found = tuple(lazy_pinyin(text, errors="ignore", v_to_u=False))
    return found if len(found) == len(text) else ()


def readings(text: str) -> list[Key]:
    """The usual reading and a few others: 浒 is hu and xu, 行 is xing and hang."""
    usual = syllables(text)
    if not usual or len(usual) > MAX_SYLLABLES:
        return []
    found = dict.fromkeys([usual])
    for other in product(*(dict.fromkeys([first, *_syllables(sign)]) for sign, first in zip(text, usual, strict=True))):
        found.setdefault(other)
        if len(found) >= MAX_READINGS:
            break
    return list(found)


def letters_of(text: str) -> tuple[str, str]:
    """Normalised text as it is typed without an input method: all of its pinyin, and its initials. Latin stays."""
    words = [word for run in runs(text) for word in (cutter().words(run) if is_han(run) else [run])]
    spelled = [sound for word in words for sound in _typed(word)]
    return "".join(spelled), "".join(sound[0] for sound in spelled)


@lru_cache(maxsize=50_000)
def _typed(word: str) -> tuple[str, ...]:
    """The letters of one word, one text a syllable; the same few thousand words stand in most titles."""
    from pypinyin import lazy_pinyin  # as above

    sounds = (sound.lower() for sound in lazy_pinyin([word], v_to_u=False))
    return tuple(sound for sound in sounds if sound.isascii() and sound.isalnum())


@cache  # there are four hundred syllables
def blurred(syllable: str) -> str:
    """What several regions pronounce alike is the same."""
    for sharp, flat in _BEGINNINGS:
        if syllable.startswith(sharp):
            syllable = flat + syllable[len(sharp) :]
            break
    for sharp, flat in _ENDINGS:
        if syllable.endswith(sharp):
            return syllable[: -len(sharp)] + flat
    return syllable


class Sounds:
    """Terms by sound. Nothing is added after it was made; many threads may ask."""

    def __init__(self) -> None:
        self.longest = 0
        self._heard: dict[Key, list[Term]] = {}
        self._heard_otherwise: dict[Key, list[Term]] = {}
        self._pinyin: dict[str, list[Term]] = {}
        self._initials: dict[str, list[Term]] = {}
        self._texts: set[str] = set()
        self.longest_pinyin = 0

    @classmethod
    def of(cls, terms: Iterable[Term]) -> "Sounds":
        made = cls()
        for term in sorted(terms, key=lambda term: (-term.weight, len(term.text), term.text)):
            made._add(term)
        return made

    def _add(self, term: Term) -> None:
        for place, key in enumerate(readings(term.text)):
            self._texts.add(term.text)
            self.longest = max(self.longest, len(key))
            heard = self._heard_otherwise if place else self._heard
            heard.setdefault(tuple(map(blurred, key)), []).append(term)
            joined = "".join(key)
            self.longest_pinyin = max(self.longest_pinyin, len(joined))
            self._pinyin.setdefault(joined, []).append(term)
            if place == 0 and len(key) > 2:
                self._initials.setdefault("".join(part[0] for part in key), []).append(term)

    def knows(self, text: str) -> bool:
        return text in self._texts

    def like(self, key: Key) -> list[Term]:
        """Terms that sound like these syllables as they are usually read, the weightiest first."""
        return self._heard.get(tuple(map(blurred, key)), [])

    def misread(self, key: Key) -> list[Term]:
        """Terms that sound like these syllables where a character is read as it also can be: 水浒 as shui xu."""
        return self._heard_otherwise.get(tuple(map(blurred, key)), [])

    def spelled(self, letters: str) -> list[Term]:
        """Terms whose pinyin is `letters`, the weightiest first."""
        return self._pinyin.get(letters, [])

    def begun(self, letters: str) -> list[Term]:
        """Terms whose initials are `letters`, the weightiest first."""
        return self._initials.get(letters, [])
