"""`manage.py search rebuild | check | rollback | health`: care for the index."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError

from search import matching
from search.engines import engine, engine_name, engines
from search.engines.base import State
from search.engines.mending import mending
from search.errors import IndexUnavailable, SearchError
from search.indexing import caring, going_back
from search.indexing.checking import Difference, check
from search.progress import Stage
from search.wording import sentence

STAGES = {Stage.DOCUMENTS: "索引", Stage.TITLES: "联想词"}
RESTORED = "索引比数据库新，数据库大概从备份恢复过：请运行 manage.py search rebuild。"
ELSEWHERE = "备用索引只适合一台机器：这里的没有 {} 上的工作进程写入的改动。请关掉 SEARCH_STANDBY。"


class Command(BaseCommand):
    help = "Rebuild the index from the database, check and mend it, go back to the one before, or say how it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["rebuild", "check", "rollback", "health"])
        parser.add_argument("--if-needed", action="store_true", help="rebuild only an index that is not ready")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            {"rebuild": self._rebuild, "check": self._check, "rollback": self._rollback, "health": self._health}[
                options["what"]
            ](options)
        except SearchError as error:
            raise CommandError(_told(error)) from error
        except (OperationalError, InterfaceError) as error:
            raise CommandError(f"数据库连不上：请检查数据库服务和 DATABASE_URL。（{error}）") from error

    def _rebuild(self, options: dict[str, Any]) -> None:
        if options["if_needed"] and engine().health().complete:
            self.stdout.write("检索索引已就绪，不用重建。")
            return
        total = caring.make_anew(progress=self._progress)
        self.stdout.write(f"检索索引已重建：{total} 条（作品、空间、人员）。")

    def _check(self, options: dict[str, Any]) -> None:
        if (health := engine().health()).state is State.UNFILLED:  # mended, it would still answer nobody
            raise IndexUnavailable(health.state)
        found = check(mend=True)
        if hosts := caring.unheard_hosts():
            self.stdout.write(ELSEWHERE.format("、".join(hosts)))
        lacked, surplus = matching.check()
        if lacked or surplus:
            self.stdout.write(f"推送的关注内容：缺 {lacked} 组，多 {surplus} 组，已补正。")
        self._tell(found)

    def _tell(self, found: Difference) -> None:
        """What was wrong and is mended. Raises CommandError where a part of it is not."""
        missing, surplus, behind = len(found.missing), len(found.surplus), len(found.behind)
        said = f"缺 {missing} 条，多 {surplus} 条，落后 {behind} 条"
        if found.ahead:
            raise CommandError(f"{said}，另有 {len(found.ahead)} 条改不动。{RESTORED}")
        self.stdout.write("一致。" if found.none else f"{said}，已补正。")

    def _rollback(self, options: dict[str, Any]) -> None:
        before = [one.health().index for one in engines()]
        since = going_back.roll_back()
        for place, (one, left) in enumerate(zip(engines(), before, strict=True)):
            now = one.health().index
            said = "没有退回，还用原来那一份" if now == left else f"已退回重建以前的那一份 {now}"
            self.stdout.write(f"{'备用索引' if place else '检索索引'}{said}。")
        self.stdout.write("再运行一次 search rollback，就回到刚才那一份。正在补上后来的改动……")
        found, names = going_back.mend_since(since)
        self._tell(found)
        if names:
            self.stdout.write(f"后来改过 {names} 个名称，有关的内容由后台更新。")

    def _health(self, options: dict[str, Any]) -> None:
        health = engine().health()
        said = f"{health.engine} {health.state}，文档 {health.documents}"
        self.stdout.write("；".join(part for part in (said, health.detail) if part))
        if not health.ok:
            raise IndexUnavailable(health.why)

    def _progress(self, stage: Stage, done: int, total: int) -> None:
        self.stdout.write(f"  {STAGES[stage]} {done}/{total}")


def _told(error: SearchError) -> str:
    """One sentence, and the engine's own words for whoever looks after it."""
    said = mending(engine_name(), error.reason) if isinstance(error, IndexUnavailable) else sentence(error)
    return said + (f"（{error}）" if str(error) else "")
