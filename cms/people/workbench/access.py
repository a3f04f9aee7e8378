"""Administrators only; to everybody else these pages are not there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from cms.people import rules

View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """Http404 for whoever administers no organisation."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.administered(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
