"""Forms of the pool."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from cms.organisations.enums import Tier
from cms.organisations.models import Organisation
from cms.organisations.queries import at_tier
from cms.people.enums import WORKBENCH_ROLES
from cms.people.models import Membership, User
from cms.people.queries import current, members_within
from cms.taxonomy.models import Stage, Subject
from workflows.experts.models import Expert

MOST_NAMESAKES = 10


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
        label=gettext_lazy("姓名或账号"),
        max_length=150,
        help_text=gettext_lazy("填姓名就可以；有人同名时会列出各人的单位和账号，再填账号。"),
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("专家库"), queryset=Organisation.objects.none(), empty_label=None
    )

    class Meta(ExpertForm.Meta):
        fields = ["title", "stages", "subjects", "available", "organisation"]

    field_order = ["account", "organisation", "title", "stages", "subjects", "available"]

    def __init__(self, *args: Any, pools: Iterable[Organisation] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pools = list(pools)
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=[pool.pk for pool in self.pools])

    def clean_account(self) -> User:
        """Whose account this is; else the one person of this name in the province, never one of several."""
        given = self.cleaned_data["account"].strip()
        user = User.objects.filter(username=given, is_active=True).first()
        if user is not None:
            return user
        roots = [at_tier(pool, Tier.PROVINCE) or pool for pool in self.pools]
        working = Membership.objects.filter(current(), role__in=WORKBENCH_ROLES)  # a pupil is never named here
        people = members_within(roots).filter(name=given, is_active=True, pk__in=working.values("user"))
        namesakes = list(people.order_by("pk")[:MOST_NAMESAKES])
        if not namesakes:
            raise forms.ValidationError(_("没有这个账号，本省也没有叫这个名字的人，请核对后重填。"))
        if len(namesakes) > 1:
            listed = _("；").join(_("%(places)s，账号 %(account)s") % each for each in map(_told, namesakes))
            raise forms.ValidationError(_("叫这个名字的不止一位：%s。请填账号。") % listed)
        return namesakes[0]


def _told(user: User) -> dict[str, str]:
    places = user.memberships.filter(current()).values_list("organisation__name", flat=True).distinct()
    return {"places": _("、").join(places), "account": user.username}
