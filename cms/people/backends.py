"""Who may enter Wagtail's admin: whoever holds a role that works there, and nobody by a flag that could go stale."""

from typing import Any

from axes.backends import AxesStandaloneBackend
from django.contrib.auth.backends import BaseBackend

from cms.people.models import User
from cms.people.queries import standing

ADMIN_ACCESS = "wagtailadmin.access_admin"


class WorkbenchBackend(BaseBackend):
    """Derives the one admin permission from memberships; grants no permission on any model."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm == ADMIN_ACCESS and isinstance(user_obj, User) and standing(user_obj).opens_workbench

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return app_label == "wagtailadmin" and self.has_perm(user_obj, ADMIN_ACCESS)


class LockOutBackend(AxesStandaloneBackend):
    """Refuses a locked-out account before any other backend is asked; can read a session's person, as every first
    backend must."""

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
