"""A file name that people gave, made safe to show and to send. Pure."""

import unicodedata
from pathlib import PurePosixPath

LONGEST = 120  # characters, ending included


def clean_name(name: str) -> str:
    """Without path parts, control and direction characters; NFC; at most 120 characters, the ending kept.

    Emoji and every script stay: they are somebody's words. An empty rest is called 文件.
    """
    name = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    name = PurePosixPath(name.replace("\\", "/")).name
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") or c == "\u200d")
    name = " ".join(name.split()).rstrip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    stem = stem.strip() or "文件"
    ending = f".{ending[:10]}" if ending else ""
    return stem[: LONGEST - len(ending)] + ending
