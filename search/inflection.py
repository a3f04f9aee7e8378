"""English words in their other forms: stories is story, writing is write, e-mail is email. Pure.

For the question only: a form that does not exist finds nothing. Only words of four letters and more: no is is an i.
"""

import re

LEAST = 4  # letters of a word that has other forms
STEM = 3  # letters that must be left of it
_WORD = re.compile(r"[a-z]+")
_HYPHENED = re.compile(r"[a-z]+(?:-[a-z]+)+")
_HISSES = ("s", "x", "z", "ch", "sh")
_VOWEL = re.compile(r"[aeiouy]")
_ITSELF = frozenset({"news", "this"})  # and none of new


def forms(word: str) -> tuple[str, ...]:
    """Other forms of a normalised word, none for what is not English."""
    if _HYPHENED.fullmatch(word):
        return (word.replace("-", ""),)
    if len(word) < LEAST or word in _ITSELF or not _WORD.fullmatch(word):
        return ()
    found = _stems(word) or _counted(word)
    return tuple(form for form in dict.fromkeys(found) if len(form) >= STEM and form != word)


def _counted(word: str) -> list[str]:
    """One of several, or several of one."""
    if word.endswith("ies"):
        return [f"{word[:-3]}y", word[:-1]]
    if word.endswith("es") and word[:-2].endswith(_HISSES):
        return [word[:-2], word[:-1]]
    if word.endswith("s") and not word.endswith("ss"):
        return [word[:-1]]
    if word.endswith("y") and not _VOWEL.fullmatch(word[-2]):
        return [f"{word[:-1]}ies"]
    return [f"{word}es" if word.endswith(_HISSES) else f"{word}s"]


def _stems(word: str) -> list[str]:
    """What is done, of doing and done: write of writing, stop of stopped."""
    ending = next((ending for ending in ("ing", "ed") if word.endswith(ending)), "")
    stem = word.removesuffix(ending)
    if not ending or len(stem) < STEM or not _VOWEL.search(stem):
        return []
    return [stem, f"{stem}e", *([stem[:-1]] if stem[-1] == stem[-2] else [])]
