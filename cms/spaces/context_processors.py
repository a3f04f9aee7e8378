"""What every page of the site says about one's own space."""

from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.people.models import User
from cms.people.queries import standing
from cms.spaces.queries import unseen_in_own_space

KEPT = 30  # seconds: what has just come may be told a little later
CHANGED = "inbox_changed"  # in the session: whatever process draws the next page, it knows of an older number


def own_space(request: HttpRequest) -> dict[str, Any]:
    """`inbox_new` and `opens_workbench` for the header: asked when it is drawn, the first at the cost of one query
    every half minute.

    The number is asked once a request; templates may be rendered many times in one.
    """
    user = getattr(request, "user", None)  # an error page may be drawn before anybody is known

    def number() -> int:
        if not isinstance(user, User):
            return 0
        if not hasattr(request, "_inbox_new"):
            request._inbox_new = _inbox_new(request, user)  # type: ignore[attr-defined]
        return request._inbox_new  # type: ignore[attr-defined]

    def works_there() -> bool:
        return isinstance(user, User) and (user.is_superuser or standing(user).opens_workbench)

    return {"inbox_new": SimpleLazyObject(number), "opens_workbench": SimpleLazyObject(works_there)}


def inbox_changed(request: HttpRequest) -> None:
    """This person has just looked at the inbox or hidden something: the next page counts anew."""
    request.session[CHANGED] = uuid4().hex


def _inbox_new(request: HttpRequest, user: User) -> int:
    key = f"inbox-new:{user.pk}:{getattr(request, 'session', {}).get(CHANGED, '')}"
    return cache.get_or_set(key, lambda: unseen_in_own_space(user), KEPT) or 0
