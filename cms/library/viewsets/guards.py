"""Every admin view of a work answers "not found" to whoever may not do it with this very work.

Wagtail's own views ask only whether the person may do it with some work.
"""

from typing import Any, ClassVar

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from cms.library import rules
from cms.library.models import Work
from cms.library.policies import MEANING
from cms.taxonomy.queries import as_id


class Guarded:
    """Stands first in the bases of a view; `opens_with` is the action of `cms.library.rules` that opens it."""

    opens_with: ClassVar[str] = "change"
    object: Any
    request: HttpRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Refuses before Wagtail's own `setup` reads anything of the work."""
        pk = kwargs.get("pk")
        if pk is not None:
            model: type[Work] = self.model  # type: ignore[attr-defined]
            number = as_id(unquote(str(pk)))
            work = model._default_manager.filter(pk=number).select_related("organisation").first() if number else None
            if work is None or not rules.allows(request.user, self.opens_with, work):
                raise Http404
        try:
            super().setup(request, *args, **kwargs)
        except PermissionDenied as error:
            raise Http404 from error

    def user_has_permission(self, permission: str) -> bool:
        """Of this work when the view has one; else of some work."""
        work = getattr(self, "object", None)
        if isinstance(work, Work) and work.pk:
            return permission in MEANING and rules.allows(self.request.user, MEANING[permission], work)
        allowed: bool = super().user_has_permission(permission)
        return allowed

    def user_has_any_permission(self, permissions: Any) -> bool:
        return any(self.user_has_permission(permission) for permission in permissions)
