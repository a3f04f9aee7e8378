"""Whoever still has the password that an administrator gave must first choose one of their own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.people.models import User

OPEN_PATHS = ("/accounts/", "/static/", "/jsi18n/", "/healthz", "/readyz")
API = "/api/"


class FirstPassword:
    """Leads to the form for a new password, from every page but that form, signing in and out.

    Requests without a session cookie are left alone (visitors' pages stay cacheable; tokens are the API's matter).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._must_change(request):
            return self.get_response(request)
        address = reverse("account_change_password")
        if request.path.startswith(API):
            message = _("请先在网站上把初始密码改成自己的密码。")
            return JsonResponse({"code": "password_change_required", "message": message}, status=403)
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": address})
        return redirect(address)

    def _must_change(self, request: HttpRequest) -> bool:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path.startswith(OPEN_PATHS):
            return False
        user = request.user
        return isinstance(user, User) and user.must_change_password
