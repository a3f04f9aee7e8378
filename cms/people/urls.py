"""Addresses of the room."""

from django.urls import path

from cms.people import views

app_name = "people"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/findable/", views.findable, name="findable"),
    path("me/tokens/", views.tokens, name="tokens"),
    path("me/tokens/<int:pk>/revoke/", views.revoke, name="revoke_token"),
]
