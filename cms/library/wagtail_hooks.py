"""What the library puts into Wagtail's admin, and what it takes out."""

from typing import Any

from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.action_menu import PublishMenuItem, UnpublishMenuItem
from wagtail.snippets.models import register_snippet

from cms.library.models import KINDS, Work
from cms.library.policies import WorkPolicy
from cms.library.viewsets.actions import GuardedPublish, GuardedUnpublish, NoBulkDelete
from cms.library.viewsets.works import WorkGroup

# Before anything asks the registry; exact, or the kinds would inherit a policy that lists bare works of all kinds.
for _model in (Work, *KINDS.values()):
    register_permission_policy(_model, WorkPolicy(_model), exact_class=True)

register_snippet(WorkGroup)

hooks.register("register_bulk_action", NoBulkDelete, order=1000)  # after Wagtail's own, which it replaces


@hooks.register("register_actions")
def no_public_actions(registry: Any) -> None:
    """Whoever asks the registry for "publish" of a work gets a refusal."""
    registry.register(Work, GuardedPublish)
    registry.register(Work, GuardedUnpublish)


@hooks.register("construct_snippet_action_menu")
def no_publish_buttons(menu_items: list[Any], request: Any, context: dict[str, Any]) -> None:
    """Wagtail shows them to superusers without asking the policy."""
    if issubclass(context["model"], Work):
        menu_items[:] = [item for item in menu_items if not isinstance(item, PublishMenuItem | UnpublishMenuItem)]
