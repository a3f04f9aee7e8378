"""Addresses of the wing."""

from django.urls import URLPattern, URLResolver, path

from search import saved_views, views, why_views

app_name = "search"
urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", views.search, name="search"),
    path("search/why/<uuid:uuid>/", why_views.why, name="why"),
    path("search/suggest/", views.suggest, name="suggest"),
    path("search/saved/", saved_views.saved, name="saved"),
    path("search/saved/add/", saved_views.save, name="save"),
    path("search/saved/<uuid:uuid>/follow/", saved_views.follow, name="follow"),
    path("search/saved/<uuid:uuid>/rename/", saved_views.rename, name="rename"),
    path("search/saved/<uuid:uuid>/forget/", saved_views.forget, name="forget"),
    path("search/saved/<uuid:uuid>/restore/", saved_views.restore, name="restore"),
]
