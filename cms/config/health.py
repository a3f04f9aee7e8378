"""What an operator's monitor asks: does the process answer (`/healthz`), and can it do its work (`/readyz`).

The answers name what is wrong and what mends it, never an address, a path or a password.
"""

import logging
import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import apps
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.audit import triggers
from cms.outbox.queries import workers_alive
from search.engines import engine
from search.engines.mending import mending
from search.indexing.queueing import seconds_behind

logger = logging.getLogger("gongjian.health")
PROBE = "readyz-probe"  # a name in the object storage that need not exist


@dataclass(frozen=True)
class Check:
    """One thing that must hold. `holds` may raise whatever its subject raises; `mend` is said when it does not hold.

    notes   what a monitor may want to know besides, where it holds
    """

    name: str
    holds: Callable[[], bool]
    mend: str | Callable[[], str]
    needs_database: bool = False
    notes: Callable[[], dict[str, object]] = dict

    @property
    def said(self) -> str:
        return self.mend if isinstance(self.mend, str) else self.mend()


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrations_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def triggers_installed() -> bool:
    return {trigger.name for trigger in triggers.all_triggers()} <= triggers.installed()


def index_ready() -> bool:
    return engine().health().answers


def index_mend() -> str:
    health = engine().health()
    return mending(health.engine, health.why)


def index_notes() -> dict[str, object]:
    """behind: whole seconds that the oldest change has waited for the index; standby: only that one answers."""
    return {"behind": math.ceil(seconds_behind()), "standby": not engine().health().ok}


def static_collected() -> bool:
    """Every file of the site's own has its address: a new version brings new ones."""
    known = getattr(staticfiles_storage, "hashed_files", None)  # of the kind of storage that keeps a list
    return known is None or own_files() <= known.keys()


@cache
def own_files() -> set[str]:
    folder = Path(apps.get_app_config("theme").path) / "static"
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def worker_seen() -> bool:
    return workers_alive().exists()


def media_writable() -> bool:
    """A file can be written where uploads go; of an object storage it is asked whether it answers."""
    if isinstance(default_storage, FileSystemStorage):
        folder = Path(default_storage.location)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".readyz-") as probe:
            probe.write(b"1")
        return True
    default_storage.exists(PROBE)
    return True


CHECKS = (
    Check("database", database_answers, "数据库连不上：请检查数据库服务和 DATABASE_URL。"),
    Check("migrations", migrations_applied, "数据表不是最新：请运行 manage.py migrate。", needs_database=True),
    Check("triggers", triggers_installed, "数据库触发器缺失：请运行 manage.py migrate。", needs_database=True),
    Check("index", index_ready, index_mend, notes=index_notes),
    Check("static", static_collected, "样式和脚本没有收集全：请运行 manage.py collectstatic。"),
    Check("worker", worker_seen, "60 秒内没有工作进程：请启动 manage.py outbox_worker。", needs_database=True),
    Check("media", media_writable, "存放文件的地方写不进去：请检查磁盘空间和权限。"),
)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up. Asks nothing of anybody else, so that a database outage does not restart every server."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when every check holds, else 503 with what to do."""
    found: dict[str, dict[str, object]] = {}
    for check in CHECKS:
        if check.needs_database and not found["database"]["ok"]:
            found[check.name] = {"ok": False, "message": CHECKS[0].said}
            continue
        ok = _holds(check)
        found[check.name] = {"ok": True, **_noted(check)} if ok else {"ok": False, "message": check.said}
    ready = all(answer["ok"] for answer in found.values())
    answer = {"status": "ok" if ready else "unavailable", "checks": found}
    return JsonResponse(answer, status=200 if ready else 503, json_dumps_params={"ensure_ascii": False})


def _noted(check: Check) -> dict[str, object]:
    try:
        return check.notes()
    except (DatabaseError, InterfaceError):  # which is a check of its own
        return {}


def _holds(check: Check) -> bool:
    try:
        return check.holds()
    except (DatabaseError, InterfaceError, OSError) as error:
        logger.warning("readyz: %s does not hold: %s", check.name, error)
        return False
    except Exception:  # an object storage raises its own library's errors; a monitor must get its answer
        logger.exception("readyz: %s failed", check.name)
        return False
