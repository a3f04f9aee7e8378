"""The administrator's screens and their place in the menu, and what they stand instead of."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from cms.people import rules
from cms.people.workbench import people, roster
from cms.people.workbench.closed import BULK_ACTIONS

patterns = [
    path("", people.listing, name="list"),
    path("roster/", roster.upload, name="roster"),
    path("roster/template.xlsx", roster.download_template, name="roster_template"),
    path("roster/<uuid:uuid>/", roster.dry_run, name="roster_check"),
    path("roster/<uuid:uuid>/passwords/", roster.renew_passwords, name="renew_passwords"),
    path("<uuid:uuid>/", people.detail, name="person"),
    path("<uuid:uuid>/roles/<int:pk>/end/", people.end_role, name="end_role"),
    path("<uuid:uuid>/guardians/<int:pk>/end/", people.end_guardianship, name="end_guardianship"),
    path("<uuid:uuid>/second-factor/", people.remove_second_factor, name="remove_second_factor"),
    path("<uuid:uuid>/password/", people.reset_password, name="reset_password"),
    path("<uuid:uuid>/active/", people.set_active, name="set_active"),
]


@hooks.register("register_admin_urls")
def addresses() -> list[URLResolver]:
    return [path("people/", include((patterns, "people_admin"), namespace="people_admin"))]


class ForAdministrators(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(rules.administered(request.user))


@hooks.register("register_admin_menu_item")
def menu() -> Any:
    items = [
        ForAdministrators(
            _("人员名单"), reverse_lazy("people_admin:list"), name="people-list", icon_name="group", order=1
        ),
        ForAdministrators(
            _("导入名册"), reverse_lazy("people_admin:roster"), name="people-roster", icon_name="upload", order=2
        ),
    ]
    return SubmenuMenuItem(_("人员"), Menu(items=items), name="people", icon_name="group", order=700)


for _action in BULK_ACTIONS:
    hooks.register("register_bulk_action", _action, order=1000)  # after Wagtail's own, which they replace
