"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from cms.library import file_views, views

app_name = "library"
urlpatterns: list[URLPattern | URLResolver] = [
    path("works/<uuid:uuid>/", views.work, name="work"),
    path("files/", file_views.upload, name="upload"),
    path("files/<uuid:uuid>/<path:name>", file_views.download, name="file"),
    path("files/<uuid:uuid>/", file_views.download, name="file_bare"),
]
