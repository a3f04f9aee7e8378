"""The product's addresses, and an empty view to measure beside them."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from cms.config.urls import urlpatterns as product


def empty(request: HttpRequest) -> HttpResponse:
    """What Django and the product's middleware cost without any page."""
    return HttpResponse("ok")


urlpatterns = [path("empty/", empty), *product]
