"""Forms of the spaces' pages."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from cms.organisations.models import Organisation
from cms.organisations.picking import OrganisationField
from cms.spaces.enums import SpaceKind
from cms.spaces.models import MOST_INTRODUCED, Space
from cms.taxonomy.choosing import Groups, editions_by_stage, grades_by_stage, subjects_by_stage
from cms.taxonomy.models import Edition, Grade, Stage, Subject


class IntroductionForm(forms.Form):
    """What a space says of itself; how much it may say the action says."""

    introduction = forms.CharField(
        required=False, label=_("简介"), widget=forms.Textarea(attrs={"rows": 4, "maxlength": MOST_INTRODUCED})
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, space: Space) -> None:
        super().__init__(data, initial={"introduction": space.introduction})
        self.fields["introduction"].help_text = _seen_by(space)


def _seen_by(space: Space) -> Any:
    if space.is_private:
        return _("只有您本人看得到。")
    if space.kind == SpaceKind.PERSONAL:
        return _(
            "登录的老师、学生和家长在您的空间首页都看得到；您在“我的资料”里同意让同行找到以后，同行在检索里也看得到。"
        )
    return _("登录的老师、学生和家长在空间首页和检索里都看得到。")


class UnderStages(ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        yield "", self.field.empty_label
        yield from self.field.groups()


class ChoiceUnderStages(forms.ModelChoiceField):
    """One of these rows, which `groups` names under their stages."""

    iterator = UnderStages

    def __init__(self, *args: Any, groups: Callable[[], Groups], **kwargs: Any) -> None:
        self.groups = groups
        super().__init__(*args, required=False, empty_label=_("不限"), **kwargs)


class CurriculumForm(forms.Form):
    """Stage, subject and grade; empty means any. Whether they fit each other the action says."""

    stage = forms.ModelChoiceField(
        Stage.objects.filter(retired=False), required=False, label=_("学段"), empty_label=_("不限")
    )
    subject = ChoiceUnderStages(Subject.objects.filter(retired=False), groups=subjects_by_stage, label=_("学科"))
    grade = ChoiceUnderStages(Grade.objects.filter(retired=False), groups=grades_by_stage, label=_("年级"))


class InterestForm(CurriculumForm):
    """What a space is interested in; empty means any."""

    edition = ChoiceUnderStages(Edition.objects.filter(retired=False), groups=editions_by_stage, label=_("教材版本"))
    organisation = OrganisationField(
        Organisation.objects.filter(is_active=True),
        required=False,
        label=_("来自哪个机构"),
        help_text=_("这个机构和它的下级机构的作品。"),
    )

    def facets(self) -> dict[str, int | None]:
        """Ids as `add_interest` takes them."""
        chosen = self.cleaned_data
        return {f"{name}_id": chosen[name].pk if chosen[name] else None for name in self.fields}
