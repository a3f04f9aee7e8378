"""What an operator's monitor asks: does the process answer (`/healthz`), and can it do its work (`/readyz`).

The answers name what is wrong and what mends it, never an address, a path or a password.
"""

import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.audit import triggers
from cms.outbox.queries import workers_alive
from search.engines import engine

logger = logging.getLogger("gongjian.health")
PROBE = "readyz-probe"  # a name in the object storage that need not exist


@dataclass(frozen=True)
class Check:
    """One thing that must hold. `holds` may raise whatever its subject raises; `mend` is said when it does not hold."""

    name: str
    holds: Callable[[], bool]
    mend: str
    needs_database: bool = False


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
    Check("index", index_ready, "检索索引不可用：请运行 manage.py search rebuild。"),
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
            found[check.name] = {"ok": False, "message": CHECKS[0].mend}
            continue
        ok = _holds(check)
        found[check.name] = {"ok": True} if ok else {"ok": False, "message": check.mend}
    ready = all(answer["ok"] for answer in found.values())
    answer = {"status": "ok" if ready else "unavailable", "checks": found}
    return JsonResponse(answer, status=200 if ready else 503, json_dumps_params={"ensure_ascii": False})


def _holds(check: Check) -> bool:
    try:
        return check.holds()
    except (DatabaseError, InterfaceError, OSError):
        logger.warning("readyz: %s does not hold", check.name, exc_info=True)
        return False
    except Exception:  # an object storage raises its own library's errors; a monitor must get its answer
        logger.exception("readyz: %s failed", check.name)
        return False
