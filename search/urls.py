"""Addresses of the wing."""

from django.urls import URLPattern, URLResolver, path

from search import views

app_name = "search"
urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", views.search, name="search"),
    path("search/suggest/", views.suggest, name="suggest"),
]
