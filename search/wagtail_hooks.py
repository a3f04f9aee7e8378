"""搜索用词 in the admin: synonyms and what people call things, for those who keep the curriculum. What is changed there
the next question understands; nothing is indexed again. And how a person calls a search that is followed."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from cms.spaces.models import Space
from cms.spaces.wanted import NAMES
from cms.taxonomy.wagtail_hooks import PERMISSION
from search.forms import AliasForm
from search.models import Alias, SavedSearch, Synonym
from search.vocabulary import TITLES, in_full

ROUTES = frozenset({"index", "index_results", "add", "edit", "delete"})
AT_ONCE = _("保存以后，下一次搜索就按它理解，不用重建索引；已关注的搜索在一天之内按它重新理解。")


class KeeperPolicy(BasePermissionPolicy):
    """Whoever governs the province's curriculum keeps its words too."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return user.has_perm(PERMISSION)

    def users_with_any_permission(self, actions: Any) -> Any:
        """Nobody by a list: it follows from memberships."""
        from django.contrib.auth import get_user_model  # the user model is chosen by settings

        return get_user_model().objects.none()


class WordsViewSet(ModelViewSet):
    """One list of words."""

    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 50
    search_backend_name = None

    @property
    def name(self) -> str:
        return f"words-{self.model._meta.model_name}"

    def get_urlpatterns(self) -> list[Any]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in ROUTES]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        dropped = {f"{name}_url_name": None for name in ("history", "usage")}
        return {**super().get_common_view_kwargs(**kwargs), **dropped}


class SynonymViewSet(WordsViewSet):
    model = Synonym
    icon = "resubmit"
    search_fields: ClassVar = ["words", "note"]
    list_display: ClassVar = ["words", "note"]
    panels: ClassVar = [FieldPanel("words"), FieldPanel("note"), HelpPanel(AT_ONCE)]


def _meaning(alias: Alias) -> str:
    """学科：数学"""
    return f"{TITLES[alias.facet]}：{in_full(alias.facet, alias.value)}" if alias.facet in TITLES else alias.target


class AliasViewSet(WordsViewSet):
    model = Alias
    icon = "tag"
    search_fields: ClassVar = ["text"]
    list_display: ClassVar = ["text", Column("target", label=_("指的是"), accessor=_meaning)]
    panels: ClassVar = [FieldPanel("text"), FieldPanel("target"), HelpPanel(AT_ONCE)]

    def get_form_class(self, for_update: bool = False) -> type[AliasForm]:
        class Form(AliasForm):
            class Meta:
                model = Alias
                fields = ("text", "target")

        return Form


class WordsGroup(ModelViewSetGroup):
    """搜索用词 in the menu."""

    items = (SynonymViewSet, AliasViewSet)
    menu_label = _("搜索用词")
    menu_icon = "search"
    menu_name = "search-words"
    menu_order = 695


for _viewset in WordsGroup.items:
    register_permission_policy(_viewset.model, KeeperPolicy(_viewset.model))


@hooks.register("register_admin_viewset")
def words() -> WordsGroup:
    return WordsGroup()


@hooks.register(NAMES)
def saved_searches_are_called(space: Space, interests: Collection[int]) -> dict[int, str]:
    """As their person does, whose space this is."""
    rows = SavedSearch.objects.filter(user=space.owner_id, interest__in=interests)
    return dict(rows.values_list("interest", "name")) if space.owner_id is not None else {}
