"""Wagtail's screens of users and groups are not there, not even for superusers: they delete people, deactivate them
without an entry in the log, and know nothing of real names and roles. Groups mean nothing here (`cms.people.backends`).
Nor are the addresses that nothing here leads to and that break on what is sent to them; its signing out, which needs
no more than a link, is ours.
"""

from typing import Any

from allauth.account.views import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, re_path
from wagtail.admin.viewsets.base import ViewSet
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction


class NoScreens(ViewSet):
    """Stands where Wagtail registers its own: no address, no place in the menu or in the search."""


class _Closed:
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        raise Http404


class NoRoles(_Closed, AssignRoleBulkAction):
    """Not there."""


class NoDelete(_Closed, DeleteBulkAction):
    """Not there."""


class NoActiveState(_Closed, SetActiveStateBulkAction):
    """Not there."""


BULK_ACTIONS = (NoRoles, NoDelete, NoActiveState)


def not_there(request: HttpRequest) -> HttpResponse:
    """Not found, whatever is asked."""
    raise Http404


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """The form of the workbench's menu signs out; whoever only opens the address is asked first."""
    if request.method != "POST":
        return redirect("account_logout")
    answer: HttpResponseBase = logout(request)
    return answer


urlpatterns = [
    path("logout/", sign_out),
    path("failwhale/", not_there),
    path("dismissibles/", not_there),
    re_path("^(?:documents|images|embeds)/chooser/", not_there),
    re_path("^workflows/task_chooser/", not_there),
    # any text is a number to Wagtail's view
    re_path(r"^editing-sessions/ping/[^/]+/[^/]+/(?!\d{1,18}/)", not_there),
]
