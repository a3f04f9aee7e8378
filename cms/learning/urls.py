"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from cms.learning import views

app_name = "learning"
urlpatterns: list[URLPattern | URLResolver] = [
    path("courses/", views.courses, name="courses"),
    path("courses/<uuid:uuid>/", views.course, name="course"),
    path("courses/<uuid:uuid>/enrol/", views.enrol, name="enrol"),
    path("courses/<uuid:uuid>/lessons/<uuid:key>/", views.lesson, name="lesson"),
    path("courses/<uuid:uuid>/lessons/<uuid:key>/progress/", views.progress, name="progress"),
    path("courses/<uuid:uuid>/lessons/<uuid:key>/complete/", views.complete, name="complete"),
    path("children/", views.children, name="children"),
    path("children/<uuid:uuid>/", views.child, name="child"),
]
