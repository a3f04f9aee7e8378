"""Reads of the texts room."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from cms.library.models import RevisionFile, StoredFile, Work
from cms.people.statements import Composed
from search.texts.enums import TextState
from search.texts.models import EDITION, FileText
from search.texts.reading import is_readable

MOST_NAMED = 60  # files of one page of hits that are looked into; each has at most 60,000 characters


def texts_of(work_ids: "Collection[int] | QuerySet[Work, Any]") -> dict[int, list[str]]:
    """Work -> the words of its live version's files, in their order; two queries, however many works."""
    named = list(
        RevisionFile.objects.filter(work__in=work_ids, revision=F("work__live_revision"))
        .order_by("file_id")
        .values_list("work_id", "file__sha256")
    )
    texts = dict(
        FileText.objects.filter(sha256__in={sha for _work, sha in named}, state=TextState.READ).values_list(
            "sha256", "text"
        )
    )
    found: dict[int, list[str]] = {}
    for work_id, sha in named:
        if sha in texts:
            found.setdefault(work_id, []).append(texts[sha])
    return found


def named_texts_of(works: Sequence[int]) -> list[tuple[int, str, str]]:
    """(work, name, words) of the live versions' files that were read, in their order: one query, of bounded files."""
    return [(work, name, words) for work, name, words in _NAMED.rows(works)]


def _named(works: Sequence[int]) -> "QuerySet[RevisionFile, Any]":
    read = FileText.objects.filter(sha256=OuterRef("file__sha256"), state=TextState.READ).values("text")[:1]
    rows = (
        RevisionFile.objects.filter(work__in=works, revision=F("work__live_revision"))
        .annotate(words=Subquery(read))
        .filter(words__isnull=False)
        .order_by("work_id", "file_id")
        .values_list("work_id", "file__name", "words")
    )
    return rows[:MOST_NAMED]


_NAMED = Composed(_named)


def unread(work_ids: Iterable[int]) -> list[StoredFile]:
    """Files of these works' live versions that could be read and were not, or by an older edition of the readers."""
    files = StoredFile.objects.filter(
        pk__in=RevisionFile.objects.filter(work__in=work_ids, revision=F("work__live_revision")).values("file")
    )
    known = set(
        FileText.objects.filter(sha256__in=files.values("sha256"), edition=EDITION).values_list("sha256", flat=True)
    )
    once = {file.sha256: file for file in files if file.sha256 not in known and is_readable(file)}
    return list(once.values())


def is_read(sha256: str) -> bool:
    """Whether this content was read, with the readers of today."""
    return FileText.objects.filter(sha256=sha256, edition=EDITION).exists()


def works_with(sha256: str) -> "QuerySet[Work]":
    """Live works whose live version has a file of this content."""
    named = RevisionFile.objects.filter(file__sha256=sha256, revision=F("work__live_revision"))
    return Work.objects.filter(live=True, pk__in=named.values("work"))
