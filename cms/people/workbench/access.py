"""Administrators only; to everybody else these pages are not there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from cms.people import rules
from cms.people.models import User

View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """Http404 for whoever administers no organisation."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.administered(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def administrator(request: HttpRequest) -> User:
    """The person behind a request that `administrators_only` let in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user
