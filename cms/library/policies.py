"""Wagtail's permission policy of works: the room's rules in Wagtail's words, and nothing else.

No Django permission and no superuser flag opens a work. "publish", "lock" and the like are nobody's: works go live
through review only.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from cms.library import rules
from cms.library.models import Work
from cms.people.queries import standing
from cms.people.workbench.screens import UnlistedPolicy

MEANING = {"view": "read", "choose": "read", "change": "change", "delete": "delete"}
"""Wagtail's word for an action on a work -> the action of `cms.library.rules`."""


class WorkPolicy(UnlistedPolicy):
    """Asks `cms.library.rules` for every work; registered for `Work` and each kind with `exact_class=True`."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """`user` may do `action` with some work perhaps; which, is asked again of each work."""
        if action == "add":
            return rules.may_create(user)
        return action in MEANING and standing(user).opens_workbench

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Work) -> bool:
        if action == "add":
            return rules.may_create(user)
        return action in MEANING and rules.allows(user, MEANING[action], instance)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> "QuerySet[Work]":
        found = Q(pk__in=[])
        for action in {MEANING[a] for a in actions if a in MEANING}:
            found |= rules.as_q(user, action)
        works: QuerySet[Work] = self.model._default_manager.filter(found)
        return works
