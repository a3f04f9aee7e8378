"""The table of suggestions: titles and their authors follow with the index, topics within minutes of a change of the
curriculum."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from cms.library.models import Work
from cms.outbox.handlers import Handler, register
from cms.people.models import User
from cms.taxonomy.models import Chapter, KnowledgePoint, Subject
from search.documents import BATCH, live
from search.models import LexiconVersion, Phrase
from search.normalise import normalise, storable
from search.progress import Progress, unheard
from search.understanding.lexicon import topic_as_written, topic_of
from search.understanding.sounds import letters_of
from search.understanding.words import SUBJECTS

TOPIC = "search.phrases"
OFTEN = timedelta(minutes=10)

MAX_TEXT, MAX_PINYIN, MAX_INITIALS = 150, 100, 32
TOLD = ("shown", "text", "pinyin", "initials")
SUBJECT_WEIGHT = 1_000  # a subject comes before its topics
AUTHOR_WEIGHT = 500  # and people between them
TOPICS = {"work": None, "author": None}


def tend(ref: str) -> None:
    """The topics are those of the curriculum as it is now; all titles and authors have been put there once.
    Cheap when nothing changed."""
    version, _made = LexiconVersion.objects.get_or_create(pk=1)
    if version.suggested != version.number or not Phrase.objects.filter(**TOPICS).exists():
        refresh_topics()
        LexiconVersion.objects.filter(pk=1).update(suggested=version.number)
    if live().exists() and not (version.titled and Phrase.objects.exclude(work=None).exists()):
        refresh_every_title()


def refresh_titles(work_ids: Sequence[int]) -> None:
    """These works' titles are in the table when they are live, and else not; their authors while they have a live work.
    What stands there already is left alone: most changes of a work are none of its title."""
    titles = live().filter(pk__in=work_ids).order_by("pk").values_list("pk", "title")
    owners = sorted(set(Work.objects.filter(pk__in=work_ids).order_by().values_list("owner", flat=True)))
    names = User.objects.filter(_writes(), pk__in=owners).order_by("pk").values_list("pk", "name")
    with transaction.atomic():
        _settle("work", work_ids, dict(titles))
        _settle("author", owners, dict(names), weight=AUTHOR_WEIGHT)


def _writes() -> Exists:
    """Of people: they have a live work."""
    return Exists(live().filter(owner=OuterRef("pk")))


def _settle(column: str, keys: Sequence[int], shown: Mapping[int, str], **more: int) -> None:
    """Of these rows of `column`, exactly those stand in the table that are `shown`, as they are."""
    rows = Phrase.objects.select_for_update().filter(**{f"{column}__in": keys}).order_by(f"{column}_id")
    held = {pk: told for pk, *told in rows.values_list(f"{column}_id", *TOLD)}
    wanted = {
        pk: _phrase(text, **{f"{column}_id": pk}, **more) for pk, text in shown.items() if normalise(text).strip()
    }
    if gone := held.keys() - wanted.keys():
        Phrase.objects.filter(**{f"{column}__in": gone}).delete()
    Phrase.objects.bulk_create(
        [phrase for pk, phrase in wanted.items() if held.get(pk) != [getattr(phrase, name) for name in TOLD]],
        update_conflicts=True,
        unique_fields=[column],
        update_fields=TOLD,
        batch_size=BATCH,
    )


def refresh_topics() -> None:
    """The topics in the table are those of the curriculum that are in use, each with where it stands there."""
    shown: dict[str, str] = {}
    chapters, points = _where(Chapter, shown), _where(KnowledgePoint, shown)
    weights = {topic: len(chapters.get(topic, ())) + len(points.get(topic, ())) for topic in {*chapters, *points}}
    subjects = _subjects(shown)
    weights |= dict.fromkeys(subjects, SUBJECT_WEIGHT)
    wanted = {topic: (shown[topic], weight, subjects.get(topic)) for topic, weight in weights.items()}
    with transaction.atomic():
        rows = Phrase.objects.filter(**TOPICS).order_by().values_list("text", "shown", "weight", "subject")
        held = {text: (name, weight, subject) for text, name, weight, subject in rows}
        stale = [text for text, told in held.items() if wanted.get(text) != told]
        for start in range(0, len(stale), BATCH):
            Phrase.objects.filter(**TOPICS, text__in=stale[start : start + BATCH]).delete()
        fresh = [
            _phrase(name, text, weight=weight, subject_id=subject)
            for text, (name, weight, subject) in wanted.items()
            if held.get(text) != (name, weight, subject)
        ]
        # Another worker may be at it: what it was quicker with stands there as we would have it.
        Phrase.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)
        ids = dict(Phrase.objects.filter(**TOPICS).order_by().values_list("text", "pk"))
        _link(Phrase.chapters.through, "chapter_id", chapters, ids)
        _link(Phrase.points.through, "knowledgepoint_id", points, ids)


def _where(table: Any, shown: dict[str, str]) -> dict[str, list[int]]:
    """topic -> the rows that are called so, but for their numbers. `shown` is told how the first of them writes it."""
    found: dict[str, list[int]] = {}
    for pk, name in table.objects.filter(retired=False).order_by("pk").values_list("pk", "name"):
        topic = topic_of(name)
        if 2 <= len(topic) <= MAX_TEXT:
            found.setdefault(topic, []).append(pk)
            shown.setdefault(topic, storable(topic_as_written(name)))
    return found


def _subjects(shown: dict[str, str]) -> dict[str, int]:
    """Names of subjects, and what else one is called where that does not begin its name (道法) and is no topic -> its
    row; `shown` is told its name."""
    table = Subject.objects.filter(retired=False).order_by().values_list("pk", "name")
    named = {normalise(name): (pk, name) for pk, name in table}
    for spelling, means in SUBJECTS.items():
        (first, *others) = [mean for mean in map(normalise, means) if mean in named] or [""]
        if first and not others and not first.startswith(spelling) and spelling not in shown:
            named.setdefault(spelling, named[first])
    shown |= {text: storable(name) for text, (_pk, name) in named.items()}
    return {text: pk for text, (pk, _name) in named.items()}


def _link(through: Any, column: str, found: Mapping[str, Iterable[int]], ids: Mapping[str, int]) -> None:
    """The rows of a relation are these: a topic's id, and a row of the curriculum that is called so."""
    wanted = {(ids[topic], pk) for topic, pks in found.items() if topic in ids for pk in pks}
    held = {(phrase, pk): row for row, phrase, pk in through.objects.values_list("pk", "phrase_id", column)}
    stale = [row for pair, row in held.items() if pair not in wanted]
    for start in range(0, len(stale), BATCH):
        through.objects.filter(pk__in=stale[start : start + BATCH]).delete()
    fresh = [through(phrase_id=phrase, **{column: pk}) for phrase, pk in sorted(wanted - held.keys())]
    through.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)


def refresh_every_title(*, progress: Progress = unheard) -> None:
    """Titles and authors in the table are those of the live works; a batch at a time."""
    last, done, total = 0, 0, live().count()
    while batch := list(live().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        refresh_titles(batch)
        last = batch[-1]
        done += len(batch)
        progress(done, max(total, done))
    Phrase.objects.filter(work__in=Work.objects.filter(live=False)).delete()
    Phrase.objects.filter(author__in=User.objects.filter(~_writes())).delete()
    LexiconVersion.objects.filter(pk=1).update(titled=True)  # last: whoever was stopped before has to do it again


def _phrase(shown: str, text: str = "", /, **more: int | None) -> Phrase:
    """`text`: by which it is found, where that is not what is shown."""
    text = text or normalise(shown).strip()
    pinyin, initials = letters_of(text[:MAX_TEXT])
    return Phrase(
        shown=storable(shown)[:MAX_TEXT],
        text=text[:MAX_TEXT],
        pinyin=pinyin[:MAX_PINYIN],
        initials=initials[:MAX_INITIALS],
        **more,
    )


register(Handler(topic=TOPIC, label=_("整理联想词"), work=tend, every=OFTEN))
