"""评审办法 and 评分标准 in the settings menu."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from cms.library.enums import WorkKind
from cms.organisations.enums import Tier
from workflows.review.models import Criterion, Policy, Rubric
from workflows.review.viewsets.versions import VersionCreateView, VersionViewSet

DECIDING_TIERS = (Tier.COUNTY, Tier.CITY, Tier.PROVINCE)
"""Tiers that have research offices."""

MADE_BY = Column("created_by", label=gettext_lazy("制定人"), accessor="created_by.name")

_SAVED = gettext_lazy("保存后成为这类作品的新版本，只管生效以后提交的作品；已经在评审中的作品仍按原来那一版。")
_SAVED_RUBRIC = gettext_lazy("保存后成为这类作品的新版本，只管生效以后提交的作品。各项满分合计后换算成百分制。")


class PolicyForm(WagtailAdminModelForm):
    """Figures that fit together, each with a sentence when it does not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tier"].choices = [(tier.value, tier.label) for tier in DECIDING_TIERS]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        experts, quorum = data.get("experts"), data.get("quorum")
        if experts and quorum and quorum > experts:
            self.add_error("quorum", ValidationError(_("最少评审人数不能多于指派人数（%d 位）。") % experts))
        return data


def help_panel(text: Any) -> HelpPanel:
    """What saving means, and links that begin from the newest version of each kind."""
    links = " ".join(f'<a href="?kind={kind.value}">{{}}</a>' for kind in WorkKind)
    begin = format_lazy("{}" + links, gettext_lazy("以现行版为底稿："), *(kind.label for kind in WorkKind))
    return HelpPanel(content=format_lazy("<p>{}</p><p>{}</p>", text, begin))


class PolicyViewSet(VersionViewSet):
    model = Policy
    name = "review_policies"
    icon = "clipboard-list"
    menu_label = gettext_lazy("评审办法")
    menu_order = 300
    list_display: ClassVar = [
        "__str__",
        "in_force_from",
        Column("tier", label=gettext_lazy("评审层级"), accessor="get_tier_display"),
        "trial_days",
        "experts",
        "quorum",
        "pass_mark",
        MADE_BY,
    ]
    edit_handler = ObjectList(
        [
            help_panel(_SAVED),
            FieldPanel("kind"),
            FieldPanel("in_force_from"),
            FieldRowPanel([FieldPanel("trial_days"), FieldPanel("school_days"), FieldPanel("expert_days")]),
            MultiFieldPanel(
                [
                    FieldPanel("tier"),
                    FieldRowPanel([FieldPanel("experts"), FieldPanel("quorum"), FieldPanel("pass_mark")]),
                ],
                heading=gettext_lazy("专家评审"),
            ),
            FieldPanel("note"),
        ],
        base_form_class=PolicyForm,
    )


class RubricCreateView(VersionCreateView):
    """The next rubric, with the criteria of the newest one."""

    def begin(self, newest: Rubric) -> Rubric:
        copied: Rubric = super().begin(newest)
        copied.criteria = [
            Criterion(
                key=criterion.key,
                title=criterion.title,
                description=criterion.description,
                max_points=criterion.max_points,
                order=criterion.order,
            )
            for criterion in newest.criteria.all()
        ]
        return copied


class RubricViewSet(VersionViewSet):
    model = Rubric
    name = "review_rubrics"
    icon = "tasks"
    menu_label = gettext_lazy("评分标准")
    menu_order = 310
    add_view_class = RubricCreateView
    list_display: ClassVar = ["__str__", "in_force_from", MADE_BY]
    panels: ClassVar = [
        help_panel(_SAVED_RUBRIC),
        FieldPanel("kind"),
        FieldPanel("title"),
        FieldPanel("in_force_from"),
        InlinePanel(
            "criteria",
            [FieldPanel("title"), FieldPanel("max_points"), FieldPanel("description")],
            heading=gettext_lazy("评分指标"),
            label=gettext_lazy("指标"),
            min_num=1,
        ),
    ]
