"""Which stored files a revision's content names. Pure: JSON in, ids out."""

from collections.abc import Mapping
from typing import Any

SINGLE = ("cover", "video", "captions")
SEVERAL = ("files", "attachments")
CHILDREN = ("lessons", "parts")


def file_ids(content: Mapping[str, Any]) -> set[int]:
    """Ids of every file named by a work's serialised content, its lessons and parts included."""
    found = {content[name] for name in SINGLE if content.get(name)}
    for name in SEVERAL:
        found.update(content.get(name) or ())
    for relation in CHILDREN:
        for child in content.get(relation) or ():
            found |= file_ids(child)
    return {int(pk) for pk in found}
