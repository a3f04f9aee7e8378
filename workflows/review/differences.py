"""What changed between two sealed versions, field by field; lessons by their key, files by name. Pure: no database.

Both versions come as Wagtail keeps them (a dict of a revision's JSON); names of rows and files come as a table.
"""

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal

from django.utils.translation import gettext as _

from cms.library.file_order import ids_in_order

Content = Mapping[str, Any]
NameOf = Callable[[str, Any], str]
"""(field, value) -> what a person reads: a row's or file's name, the word of a choice, 是 or 否."""

TEXT = ("title", "summary", "source_note", "research_theme", "key_difficulty", "identifier", "goal")
RICH = ("body", "task_sheet")
ONE = (
    "resource_type", "outcome_type", "completed_on", "stage", "subject", "grade", "edition", "textbook", "chapter",
    "library", "licence", "source", "authorship_stated", "cover", "role", "minutes", "video", "captions",
)  # fmt: skip
FILES = ("files", "attachments")
MANY = ("files", "knowledge", "tags", "attachments")
ORDER = (
    "title", "summary", "body", "stage", "subject", "grade", "edition", "textbook", "chapter", "knowledge", "library",
    "tags", "resource_type", "research_theme", "key_difficulty", "outcome_type", "identifier", "completed_on", "cover",
    "files", "licence", "source", "source_note", "authorship_stated",
)  # fmt: skip
CHILD_ORDER = ("title", "role", "goal", "minutes", "task_sheet", "body", "video", "captions", "attachments")
CHILDREN = ("lessons", "parts")

BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|blockquote|ul|ol|div)>|<(?:br|hr)\s*/?>", re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")
TOKEN = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)
KEPT = 40  # characters of unchanged text shown on either side of a change
DETAILED = 1_500_000  # product of lengths up to which two passages are compared character by character, in one text
LINES = 1_000_000  # product of numbers of lines up to which two texts are compared line by line


@dataclass(frozen=True)
class Piece:
    """A stretch of text: kept, put in, or taken out."""

    mark: Literal["same", "in", "out"]
    text: str


@dataclass(frozen=True)
class Change:
    """One field that is not what it was. Texts have `pieces`; the rest has what went out and what came in."""

    name: str
    pieces: list[Piece] = field(default_factory=list)
    out: list[str] = field(default_factory=list)
    into: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ChildChange:
    """A lesson or part that was added, removed, moved or changed. Numbers are places in the row, from 1."""

    relation: str
    kind: Literal["added", "removed", "changed"]
    title: str
    number: int
    moved_from: int | None = None
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two versions."""

    changes: list[Change]
    children: list[ChildChange]

    @property
    def count(self) -> int:
        return len(self.changes) + len(self.children)


def compare(before: Content, after: Content, name_of: NameOf) -> Difference:
    """What a reader of `before` should know of `after`, in the order of the form."""
    before, after = _with_tags(before), _with_tags(after)
    return Difference(
        changes=_fields(before, after, ORDER, name_of),
        children=[
            change
            for relation in CHILDREN
            for change in _children(relation, before.get(relation) or (), after.get(relation) or (), name_of)
        ],
    )


def named(contents: Iterable[Content]) -> dict[str, set[Any]]:
    """field -> every id that these contents mention in it: what `name_of` will be asked."""
    found: dict[str, set[Any]] = {}
    for content in contents:
        whole = _with_tags(content)
        for thing in (whole, *(child for relation in CHILDREN for child in whole.get(relation) or ())):
            for name in ONE:
                if thing.get(name) not in (None, ""):
                    found.setdefault(name, set()).add(thing[name])
            for name in MANY:
                found.setdefault(name, set()).update(thing.get(name) or ())
    return found


def plain(text: str) -> str:
    """Rich text as lines of plain text."""
    lines = html.unescape(TAG.sub("", BLOCK_END.sub("\n", text or ""))).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def marked(before: str, after: str) -> list[Piece]:
    """The text with what was put in and taken out; long unchanged stretches are cut to their ends."""
    return _shortened(_joined(_passages(before.split("\n"), after.split("\n"))))


# --- fields ---------------------------------------------------------------------------------------------------------


def _fields(before: Content, after: Content, names: Sequence[str], name_of: NameOf) -> list[Change]:
    found = []
    for name in names:
        old, new = before.get(name), after.get(name)
        if name in TEXT or name in RICH:
            old, new = (plain(old or ""), plain(new or "")) if name in RICH else (old or "", new or "")
            if old != new:
                found.append(Change(name, pieces=marked(old, new)))
        elif name in MANY:
            old, new = _ids(before, name), _ids(after, name)
            gone = [name_of(name, value) for value in old if value not in new]
            come = [name_of(name, value) for value in new if value not in old]
            if gone or come:
                found.append(Change(name, out=gone, into=come))
            found += _reordered(name, [pk for pk in old if pk in new], [pk for pk in new if pk in old], name_of)
        elif (old or None) != (new or None):
            found.append(Change(name, out=_one(name, old, name_of), into=_one(name, new, name_of)))
    return found


def _ids(content: Content, name: str) -> list[Any]:
    """What stands in a field of many; files in their author's order."""
    ids = list(content.get(name) or ())
    return ids_in_order(ids, content.get("file_order") or ()) if name in FILES else ids


def _reordered(name: str, before: Sequence[Any], after: Sequence[Any], name_of: NameOf) -> list[Change]:
    """Files that stayed, when they stand in another order."""
    if name not in FILES or before == after:
        return []
    out, into = (_("、").join(name_of(name, pk) for pk in ids) for ids in (before, after))
    return [Change("file_order", out=[out], into=[into])]


def _one(name: str, value: Any, name_of: NameOf) -> list[str]:
    return [] if value in (None, "", False) else [name_of(name, value)]


def _with_tags(content: Content) -> Content:
    return {**content, "tags": [row["tag"] for row in content.get("tagged_items") or ()]}


# --- lessons and parts ----------------------------------------------------------------------------------------------


def _children(
    relation: str, before: Sequence[Content], after: Sequence[Content], name_of: NameOf
) -> Iterable[ChildChange]:
    old = {_key(child): (number, child) for number, child in enumerate(_in_order(before), 1)}
    new = {_key(child): (number, child) for number, child in enumerate(_in_order(after), 1)}
    stayed = [key for key in new if key in old]
    moved = _moved([key for key in old if key in new], stayed)
    for key, (number, child) in new.items():
        title = str(child.get("title") or "")
        if key not in old:
            yield ChildChange(relation, "added", title, number)
            continue
        changes = _fields(old[key][1], child, CHILD_ORDER, name_of)
        if changes or key in moved:
            place = old[key][0] if key in moved else None
            yield ChildChange(relation, "changed", title, number, moved_from=place, changes=changes)
    for key, (number, child) in old.items():
        if key not in new:
            yield ChildChange(relation, "removed", str(child.get("title") or ""), number)


def _key(child: Content) -> str:
    return str(child.get("key") or child.get("pk"))


def _in_order(children: Sequence[Content]) -> list[Content]:
    return sorted(children, key=lambda child: child.get("sort_order") or 0)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Keys that changed their place among those that stayed; one that moved does not drag the others along."""
    kept: set[str] = set()
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        kept.update(after[block.b : block.b + block.size])
    return set(after) - kept


# --- texts ----------------------------------------------------------------------------------------------------------


def _passages(before: Sequence[str], after: Sequence[str]) -> Iterable[Piece]:
    """Line by line first, then inside what changed, as far as LINES and DETAILED go: beyond them the old text goes out
    and the new one comes in whole. Either comparison costs the product of the lengths; one page may hold many texts."""
    if len(before) * len(after) > LINES:
        yield from (Piece("out", "\n".join(before)), Piece("in", "\n".join(after)))
        return
    left = DETAILED
    for number, (tag, i, j, k, m) in enumerate(SequenceMatcher(None, before, after, autojunk=False).get_opcodes()):
        if number:
            yield Piece("same", "\n")
        old, new = "\n".join(before[i:j]), "\n".join(after[k:m])
        if tag == "equal":
            yield Piece("same", old)
        elif len(old) * len(new) <= left:
            left -= len(old) * len(new)
            yield from _characters(old, new)
        else:
            yield from (Piece("out", old), Piece("in", new))


def _characters(before: str, after: str) -> Iterable[Piece]:
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[i:j]))
            continue
        yield Piece("out", "".join(old[i:j]))
        yield Piece("in", "".join(new[k:m]))


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].mark == piece.mark:
            found[-1] = Piece(piece.mark, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found


def _shortened(pieces: Sequence[Piece]) -> list[Piece]:
    found = []
    for number, piece in enumerate(pieces):
        text = piece.text
        if piece.mark == "same":
            head = text[:KEPT] if number else ""
            tail = text[-KEPT:] if number < len(pieces) - 1 else ""
            if len(text) > len(head) + len(tail) + 1:
                text = f"{head}…{tail}"
        if text.strip("\n") or piece.mark != "same" or 0 < number < len(pieces) - 1:
            found.append(Piece(piece.mark, text))
    return found
