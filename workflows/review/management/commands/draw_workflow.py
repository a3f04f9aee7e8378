"""Draw the chain of review into workflows/README.md, or say (--check) whether the picture there is the code's."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from workflows.review.picture import put_into

README = Path(__file__).resolve().parents[3] / "README.md"


class Command(BaseCommand):
    help = "Draw the chain of review, from workflows/review/table.py, into workflows/README.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the picture is old")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        before = README.read_text()
        with override("zh-hans"):
            after = put_into(before)
        if check and before != after:
            raise CommandError("workflows/README.md shows an older chain: run manage.py draw_workflow")
        if before != after:
            README.write_text(after)
        self.stdout.write("workflows/README.md is up to date")
