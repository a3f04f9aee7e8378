"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from cms.taxonomy import views

app_name = "taxonomy"
urlpatterns: list[URLPattern | URLResolver] = [
    path("taxonomy/options/", views.options, name="options"),
]
