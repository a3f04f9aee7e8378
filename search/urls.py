"""Addresses of the wing."""

from django.urls import URLPattern, URLResolver, path

from search.page import views, why
from search.saved import views as saved

app_name = "search"
urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", views.search, name="search"),
    path("search/why/<uuid:uuid>/", why.why, name="why"),
    path("search/suggest/", views.suggest, name="suggest"),
    path("search/saved/", saved.saved, name="saved"),
    path("search/saved/add/", saved.save, name="save"),
    path("search/saved/<uuid:uuid>/follow/", saved.follow, name="follow"),
    path("search/saved/<uuid:uuid>/rename/", saved.rename, name="rename"),
    path("search/saved/<uuid:uuid>/forget/", saved.forget, name="forget"),
    path("search/saved/<uuid:uuid>/restore/", saved.restore, name="restore"),
]
