"""What every page of the site says about review."""

from typing import Any

from django.http import HttpRequest

from workflows.review.queries import reviews_by_role, waiting_count

WORKBENCH = "/admin/"


def waiting(request: HttpRequest) -> dict[str, Any]:
    """`reviews_waiting` for the account menu: a number for people who review, None for everybody else.

    Asked once a request, for templates may be rendered many times in one; never for visitors or in the workbench.
    """
    user = getattr(request, "user", None)  # an error page may be drawn before anybody is known
    if user is None or not user.is_authenticated or request.path.startswith(WORKBENCH):
        return {}
    if not hasattr(request, "_reviews_waiting"):
        request._reviews_waiting = waiting_count(user) if reviews_by_role(user) else None  # type: ignore[attr-defined]
    return {"reviews_waiting": request._reviews_waiting}  # type: ignore[attr-defined]
