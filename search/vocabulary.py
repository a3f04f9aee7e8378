"""The words of the curriculum from the tables: labels of facet values, and the lexicon by which queries are understood.

The lexicon is kept in each process. Whoever changes a row of it gives it another version (`renew`); every question
asks for that number, one row, and reads the tables again when it is not the one they were read at.
"""

import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connections
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from cms.library.enums import WorkKind
from cms.library.models import Grant, Work
from cms.organisations.enums import Sector, Tier
from cms.organisations.models import Organisation
from cms.people.statements import Composed
from cms.spaces.enums import SpaceKind
from cms.taxonomy.models import Chapter, Edition, Grade, KnowledgePoint, Library, Stage, Subject, Tag, Textbook
from search.documents import TYPES
from search.models import Alias, LexiconVersion, Synonym
from search.query import is_id
from search.understanding import rows
from search.understanding.lexicon import Lexicon, build
from search.understanding.volumes import volume_key

log = logging.getLogger("gongjian.search")

KEPT = 300  # seconds: editors rename rows rarely, and a late label harms nobody
OLD = 1_800  # seconds after which new open titles and tags are read, for repairing what people type
MOST_TITLES = 2_000  # of what was published last, and of what was opened to visitors last
MOST_TAGS = 2_000  # of the latter

TITLES: Mapping[str, Any] = {
    "kind": _("类别"),
    "type": _("类型"),
    "library": _("资源库"),
    "sector": _("教育类别"),
    "stage": _("学段"),
    "subject": _("学科"),
    "grade": _("年级"),
    "volume": _("册次"),
    "edition": _("教材版本"),
    "tier": _("共享层级"),
    "badge": _("评审级别"),
    "organisation": _("机构"),
    "tag": _("标签"),
    "year": _("发布年份"),
    "chapter": _("章节"),
    "space": _("空间类型"),
}

CHOICES: Mapping[str, Mapping[str, Any]] = {
    "kind": dict(WorkKind.choices),
    "type": TYPES,
    "sector": dict(Sector.choices),
    "tier": dict(Tier.choices),
    "badge": dict(Tier.choices),
    "space": {value: label for value, label in SpaceKind.choices if value != SpaceKind.PERSONAL},
}
TABLES: Mapping[str, Any] = {
    "library": Library,
    "stage": Stage,
    "subject": Subject,
    "grade": Grade,
    "edition": Edition,
}


def _named(table: Any) -> Composed:
    return Composed(lambda keys: table.objects.filter(pk__in=keys).order_by().values_list("pk", "name"))


LARGE_TABLES: Mapping[str, Composed] = {"organisation": _named(Organisation), "chapter": _named(Chapter)}
VERSION = Composed(lambda _keys: LexiconVersion.objects.order_by().values_list("number"))

ALIASED = ("stage", "subject", "grade", "edition", "library", "kind", "type")
"""Facets that an editor's word may mean."""

_lock = threading.Lock()
Kept = tuple[int, float, Lexicon]
"""At which version it was read, and when by the monotonic clock."""

_kept: Kept | None = None


def lexicon() -> Lexicon:
    """The lexicon as the tables have it now: one query when nothing has changed. What is only old, for new titles and
    tags, is read again beside, and nobody waits for it."""
    version = next((number for (number,) in VERSION.rows()), 0)
    kept = _kept
    if kept is None or kept[0] != version:
        with _lock:
            kept = _kept if _kept is not None and _kept[0] == version else _read_at(version)
    elif time.monotonic() - kept[1] >= OLD and _lock.acquire(blocking=False):
        try:
            threading.Thread(target=_read_beside, args=(version,), name="lexicon", daemon=True).start()
        except RuntimeError:  # no thread can be had, or the process is ending: a later question tries again
            _lock.release()
    return kept[2]


def _read_at(version: int) -> Kept:
    global _kept  # noqa: PLW0603  one per process, as the cache of an engine is
    _kept = (version, time.monotonic(), _read())
    return _kept


def _read_beside(version: int) -> None:
    """The work of a thread of its own, which holds the lock."""
    try:
        _read_at(version)
    except DatabaseError:
        log.warning("the lexicon could not be read again: the old one holds", exc_info=True)
    finally:
        connections.close_all()
        _lock.release()


def read_ahead() -> None:
    """The first question of this process need not wait for the lexicon, the dictionary or the tables of pinyin: they
    take a second and a half. Raises what the database raises."""
    known = lexicon()
    known.cutter.words("")
    known.sounds.knows("")


def renew() -> None:
    """Every process reads the tables again before it understands another question.

    The number is drawn, not counted: what was read inside a transaction that failed is never taken for what a later
    one left behind.
    """
    LexiconVersion.objects.update_or_create(pk=1, defaults={"number": secrets.randbelow(2**62) + 1})


def _read() -> Lexicon:
    current = {"retired": False}
    shown = Work.objects.filter(live=True).order_by("-last_published_at")
    opened = Grant.objects.filter(organisation=None, work__live=True).order_by("-granted_at", "-pk")[:MOST_TITLES]
    open_works = dict(opened.values_list("work", "work__title"))
    pairs = Textbook.objects.filter(**current).values_list("subject", "edition").distinct().order_by()
    volumes = Textbook.objects.values_list("volume", flat=True).distinct().order_by()
    tags = Tag.objects.filter(tagged_works__content_object__in=list(open_works)).values_list("name", flat=True)
    topics = [
        *Chapter.objects.filter(**current).values_list("name", flat=True).distinct().order_by(),
        *KnowledgePoint.objects.filter(**current).values_list("name", flat=True).distinct().order_by(),
    ]
    return build(
        rows.CurriculumRows(
            stages=tuple(rows.StageRow(str(pk), name, code) for pk, name, code in _of(Stage, "pk", "name", "code")),
            grades=tuple(rows.GradeRow(str(pk), name, str(of)) for pk, name, of in _of(Grade, "pk", "name", "stage")),
            subjects=tuple(rows.SubjectRow(str(pk), name) for pk, name in _of(Subject, "pk", "name")),
            editions=tuple(rows.EditionRow(str(pk), name) for pk, name in _of(Edition, "pk", "name")),
            taught=frozenset((str(subject), str(edition)) for subject, edition in pairs),
            libraries=tuple((str(pk), name) for pk, name in _of(Library, "pk", "name")),
            kinds=_as_called(WorkKind.choices),
            types=_as_called(TYPES.items()),
            sectors=_as_called(Sector.choices),
            tiers=_as_called(Tier.choices),
            topics=tuple(topics),
            tags=tuple(tags.distinct().order_by("name")[:MOST_TAGS]),
            titles=tuple(shown.values_list("title", flat=True)[:MOST_TITLES]),
            open_titles=tuple(open_works.values()),
            volumes=tuple(volume_key(volume) for volume in volumes),
            year=timezone.localdate().year,
        ),
        synonyms=[synonym.group for synonym in Synonym.objects.all()],
        aliases=[rows.Alias(alias.text, alias.facet, alias.value) for alias in Alias.objects.all()],
    )


def _as_called(choices: Iterable[tuple[Any, Any]]) -> tuple[tuple[str, str], ...]:
    """Values with what each is called in every language of the site: the lexicon is everybody's, whoever asks first."""
    pairs, called = list(choices), dict[tuple[str, str], None]()
    for language, _name in settings.LANGUAGES:
        with override(language):
            called |= dict.fromkeys((str(value), str(label)) for value, label in pairs)
    return tuple(called)


def _of(table: Any, *names: str) -> list[tuple[Any, ...]]:
    """Rows that are in use, in the editors' order."""
    return list(table.objects.filter(retired=False).values_list(*names))


GONE = _("已不存在的选项")
"""For a value that `labels` leaves out: an old address may hold it, and it narrows all the same."""


def labels(facet: str, values: Sequence[str]) -> dict[str, str]:
    """value -> what people read; values that are no longer known are left out."""
    if facet in CHOICES:
        known = CHOICES[facet]
        return {value: str(known[value]) for value in values if value in known}
    if facet in TABLES:
        return _names_of(TABLES[facet], "name")
    if facet in LARGE_TABLES:
        ids = [int(value) for value in values if is_id(value)]
        return {str(pk): name for pk, name in LARGE_TABLES[facet].rows(ids)}
    return {value: value for value in values}


def told_apart(facet: str, values: Sequence[str]) -> dict[str, str]:
    """The same, for values that stand side by side: 五年级 of two school systems are told apart by their stages."""
    names = labels(facet, values)
    if facet != "grade":
        return names
    often = Counter(names[value] for value in values if value in names)
    alike = [value for value in values if value in names and often[names[value]] > 1]
    if not alike:
        return names
    stages = _names_of(Grade, "stage__name")
    # A grade may be newer than what is kept of the stages.
    return {**names, **{value: f"{names[value]} · {stages[value]}" for value in alike if value in stages}}


def in_full(facet: str, value: str) -> str:
    """One value by itself: a grade with its stage."""
    name = labels(facet, [value]).get(value, str(GONE))
    stage = _names_of(Grade, "stage__name").get(value) if facet == "grade" else None
    return f"{name}（{stage}）" if stage else name


def _names_of(table: Any, column: str) -> dict[str, str]:
    """Of every row of a small table, kept for a while."""
    key = f"search:labels:{table._meta.label_lower}:{column}:{get_language()}"

    def load() -> dict[str, str]:
        return {str(pk): name for pk, name in table.objects.values_list("pk", column)}

    names: dict[str, str] = cache.get_or_set(key, load, KEPT)  # type: ignore[assignment]
    return names
