"""Forms of the pool."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from cms.organisations.models import Organisation
from cms.people.models import User
from cms.taxonomy.models import Stage, Subject
from workflows.experts.models import Expert


class ExpertForm(WagtailAdminModelForm):
    """What a person may be asked for."""

    stages = forms.ModelMultipleChoiceField(
        label=gettext_lazy("学段"),
        queryset=Stage.objects.filter(retired=False),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选表示各学段都可以。"),
    )
    subjects = forms.ModelMultipleChoiceField(
        label=gettext_lazy("学科"),
        queryset=Subject.objects.filter(retired=False),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选表示各学科都可以。"),
    )

    class Meta:
        model = Expert
        fields = ["title", "stages", "subjects", "available"]


class NewExpertForm(ExpertForm):
    """Who, and in which pool of those that this person keeps."""

    account = forms.CharField(
        label=gettext_lazy("账号"), max_length=150, help_text=gettext_lazy("填专家登录用的账号，不是姓名。")
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("专家库"), queryset=Organisation.objects.none(), empty_label=None
    )

    class Meta(ExpertForm.Meta):
        fields = ["title", "stages", "subjects", "available", "organisation"]

    field_order = ["account", "organisation", "title", "stages", "subjects", "available"]

    def __init__(self, *args: Any, pools: Iterable[Organisation] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=[pool.pk for pool in pools])

    def clean_account(self) -> User:
        user = User.objects.filter(username=self.cleaned_data["account"].strip(), is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("没有这个账号，请核对后重填。"))
        return user
