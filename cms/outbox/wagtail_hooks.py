"""The operators' page and its place in the menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.outbox import views

patterns = [
    path("", views.overview, name="overview"),
    path("retry/", views.retry_all, name="retry_all"),
    path("<int:pk>/retry/", views.retry, name="retry"),
]


@hooks.register("register_admin_urls")
def addresses() -> list[URLResolver]:
    return [path("outbox/", include((patterns, "outbox"), namespace="outbox"))]


class ForOperators(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(views.OPERATE)


@hooks.register("register_admin_menu_item")
def menu() -> Any:
    return ForOperators(_("发件箱"), reverse_lazy("outbox:overview"), name="outbox", icon_name="mail", order=900)
