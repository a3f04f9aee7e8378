"""Addresses of the room."""

from django.urls import path

from cms.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.listing, name="list"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:pk>/", views.follow, name="follow"),
    path("notices/preferences/", views.preferences, name="preferences"),
]
