"""The curriculum tree of one search page: what is counted for it, and its choices. Reads tables that rarely change from
the cache, the chapters only of the one textbook that is left."""

from collections.abc import Sequence

from django.core.cache import cache
from django.utils.translation import get_language

from cms.taxonomy.models import Chapter, Grade, Stage, Textbook
from search.curriculum import Counts, Filters, Node, Row, Rows, counted, tree
from search.documents import FACETS
from search.query import is_id
from search.understanding.volumes import volume_key
from search.vocabulary import KEPT, labels

MOST_BOOKS = 20  # textbooks looked at until one is left


class Shelf:
    """Asked with the filters of each step, before the engine is; remembers the book that they leave."""

    def __init__(self) -> None:
        self._books: dict[tuple[tuple[str, ...], ...], int | None] = {}
        self._rows = _rows()

    def counted(self, filters: Filters) -> tuple[str, ...]:
        """The facets of the page under these filters."""
        levels = counted(filters, self._rows, one_book=self._book(filters) is not None)
        return (*(name for name in FACETS if name not in ("stage", "grade", "volume", "edition")), *levels)

    def tree(self, filters: Filters, counts: Counts, chosen: Filters) -> list[Node]:
        rows, book = self._rows, self._book(filters)
        editions = labels("edition", ()) if "edition" in counts else {}
        chapters = _chapters(book) if book is not None and "chapter" in counts else ()
        subjects = {} if filters.get("subject") else labels("subject", tuple(counts.get("subject", ())))
        return tree(filters, counts, chosen, Rows(rows.stages, rows.grades, editions, chapters, subjects))

    def _book(self, filters: Filters) -> int | None:
        """The one textbook of these filters; None where several are left, or subject, grade or edition is open."""
        asked = {name: _ids(filters.get(name, ())) for name in ("subject", "grade", "edition")}
        if not all(asked.values()):
            return None
        volumes = tuple(filters.get("volume", ()))
        key = (*asked.values(), volumes)
        if key not in self._books:
            books = Textbook.objects.filter(retired=False, **{f"{name}__in": ids for name, ids in asked.items()})
            found = [
                pk
                for pk, volume in books.values_list("pk", "volume")[:MOST_BOOKS]
                if not volumes or volume_key(volume) in volumes
            ]
            self._books[key] = found[0] if len(found) == 1 else None
        return self._books[key]


def _ids(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(filter(is_id, values))


def _rows() -> Rows:
    """Stages and grades, kept as labels are."""

    def load() -> Rows:
        stages = Stage.objects.values_list("pk", "name")
        grades = Grade.objects.values_list("pk", "name", "stage")
        return Rows(
            tuple(Row(str(pk), name) for pk, name in stages),
            tuple(Row(str(pk), name, str(stage)) for pk, name, stage in grades),
        )

    rows: Rows = cache.get_or_set(f"search:curriculum:{get_language()}", load, KEPT)  # type: ignore[assignment]
    return rows


def _chapters(book: int) -> tuple[Row, ...]:
    chapters = Chapter.objects.filter(textbook=book).values_list("pk", "name", "parent")
    return tuple(Row(str(pk), name, str(parent or "")) for pk, name, parent in chapters)
