"""The demo province with any number of live works: a thousand a second are made, with all that hangs on them."""

import sys

from django.conf import settings
from django.core.management import call_command

from cms.library.models import Work
from fixtures.loading import load
from fixtures.loading.large import STATES, load_large
from fixtures.loading.statistics import take_statistics
from search.documents import live
from workflows.review.enums import State

SHARED = STATES.count(State.SHARED) / len(STATES)
SLACK = 400  # the stories of the demo end otherwise


def fill(works: int) -> int:
    """At least `works` works are live in the database; returns how many."""
    if not Work.objects.exists():
        load()
    call_command("collectstatic", interactive=False, verbosity=0)
    if live().count() < works and load_large(round(works / SHARED) + SLACK):
        take_statistics()
    found = live().count()
    print(f"{found:,} live works in {settings.DATA_DIR}", file=sys.stderr, flush=True)
    return found
