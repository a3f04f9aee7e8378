"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from cms.spaces import inbox_views, interest_views, views

app_name = "spaces"
urlpatterns: list[URLPattern | URLResolver] = [
    path("space/", views.mine, name="mine"),
    path("space/inbox/", inbox_views.inbox, name="inbox"),
    path("space/inbox/seen/", inbox_views.seen, name="seen"),
    path("space/inbox/<uuid:uuid>/open/", inbox_views.opened, name="opened"),
    path("space/inbox/<uuid:uuid>/hide/", inbox_views.hide, name="hide"),
    path("space/shelf/", views.shelf, name="shelf"),
    path("space/interests/", interest_views.interests, name="interests"),
    path("space/interests/<int:pk>/drop/", interest_views.drop_interest, name="drop_interest"),
    path("space/follow/", views.follow, name="follow"),
    path("spaces/<uuid:uuid>/", views.space, name="space"),
    path("authors/<uuid:uuid>/", views.author, name="author"),
]
