"""Wagtail's screens of users and groups are not there, not even for superusers: they delete people, deactivate them
without an entry in the log, and know nothing of real names and roles. Groups mean nothing here (`cms.people.backends`).
"""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
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
