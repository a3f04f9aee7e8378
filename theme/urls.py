"""The gallery: every component in every state. Included under /theme/ where the demo is allowed."""

from django.urls import path

from theme.gallery import gallery

app_name = "theme"

urlpatterns = [path("", gallery, name="gallery")]
