"""`manage.py issue_token USERNAME --name "教务系统"`: print a new API token once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.people.models import User
from cms.people.tokens import issue_token


class Command(BaseCommand):
    help = "Issue an API token that acts as a person; it is printed once and stored only as a hash."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="API", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"没有名为 {options['username']} 的有效账号。")
        _token, text = issue_token(user, name=options["name"])
        self.stdout.write(text)
