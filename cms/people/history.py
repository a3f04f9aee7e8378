"""What was done to an account, in plain words, for the administrators in whose care it is (S102)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from cms.audit.models import Entry
from cms.audit.queries import history
from cms.audit.wording import told
from cms.organisations.models import Organisation
from cms.organisations.queries import within
from cms.people import rules
from cms.people.enums import Role
from cms.people.models import Membership, User
from cms.people.roster.changes import in_words

SHOWN = 30
PRIVATE = ("token:issue", "token:revoke", "account:profile")
"""A person's own affairs: no administrator's business, but kept in the log."""
BY_ROSTER = ("roster:add", "roster:change")


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    text: str


def lines_for(person: User, *, reader: User) -> list[Line]:
    """The newest entries that concern `reader`, newest first: three queries whatever their number."""
    entries = history("people.user", person.uuid).exclude(verb__in=PRIVATE)
    if not rules.allows(reader, "know", person):
        entries = entries.filter(_own(reader))
    shown = list(entries[:SHOWN])
    codes = {entry.data["organisation"] for entry in shown if "organisation" in entry.data}
    names = dict(Organisation.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    return [_line(entry, names) for entry in shown]


def _own(reader: User) -> Q:
    """Entries of `reader`'s organisations, or by somebody who was something there at that time."""
    roots = rules.administered(reader)
    places = Organisation.objects.filter(within(roots))
    held = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gte=OuterRef("at")),
        within(roots, "organisation"),
        user=OuterRef("actor"),
        since__lte=OuterRef("at"),
    )
    return Q(organisation_id__in=places.values("pk")) | Q(Exists(held))


def _line(entry: Entry, names: dict[str, str]) -> Line:
    facts: dict[str, str] = {}
    role, code = entry.data.get("role"), entry.data.get("organisation")
    if role in Role.values:
        facts["role"] = str(Role(role).label)
    if code:
        facts["organisation"] = names.get(code, code)
    if entry.verb in BY_ROSTER:
        facts["changes"] = _("；").join(in_words(entry.data["changes"]))
    return Line(entry.at, str(entry.actor) if entry.actor else _("系统"), told(entry, facts))
