"""What every page of the site says about notices."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.notices.queries import said, unread_count
from cms.people.models import User


def notices(request: HttpRequest) -> dict[str, Any]:
    """`notices_new` for the account menu: asked when that is drawn, once a request, at the cost of one query."""
    user = getattr(request, "user", None)  # an error page may be drawn before anybody is known

    def number() -> str:
        if not isinstance(user, User):
            return ""
        if not hasattr(request, "_notices_new"):
            request._notices_new = said(unread_count(user))  # type: ignore[attr-defined]
        return request._notices_new  # type: ignore[attr-defined]

    return {"notices_new": SimpleLazyObject(number)}
