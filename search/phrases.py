"""The table of suggestions: titles follow with the index, topics within minutes of a change of the curriculum."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.library.models import Work
from cms.outbox.handlers import Handler, register
from cms.taxonomy.models import Chapter, KnowledgePoint, Subject
from search.documents import BATCH, live
from search.models import LexiconVersion, Phrase
from search.normalise import normalise, storable
from search.progress import Progress, unheard
from search.understanding.lexicon import topic_of
from search.understanding.sounds import letters_of

TOPIC = "search.phrases"
OFTEN = timedelta(minutes=10)

MAX_TEXT, MAX_PINYIN, MAX_INITIALS = 150, 100, 32
TOLD = ("shown", "text", "pinyin", "initials")
SUBJECT_WEIGHT = 1_000  # a subject comes before its topics


def tend(ref: str) -> None:
    """The topics are those of the curriculum as it is now; the titles are there at all. Cheap when nothing changed."""
    version, _made = LexiconVersion.objects.get_or_create(pk=1)
    if version.suggested != version.number or not Phrase.objects.filter(work=None).exists():
        refresh_topics()
        LexiconVersion.objects.filter(pk=1).update(suggested=version.number)
    if live().exists() and not Phrase.objects.exclude(work=None).exists():
        refresh_every_title()


def refresh_titles(work_ids: Sequence[int]) -> None:
    """These works' titles are in the table when they are live, and else not. What stands there already is left alone:
    most changes of a work are none of its title."""
    with transaction.atomic():
        rows = Phrase.objects.select_for_update().filter(work__in=work_ids).order_by("work_id")
        held = {pk: told for pk, *told in rows.values_list("work_id", *TOLD)}
        wanted = {
            pk: _phrase(title, work_id=pk)
            for pk, title in live().filter(pk__in=work_ids).order_by("pk").values_list("pk", "title")
            if normalise(title).strip()
        }
        if gone := held.keys() - wanted.keys():
            Phrase.objects.filter(work__in=gone).delete()
        Phrase.objects.bulk_create(
            [phrase for pk, phrase in wanted.items() if held.get(pk) != [getattr(phrase, name) for name in TOLD]],
            update_conflicts=True,
            unique_fields=["work"],
            update_fields=TOLD,
            batch_size=BATCH,
        )


def refresh_topics() -> None:
    """The topics in the table are those of the curriculum that are in use."""
    weights: dict[str, int] = {}
    for name in _names():
        topic = topic_of(name)
        if 2 <= len(topic) <= MAX_TEXT:
            weights[topic] = weights.get(topic, 0) + 1
    for name in Subject.objects.filter(retired=False).values_list("name", flat=True):
        weights[normalise(name)] = SUBJECT_WEIGHT
    with transaction.atomic():
        held = dict(Phrase.objects.filter(work=None).values_list("text", "weight"))
        stale = [text for text, weight in held.items() if weights.get(text) != weight]
        for start in range(0, len(stale), BATCH):
            Phrase.objects.filter(work=None, text__in=stale[start : start + BATCH]).delete()
        fresh = [_phrase(text, weight=weight) for text, weight in weights.items() if held.get(text) != weight]
        # Another worker may be at it: what it was quicker with stands there as we would have it.
        Phrase.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)


def refresh_every_title(*, progress: Progress = unheard) -> None:
    """The titles in the table are those of the live works; a batch at a time."""
    last, done, total = 0, 0, live().count()
    while batch := list(live().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        refresh_titles(batch)
        last = batch[-1]
        done += len(batch)
        progress(done, max(total, done))
    Phrase.objects.filter(work__in=Work.objects.filter(live=False)).delete()


def _names() -> Iterable[str]:
    yield from Chapter.objects.filter(retired=False).values_list("name", flat=True).order_by()
    yield from KnowledgePoint.objects.filter(retired=False).values_list("name", flat=True).order_by()


def _phrase(shown: str, **more: int) -> Phrase:
    text = normalise(shown).strip()
    pinyin, initials = letters_of(text[:MAX_TEXT])
    facts: Mapping[str, int] = more
    return Phrase(
        shown=storable(shown)[:MAX_TEXT],
        text=text[:MAX_TEXT],
        pinyin=pinyin[:MAX_PINYIN],
        initials=initials[:MAX_INITIALS],
        **facts,
    )


register(Handler(topic=TOPIC, label=_("整理联想词"), work=tend, every=OFTEN))
