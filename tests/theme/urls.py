"""The gallery and the addresses that the frame of a page looks for, whatever rooms exist."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


RESULTS = """{% load theme %}<p>{{ request.GET.urlencode }}</p>{% for each in many %}<br>{% endfor %}
{% facet_group facet hx_target="#results" %}{% pagination page hx_target="#results" %}
{% for each in many %}<br>{% endfor %}"""
AROUND = """{% extends "theme/base.html" %}{% block content %}<div id="results">{{ results }}</div>{% endblock %}"""


def results(request: HttpRequest) -> HttpResponse:
    """Choices and pages that are fetched in place, as those of the search page; alone when htmx asks for them."""
    facet = {"name": "s", "label": "学段", "options": [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]}
    found = Paginator(range(30), 10).page(request.GET.get("page", 1))
    drawn = Template(RESULTS).render(RequestContext(request, {"facet": facet, "page": found, "many": range(60)}))
    if request.headers.get("HX-Target") == "results":
        return HttpResponse(drawn)
    return HttpResponse(Template(AROUND).render(RequestContext(request, {"results": drawn})))


def room(name: str, *pages: str) -> Any:
    return include(([path(f"{name}-{each}/", page, name=each) for each in pages], name))


urlpatterns = [
    path("", page, name="home"),
    path("theme/", include("theme.urls")),
    path("results/", results),
    path("", room("search", "search")),
    path("", room("learning", "courses")),
    path("accounts/", include("cms.people.account_urls")),
]
