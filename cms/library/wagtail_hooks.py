"""What the library puts into Wagtail's admin, and what it takes out."""

from functools import cache
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html_join
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.action_menu import PublishMenuItem, UnpublishMenuItem
from wagtail.snippets.models import register_snippet

from cms.library.models import KINDS, Standard, Work
from cms.library.policies import WorkPolicy
from cms.library.viewsets.actions import GuardedPublish, GuardedUnpublish, NoBulkDelete
from cms.library.viewsets.coauthors import coauthors
from cms.library.viewsets.home import fill_home, tidy_menu
from cms.library.viewsets.links import link_addresses, register_links
from cms.library.viewsets.standards import GovernPolicy, StandardViewSet
from cms.library.viewsets.works import WorkGroup

# Before anything asks the registry; exact, or the kinds would inherit a policy that lists bare works of all kinds.
_MODELS: list[type[Work]] = [Work, *KINDS.values()]
for _model in _MODELS:
    register_permission_policy(_model, WorkPolicy(_model), exact_class=True)

register_permission_policy(Standard, GovernPolicy(Standard))

register_snippet(WorkGroup)


@hooks.register("register_admin_viewset")
def standards() -> StandardViewSet:
    return StandardViewSet()


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


@hooks.register("register_admin_urls")
def admin_addresses() -> list[Any]:
    return [path("works/<int:pk>/coauthors/", coauthors, name="work_coauthors"), *link_addresses]


@hooks.register("register_rich_text_features")
def links(features: Any) -> None:
    register_links(features)


@hooks.register("construct_homepage_panels", order=-100)  # first: higher rooms add to what stands then
def homepage(request: HttpRequest, panels: list[Any]) -> None:
    fill_home(request, panels)


@hooks.register("construct_homepage_summary_items", order=-100)
def no_summary(request: HttpRequest, items: list[Any]) -> None:
    """Wagtail counts pages, images and documents there."""
    items.clear()


@hooks.register("construct_main_menu", order=100)
def menu(request: HttpRequest, items: list[Any]) -> None:
    tidy_menu(request, items)


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    """Our looks of the whole admin; each file only when the theme has it."""
    return format_html_join("", '<link rel="stylesheet" href="{}">', ((static(name),) for name in _stylesheets()))


@cache
def _stylesheets() -> list[str]:
    return [name for name in ("theme/admin.css", "theme/library-admin.css") if finders.find(name)]
