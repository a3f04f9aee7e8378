"""`manage.py search rebuild | check | health`: care for the index."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import caring, indexing
from search.engines import engine
from search.errors import IndexUnavailable
from search.progress import Stage

STAGES = {Stage.DOCUMENTS: "索引", Stage.TITLES: "联想词"}
UNUSABLE = "检索索引不可用，请运行 manage.py search rebuild"


class Command(BaseCommand):
    help = "Rebuild the index from the database, check and mend it, or say how it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["rebuild", "check", "health"])
        parser.add_argument("--if-needed", action="store_true", help="rebuild only an index that is not ready")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "rebuild":
            if options["if_needed"] and engine().health().complete:
                self.stdout.write("检索索引已就绪，不用重建。")
                return
            total = caring.make_anew(progress=self._progress)
            self.stdout.write(f"检索索引已重建：{total} 条（作品、空间、人员）。")
        elif options["what"] == "check":
            try:
                found = indexing.check(mend=True)
            except IndexUnavailable as error:
                raise CommandError(f"{UNUSABLE}（{error}）") from error
            missing, surplus, behind = len(found.missing), len(found.surplus), len(found.behind)
            said = f"缺 {missing} 条，多 {surplus} 条，落后 {behind} 条，已补正。"
            self.stdout.write("一致。" if found.none else said)
        else:
            health = engine().health()
            self.stdout.write(f"{health.engine} {health.state} 文档 {health.documents} {health.detail}".rstrip())
            if not health.ok:
                raise CommandError(f"{UNUSABLE}。")

    def _progress(self, stage: Stage, done: int, total: int) -> None:
        self.stdout.write(f"  {STAGES[stage]} {done}/{total}")
