"""The gallery and the addresses that the frame of a page looks for, whatever rooms exist."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def room(name: str, *pages: str) -> Any:
    return include(([path(f"{name}-{each}/", page, name=each) for each in pages], name))


urlpatterns = [
    path("", page, name="home"),
    path("theme/", include("theme.urls")),
    path("", room("search", "search")),
    path("", room("learning", "courses")),
    path("accounts/", include("allauth.urls")),
]
