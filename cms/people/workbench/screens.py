"""What the screens of the rooms above share in Wagtail's admin."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import URLPattern
from wagtail.permission_policies.base import BasePermissionPolicy

from cms.people.models import User


class UnlistedPolicy(BasePermissionPolicy):
    """Who may do something follows from memberships, and often from the very row, so there is no list of people."""

    def users_with_any_permission(self, actions: Iterable[str]) -> "QuerySet[User]":
        return User.objects.none()


class OnlyRoutes:
    """Stands first in the bases of a viewset: of Wagtail's routes those in `routes` are there, and no view links to
    another. What a later Wagtail adds stays shut until it is named."""

    routes: ClassVar[frozenset[str]]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in self.routes]  # type: ignore[misc]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_common_view_kwargs(**kwargs)  # type: ignore[misc]
        urls = {name: url.rpartition(":")[2] for name, url in found.items() if name.endswith("_url_name") and url}
        return {**found, **dict.fromkeys(name for name, route in urls.items() if route not in self.routes)}
