"""What was done to an account, in plain words, for the administrators in whose care it is (S102)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cms.audit.models import Entry
from cms.audit.queries import history
from cms.audit.wording import told
from cms.organisations.models import Organisation
from cms.people.enums import Role
from cms.people.models import User

SHOWN = 30
PRIVATE = ("token:issue", "token:revoke", "account:profile")
"""A person's own affairs: no administrator's business, but kept in the log."""


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    text: str


def lines_for(person: User) -> list[Line]:
    """The newest entries, newest first: two queries whatever their number."""
    entries = list(history("people.user", person.uuid).exclude(verb__in=PRIVATE)[:SHOWN])
    codes = {entry.data["organisation"] for entry in entries if "organisation" in entry.data}
    names = dict(Organisation.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    return [_line(entry, names) for entry in entries]


def _line(entry: Entry, names: dict[str, str]) -> Line:
    facts: dict[str, str] = {}
    role, code = entry.data.get("role"), entry.data.get("organisation")
    if role in Role.values:
        facts["role"] = str(Role(role).label)
    if code:
        facts["organisation"] = names.get(code, code)
    return Line(entry.at, str(entry.actor) if entry.actor else _("系统"), told(entry, facts))
