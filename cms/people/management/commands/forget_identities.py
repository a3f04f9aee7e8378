"""`manage.py forget_identities`: needed once after SECRET_KEY has changed, when the old hashes fit no number."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from cms.audit.actions import record
from cms.people.models import RosterDraft, User


class Command(BaseCommand):
    help = "Empty all hashes of identity numbers (after SECRET_KEY changed); the next rosters bring them anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do it; without it only the number is said")

    def handle(self, *args: Any, **options: Any) -> None:
        people = User.objects.filter(identity_hash__isnull=False)
        if not options["yes"]:
            self.stdout.write(f"{people.count()} 人有身份标识。确定要清空，请加 --yes。")
            return
        with transaction.atomic():
            count = people.update(identity_hash=None)
            RosterDraft.objects.all().delete()
            record("people:forget_identities", actor=None, subject_type="people.user", subject_id="*", count=count)
        self.stdout.write(f"已清空 {count} 人的身份标识。")
