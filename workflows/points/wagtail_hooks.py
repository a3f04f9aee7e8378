"""What points add to the home page (those of this month) and to the workbench (the tariff)."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from cms.library.sections import Section
from cms.people.enums import LEARNERS
from cms.people.models import User
from cms.people.queries import standing
from cms.spaces.queries import personal_space
from workflows.points import queries
from workflows.points.models import Tariff
from workflows.points.viewsets.tariff import TariffPolicy, TariffViewSet

register_permission_policy(Tariff, TariffPolicy(Tariff))


class PointsThisMonth(Section):
    """Points of this month and in all: three queries."""

    template_name = "points/home_points.html"
    place = "side"
    order = 10

    def context(self) -> dict[str, Any] | None:
        user = self.request.user
        space = personal_space(user) if isinstance(user, User) else None
        if space is None:
            return None
        month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return {"this_month": queries.earned_since(space, month), "balance": queries.balance(space)}


@hooks.register("construct_home_page")
def points_of_this_month(components: list[Any], request: HttpRequest) -> None:
    if {membership.role for membership in standing(request.user).memberships} - LEARNERS:
        components.append(PointsThisMonth(request))


@hooks.register("register_admin_viewset")
def tariff() -> TariffViewSet:
    return TariffViewSet()
