"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from workflows.sharing.views import adopting, publishing, recommending

app_name = "sharing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sharing/", publishing.waiting, name="waiting"),
    path("sharing/<uuid:uuid>/", publishing.share, name="share"),
    path("sharing/<uuid:uuid>/retire/", publishing.retire, name="retire"),
    path("sharing/shares/<uuid:uuid>/recall/", publishing.recall, name="recall"),
    path("sharing/recommendations/", recommending.recommendations, name="recommendations"),
    path("sharing/recommendations/<uuid:uuid>/withdraw/", recommending.withdraw, name="withdraw"),
    path("works/<uuid:uuid>/recommend/", recommending.recommend, name="recommend"),
    path("works/<uuid:uuid>/adopt/", adopting.adopt, name="adopt"),
    path("works/<uuid:uuid>/unadopt/", adopting.unadopt, name="unadopt"),
    path("works/<uuid:uuid>/remix/", adopting.remix, name="remix"),
]
