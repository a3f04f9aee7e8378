"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from workflows.points import views

app_name = "points"
urlpatterns: list[URLPattern | URLResolver] = [path("space/statement/", views.statement, name="statement")]
