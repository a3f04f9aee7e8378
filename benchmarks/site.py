"""Requests per second for a visitor under gunicorn: `python -m benchmarks.site [works] [seconds]`.

A work page and the search page beside an empty view, all behind the product's own middleware and in the server that
bin/demo starts (1 worker, 4 threads), asked by `wrk` on the same machine with 4 connections. The pages take turns and
each gets its best of three turns: other programs on the machine only ever take away. Limit: half the empty view's rate.
"""

import http.client
import re
import shutil
import subprocess
import sys
import threading
import time
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

from benchmarks.serving import PORT, fetch, serve
from benchmarks.setting import ready, table

ready("benchmarks.settings")

from django.conf import settings  # noqa: E402  Django is configured first
from django.core.management import call_command  # noqa: E402

from cms.library.models import Work  # noqa: E402
from search.indexing.rebuilding import rebuild  # noqa: E402
from tests import factories  # noqa: E402

LIMIT = 0.5
TURNS = 3
CONNECTIONS = 4
TITLES = ("分数的初步认识", "观察物体", "认识几分之一", "长方形的周长", "数学广角：集合", "小数的意义", "角的度量")


def fill(works: int) -> str:
    """So many works of one school, shared with everybody by the product's own actions; returns the address of one."""
    place = factories.province()
    author = factories.teacher(place)
    share = None
    for number, title in zip(range(works), cycle(TITLES), strict=False):
        work = factories.resource(place, author, title=f"{title}（第{number + 1}课）")
        share = factories.shared(place, author, work, openly=True)
    assert share is not None
    rebuild()
    return Work.objects.get(pk=share.work_id).get_absolute_url()


def rate(path: str, seconds: int) -> float:
    """Answers per second."""
    if shutil.which("wrk"):
        url = f"http://127.0.0.1:{PORT}{path}"
        told = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", url], capture_output=True, text=True, check=True
        ).stdout
        found = re.search(r"Requests/sec:\s+([\d.]+)", told)
        if found is None or "Non-2xx" in told or "Socket errors" in told:
            raise SystemExit(told)
        return float(found[1])
    return _rate_in_python(path, seconds)


def _rate_in_python(path: str, seconds: int) -> float:
    """Where `wrk` is missing: keep-alive connections in threads. Slower, so the ratios come out flattering."""
    until = time.monotonic() + seconds
    counts: list[int] = []

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
        count = 0
        while time.monotonic() < until:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status}")
            count += 1
        counts.append(count)

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def main() -> int:
    works = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    call_command("collectstatic", interactive=False, verbosity=0)
    pages = {
        "empty view": "/empty/",
        "work page": fill(works),
        "search page, one word": "/search/?q=" + quote("分数"),
        "search page, no word": "/search/",
    }
    served = 1
    server = serve(served)
    try:
        best = dict.fromkeys(pages, 0.0)
        for path in pages.values():
            if fetch(path) != 200:
                raise SystemExit(f"{path} does not answer 200")
        for _ in range(TURNS):
            for name, path in pages.items():
                best[name] = max(best[name], rate(path, seconds))
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(Path(settings.DATA_DIR), ignore_errors=True)
    floor = best["empty view"]
    print(f"{works} works, {served} worker with 4 threads, {CONNECTIONS} connections, best of {TURNS} × {seconds} s\n")
    table(
        ("page for a visitor", "requests/s", "of the empty view", "at least"),
        [
            (name, f"{found:.0f}", f"{found / floor:.2f}", f"{LIMIT:.2f}" if name == "work page" else "")
            for name, found in best.items()
        ],
    )
    return 0 if best["work page"] >= LIMIT * floor else 1


if __name__ == "__main__":
    sys.exit(main())
