"""Who may enter Wagtail's admin: whoever holds a role that works there, and nobody by a flag that could go stale."""

from collections.abc import Sequence
from typing import Any

from axes.backends import AxesStandaloneBackend
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet

from cms.people.models import User
from cms.people.queries import standing
from cms.people.statements import Composed, columns_of

ADMIN_ACCESS = "wagtailadmin.access_admin"
GOVERN = frozenset({"taxonomy.govern", "library.govern", "outbox.operate"})
"""What holds for the whole province (curriculum tables, standards, the outbox): rooms below ask for it by name."""


class WorkbenchBackend(BaseBackend):
    """Derives two permissions from memberships, to enter and to govern; nobody but a superuser has any other.

    Refusing at once (Django's way: PermissionDenied ends the question) keeps the groups of a person, which nothing
    here uses, from being read on every page of the admin.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if not isinstance(user_obj, User):
            return False
        if perm in GOVERN and standing(user_obj).governs:
            return True
        if perm == ADMIN_ACCESS and standing(user_obj).opens_workbench:
            return True
        raise PermissionDenied

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return isinstance(user_obj, User) and app_label == "wagtailadmin" and standing(user_obj).opens_workbench


class LockOutBackend(AxesStandaloneBackend):
    """Refuses a locked-out account before any other backend is asked; can read a session's person, as every first
    backend must."""

    def get_user(self, user_id: int) -> User | None:
        found = _ACTIVE.rows([user_id])
        return User.from_db(connection.alias, columns_of(User), found[0]) if found else None


def _active(users: Sequence[int]) -> "QuerySet[User, Any]":
    return User.objects.filter(pk__in=users, is_active=True).order_by().values_list(*columns_of(User))


_ACTIVE = Composed(_active)
"""Asked on every page of somebody who signed in."""
