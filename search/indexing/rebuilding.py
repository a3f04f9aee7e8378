"""The index made anew from the database, beside the old one."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import transaction

from cms.outbox.versions import version_of_now
from search.documents import BATCH, every_document, how_many, live
from search.engines import engine
from search.engines.base import Document, Rebuild
from search.phrases import refresh_every_title, refresh_topics
from search.progress import Progress, ProgressOf, Stage, unheard
from search.texts.actions import owe_texts


def rebuild(*, progress: ProgressOf = unheard) -> int:
    """A new index from the database, beside the old, then in its place; returns the number of documents.

    progress   hears of each stage how many are done, of how many
    """
    with engine().rebuild(newest=version_of_now) as fresh:
        done = fill(fresh, progress=partial(progress, Stage.DOCUMENTS))
    owe_every_text()
    refresh_topics()
    refresh_every_title(progress=partial(progress, Stage.TITLES))
    return done


def fill(fresh: Rebuild, *, progress: Progress = unheard) -> int:
    """All that can be found is on its way into the new index; returns the number of documents."""
    total = how_many()
    batch: list[Document] = []
    done = 0
    with _what_stands_left_alone():
        for document in every_document():
            batch.append(document)
            if len(batch) == BATCH:
                done += fresh.fill(batch)
                progress(done, total)
                batch = []
        done += fresh.fill(batch)
    progress(done, max(total, done))
    return done


@contextmanager
def _what_stands_left_alone() -> Iterator[None]:
    """The collector of garbage does not look again and again through all that the program itself is made of while
    thousands of rows come and go: a sixth of the time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def owe_every_text() -> int:
    """Files of live works that nobody has read are owed to the worker; returns how many."""
    owed, last = 0, 0
    while batch := list(live().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            owed += owe_texts(batch)
        last = batch[-1]
    return owed
