"""Whoever still has the password that an administrator gave must first choose one of their own; whoever was signed out
meanwhile comes back to the page where the button stood."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from cms.people.models import User

OPEN_PATHS = ("/accounts/", "/language/", "/static/", "/jsi18n/", "/healthz", "/readyz")
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


class SignInAgain:
    """A button that needs signing in leads there and back to its own page: its address takes no reading, and whoever
    was brought back to it would see an empty page. What was sent is to be sent again, and that is said."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sign_in = reverse(settings.LOGIN_URL)
        leads_there = response.status_code == 302 and urlsplit(response.headers["Location"]).path == sign_in
        if request.method != "POST" or not leads_there or request.path == sign_in:
            return response
        messages.info(request, _("请先登录，再点一次刚才的按钮。"))
        back = _page_of(request)
        address = f"{sign_in}?{urlencode({'next': back})}" if back else sign_in
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": address})
        return redirect(address)


def _page_of(request: HttpRequest) -> str:
    """The page of this site from which something was sent; empty where the browser does not say."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
