"""The gallery: every component in every state. Included under /theme/."""

from django.urls import path

from theme.gallery import gallery

app_name = "theme"

urlpatterns = [path("", gallery, name="gallery")]
