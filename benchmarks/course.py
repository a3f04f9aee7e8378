"""A course of 60 lessons in the workbench: `python -m benchmarks.course [lessons]`.

The page is opened and its form sent back with a changed title, as a browser would, by Django's own client: what is
measured is the server's time with middleware, rules, forms and templates, without the network. Limit: half a second of
CPU each, which is what the clock says on a machine with nothing else to do; the first opening of a process, which also
reads its templates, is told but not limited.
"""

import statistics
import sys
import time
from collections.abc import Callable

from benchmarks.setting import ready, table

ready("benchmarks.settings")

from django.conf import settings  # noqa: E402  Django is configured first
from django.core.management import call_command  # noqa: E402
from django.http.response import HttpResponseBase  # noqa: E402
from django.test import Client  # noqa: E402

from cms.library.models import Work  # noqa: E402
from tests import factories  # noqa: E402
from tests.library.admin.pages import edit_url, open_form  # noqa: E402

LIMIT = 500  # milliseconds
TIMES = 11


def timed(ask: Callable[[], HttpResponseBase], wanted: int) -> tuple[float, float]:
    """Milliseconds by the clock and of CPU. Raises SystemExit when the answer is another."""
    began, worked = time.perf_counter(), time.process_time()
    answer = ask()
    taken = (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000
    if answer.status_code != wanted:
        raise SystemExit(f"{answer.status_code} instead of {wanted}")
    return taken


def main() -> int:
    lessons = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("collectstatic", interactive=False, verbosity=0)
    place = factories.province()
    author = factories.teacher(place)
    course = factories.micro_course(place, author, lessons=lessons)
    client = Client()
    client.force_login(author, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = edit_url(course)
    first = timed(lambda: client.get(address), 200)
    opened = [timed(lambda: client.get(address), 200) for _ in range(TIMES)]
    saved = []
    for number in range(TIMES):
        data = {**open_form(client, address), "title": f"认识几分之一（第{number}稿）"}
        saved.append(timed(lambda sent=data: client.post(address, sent), 302))  # type: ignore[misc]
    if Work.objects.get(pk=course.pk).latest_revision.object_str != f"认识几分之一（第{TIMES - 1}稿）":  # type: ignore[union-attr]
        raise SystemExit("the course was not saved")
    print(f"{lessons} lessons, median of {TIMES}\n")
    rows = {"open it, first of the process": first, "open it": middle(opened), "save it": middle(saved)}
    limited = ("open it", "save it")
    table(
        ("course in the workbench", "ms", "ms of CPU", "at most"),
        [
            (name, f"{clock:.0f}", f"{worked:.0f}", str(LIMIT) if name in limited else "")
            for name, (clock, worked) in rows.items()
        ],
    )
    return 0 if all(rows[name][1] <= LIMIT for name in limited) else 1


def middle(times: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(clock for clock, _cpu in times), statistics.median(cpu for _clock, cpu in times)


if __name__ == "__main__":
    sys.exit(main())
