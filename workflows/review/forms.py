"""Forms of the desk. What was typed stays when something is refused."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows.experts.models import Expert
from workflows.review.enums import Verdict
from workflows.review.models import Criterion
from workflows.review.models.trial import RATINGS

LONGEST = 5000  # characters of a comment


def comment_field(*, required: bool = False, label: Any = None, most: int = LONGEST) -> forms.CharField:
    return forms.CharField(
        label=label or gettext_lazy("意见"),
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("请写明意见，作者才知道怎样修改。")},
    )


class CommentedForm(forms.Form):
    """A verdict with a comment, which only a yes can do without."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("结论"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择结论。"), "invalid_choice": gettext_lazy("请选择结论。")},
    )
    comment = comment_field()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unsaid = "comment" not in self.errors and not data.get("comment", "").strip()
        if unsaid and data.get("verdict") in (Verdict.REQUEST_CHANGES, Verdict.REJECT):
            self.add_error("comment", _("请写明意见，作者才知道怎样修改。"))
        return data


class SchoolForm(CommentedForm):
    """The school's decision."""

    prefix = "school"

    def __init__(self, *args: Any, trial_days: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passed = _("通过，先在校内试用 %d 天") % trial_days if trial_days else _("通过，送专家评审")
        self.fields["verdict"].choices = [  # type: ignore[attr-defined]
            (Verdict.APPROVE, passed),
            (Verdict.REQUEST_CHANGES, _("退回作者修改")),
            (Verdict.REJECT, _("不通过，结束这次送审")),
        ]


class TrialEndForm(CommentedForm):
    """How the trial ends. Before its last day it can only end with a return."""

    prefix = "trial"

    def __init__(self, *args: Any, is_over: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(Verdict.REQUEST_CHANGES, _("退回作者修改"))]
        if is_over:
            choices.insert(0, (Verdict.APPROVE, _("试用结束，送专家评审")))
        self.fields["verdict"].choices = choices  # type: ignore[attr-defined]


class ScoreForm(CommentedForm):
    """One expert's review: points for each criterion of the rubric, verdict, comment."""

    prefix = "score"

    def __init__(self, *args: Any, criteria: Iterable[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        self.fields["verdict"].choices = list(Verdict.choices)  # type: ignore[attr-defined]
        for criterion in self.criteria:
            wrong = _("“%(criterion)s”请填 0 到 %(most)d 之间的整数。") % {
                "criterion": criterion.title,
                "most": criterion.max_points,
            }
            self.fields[f"points-{criterion.key}"] = forms.IntegerField(
                label=_("%(criterion)s（满分 %(most)d）")
                % {"criterion": criterion.title, "most": criterion.max_points},
                help_text=criterion.description,
                min_value=0,
                max_value=criterion.max_points,
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "points"}),
            )
        self.order_fields([*(f"points-{criterion.key}" for criterion in self.criteria), "verdict", "comment"])

    @property
    def typed(self) -> dict[str, str]:
        """What was sent for each field, unchecked: for the draft."""
        return {name: str(self.data.get(self.add_prefix(name), "")) for name in self.fields}

    @property
    def points_fields(self) -> list[Any]:
        return [self[f"points-{criterion.key}"] for criterion in self.criteria]

    @property
    def scores(self) -> dict[str, int]:
        """criterion key -> points, of a valid form."""
        return {criterion.key: self.cleaned_data[f"points-{criterion.key}"] for criterion in self.criteria}


class PanelForm(forms.Form):
    """Whom the manager asks. The template draws the choices: a name alone says too little."""

    experts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("评审专家"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("请选择评审专家。"),
            "invalid_choice": gettext_lazy("名单里有人已不能评审这件作品，请重新选择。"),
        },
    )

    def __init__(
        self, *args: Any, candidates: Iterable[Expert], standing: Iterable[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = dict(standing) | {expert.user_id: expert.user.name for expert in candidates}
        self.fields["experts"].choices = list(choices.items())  # type: ignore[attr-defined]


class ReturnForm(forms.Form):
    """A manager returns it to the author."""

    prefix = "return"
    comment = comment_field(required=True, label=gettext_lazy("退回意见"))


class WithdrawForm(forms.Form):
    prefix = "withdraw"
    comment = comment_field(label=gettext_lazy("撤回说明"), most=300)


_points = lazy(lambda number: _("%d 分") % number, str)


class NoteForm(forms.Form):
    """What the trial was like."""

    rating = forms.TypedChoiceField(
        label=gettext_lazy("好用吗"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[(n, _points(n)) for n in reversed(RATINGS)],
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("请选择 1 到 5 分。")),
    )
    comment = comment_field(label=gettext_lazy("哪里好，哪里要改"), most=1000)
