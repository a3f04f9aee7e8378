"""Forms of the spaces' pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.organisations.models import Organisation
from cms.organisations.picking import OrganisationField
from cms.taxonomy.models import Edition, Grade, Stage, Subject


class GradeChoice(forms.ModelChoiceField):
    """Grades named with their stage: 小学 and 初中 both have a 六年级 somewhere."""

    def label_from_instance(self, obj: object) -> str:
        return f"{obj.stage.name} · {obj.name}" if isinstance(obj, Grade) else str(obj)


class CurriculumForm(forms.Form):
    """Stage, subject and grade; empty means any. Whether they fit each other the action says."""

    stage = forms.ModelChoiceField(
        Stage.objects.filter(retired=False), required=False, label=_("学段"), empty_label=_("不限")
    )
    subject = forms.ModelChoiceField(
        Subject.objects.filter(retired=False), required=False, label=_("学科"), empty_label=_("不限")
    )
    grade = GradeChoice(
        Grade.objects.filter(retired=False).select_related("stage"),
        required=False,
        label=_("年级"),
        empty_label=_("不限"),
    )


class InterestForm(CurriculumForm):
    """What a space is interested in; empty means any."""

    edition = forms.ModelChoiceField(
        Edition.objects.filter(retired=False), required=False, label=_("教材版本"), empty_label=_("不限")
    )
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
