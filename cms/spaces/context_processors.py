"""What every page of the site says about one's own space."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.people.header import asked_once
from cms.people.models import User
from cms.people.queries import standing
from cms.spaces.unseen import said, unseen_in_own_space


def own_space(request: HttpRequest) -> dict[str, Any]:
    """`inbox_new` and `opens_workbench` for the header: asked when it is drawn, the first at the cost of one query."""
    user = getattr(request, "user", None)  # an error page may be drawn before anybody is known

    def works_there() -> bool:
        return isinstance(user, User) and (user.is_superuser or standing(user).opens_workbench)

    return {
        "inbox_new": asked_once(request, "_inbox_new", lambda user: said(unseen_in_own_space(user))),
        "opens_workbench": SimpleLazyObject(works_there),
    }
