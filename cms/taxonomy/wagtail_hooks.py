"""The curriculum in the admin: whoever governs the province adds, renames, orders and retires rows. Nothing is deleted,
because a revision of a work may name any row for ever."""

from typing import Any, ClassVar

from django.urls import URLPattern, reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from cms.taxonomy.forms import ChapterForm, KnowledgePointForm
from cms.taxonomy.models import Chapter, Edition, Grade, KnowledgePoint, Library, Stage, Subject, Term, Textbook
from cms.taxonomy.viewsets.lists import TermIndexView
from cms.taxonomy.viewsets.trees import TreeCreateView, TreeEditView, TreeIndexView

ROUTES = frozenset({"index", "index_results", "add", "edit", "reorder"})
PERMISSION = "taxonomy.govern"  # answered by the people room, which this one does not know


def _retired(term: Term) -> str:
    return gettext("是") if term.retired else gettext("否")


RETIRED = Column("retired", label=_("停用"), accessor=_retired)


def _chapters_url(book: Textbook) -> str:
    return f"{reverse('terms-chapter:index')}?textbook={book.pk}"


CHAPTERS = TitleColumn("chapters", label=_("章节"), accessor=lambda book: gettext("章节目录"), get_url=_chapters_url)


class TermPolicy(BasePermissionPolicy):
    """Whoever governs the province adds and changes; nobody deletes."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ("add", "change", "view") and user.has_perm(PERMISSION)

    def users_with_any_permission(self, actions: Any) -> Any:
        """Nobody by a list: it follows from memberships."""
        from django.contrib.auth import get_user_model  # the user model stands above this room

        return get_user_model().objects.none()


class TermViewSet(ModelViewSet):
    """One table of the curriculum."""

    model: type[Term]
    index_view_class: Any = TermIndexView
    copy_view_enabled = False
    add_to_reference_index = False
    sort_order_field: str | None = "order"
    list_per_page = 50
    search_backend_name = None
    search_fields: ClassVar = ["name"]
    list_filter: ClassVar = ["retired"]
    list_display: ClassVar = ["name", RETIRED]

    @property
    def name(self) -> str:
        return f"terms-{self.model._meta.model_name}"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in ROUTES]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        dropped = {f"{name}_url_name": None for name in ("delete", "history", "usage")}
        return {**super().get_common_view_kwargs(**kwargs), **dropped}


class StageViewSet(TermViewSet):
    model = Stage
    icon = "list-ul"
    list_display = ["name", "sector", RETIRED]
    panels: ClassVar = [FieldPanel("name"), FieldPanel("code"), FieldPanel("sector"), FieldPanel("retired")]


class GradeViewSet(TermViewSet):
    model = Grade
    icon = "list-ol"
    list_display = ["name", "stage", RETIRED]
    list_filter = ["stage", "retired"]
    panels: ClassVar = [FieldPanel("stage"), FieldPanel("name"), FieldPanel("retired")]


class SubjectViewSet(TermViewSet):
    model = Subject
    icon = "tag"
    list_filter = ["stages", "retired"]
    panels: ClassVar = [FieldPanel("name"), FieldPanel("stages"), FieldPanel("retired")]


class EditionViewSet(TermViewSet):
    model = Edition
    icon = "openquote"
    list_display = ["name", "publisher", RETIRED]
    panels: ClassVar = [FieldPanel("name"), FieldPanel("publisher"), FieldPanel("retired")]


class TextbookViewSet(TermViewSet):
    model = Textbook
    icon = "doc-full"
    sort_order_field = None  # hundreds of books: the order is a number
    search_fields = ["title", "volume"]
    list_display = ["title", "volume", CHAPTERS, "stage", "subject", "edition", RETIRED]
    list_filter = ["stage", "subject", "edition", "retired"]
    panels: ClassVar = [
        FieldPanel("title"), FieldPanel("volume"), FieldPanel("stage"), FieldPanel("subject"), FieldPanel("grade"),
        FieldPanel("edition"), FieldPanel("order"), FieldPanel("retired"),
    ]  # fmt: skip


class ChapterViewSet(TermViewSet):
    model = Chapter
    icon = "list-ul"
    sort_order_field = None
    list_display = ["name", Column("textbook", label=_("教材")), "level", RETIRED]
    search_fields = ["name", "textbook__title"]
    ordering: ClassVar = ["textbook__order", "textbook_id", "order", "id"]
    index_view_class = TreeIndexView
    add_view_class = TreeCreateView
    edit_view_class = TreeEditView
    edit_handler = ObjectList(
        [
            FieldPanel("textbook"), FieldPanel("parent"), FieldPanel("name"), FieldPanel("order"),
            FieldPanel("retired"),
        ],
        base_form_class=ChapterForm,
    )  # fmt: skip


class KnowledgePointViewSet(TermViewSet):
    model = KnowledgePoint
    icon = "list-ul"
    sort_order_field = None
    list_display = [
        "name", "key", Column("subject", label=_("学科")), Column("stage", label=_("学段")), "level", RETIRED,
    ]  # fmt: skip
    list_filter = ["subject", "stage", "retired"]
    search_fields = ["name", "key"]
    ordering: ClassVar = ["order", "id"]
    index_view_class = TreeIndexView
    add_view_class = TreeCreateView
    edit_view_class = TreeEditView
    edit_handler = ObjectList(
        [
            FieldPanel("parent"), FieldPanel("subject"), FieldPanel("stage"), FieldPanel("key"), FieldPanel("name"),
            FieldPanel("order"), FieldPanel("retired"),
        ],
        base_form_class=KnowledgePointForm,
    )  # fmt: skip


class LibraryViewSet(TermViewSet):
    model = Library
    icon = "folder-open-inverse"
    panels: ClassVar = [FieldPanel("name"), FieldPanel("code"), FieldPanel("retired")]


class TermGroup(ModelViewSetGroup):
    """分类 in the menu."""

    items = (
        StageViewSet, GradeViewSet, SubjectViewSet, EditionViewSet, TextbookViewSet, ChapterViewSet,
        KnowledgePointViewSet, LibraryViewSet,
    )  # fmt: skip
    menu_label = pgettext_lazy("several", "分类")
    menu_icon = "list-ul"
    menu_name = "terms"
    menu_order = 690


for _viewset in TermGroup.items:
    register_permission_policy(_viewset.model, TermPolicy(_viewset.model))


@hooks.register("register_admin_viewset")
def terms() -> TermGroup:
    return TermGroup()
