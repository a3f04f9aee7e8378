"""The home page's address: of no room, so its name has no room in it."""

from django.urls import URLPattern, URLResolver, path

from cms.spaces.home import home

urlpatterns: list[URLPattern | URLResolver] = [path("", home, name="home")]
