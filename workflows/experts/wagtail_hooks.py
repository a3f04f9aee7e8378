"""What the experts' room puts into Wagtail's admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from workflows.experts.models import Expert
from workflows.experts.viewsets import ExpertViewSet, PoolPolicy

register_permission_policy(Expert, PoolPolicy(Expert))


@hooks.register("register_admin_viewset")
def experts() -> ExpertViewSet:
    return ExpertViewSet()
