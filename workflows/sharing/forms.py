"""Forms of publishers and editors."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cms.library.enums import OPEN_LICENCES
from cms.library.models import Work
from cms.library.rules import as_q
from cms.organisations.models import Organisation
from cms.organisations.picking import OrganisationField
from cms.people.models import User
from cms.spaces.enums import Readers
from cms.spaces.forms import CurriculumForm
from cms.spaces.models import MOST_WORDS_SAID


class ScopeChoice(forms.ModelChoiceField):
    """An organisation with its tier."""

    def label_from_instance(self, obj: object) -> str:
        named = isinstance(obj, Organisation)
        return _("%(name)s（%(tier)s）") % {"name": obj.name, "tier": obj.get_tier_display()} if named else str(obj)


class ShareForm(forms.Form):
    """To whom; visitors only when the author's licence is open."""

    scope = ScopeChoice(Organisation.objects.none(), label=_("共享范围"), empty_label=None)
    openly = forms.BooleanField(
        required=False, label=_("也向未登录的访客开放"), help_text=_("任何人都能在网上看到这件作品。")
    )

    def __init__(self, *args: Any, scopes: "QuerySet[Organisation]", licence: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scope"]
        # A slice cannot be filtered by what was posted: the choices are its ids.
        ids = [row.pk for row in scopes]
        field.queryset = Organisation.objects.filter(pk__in=ids).order_by("depth", "path")  # type: ignore[attr-defined]
        if licence not in OPEN_LICENCES:
            self.fields["openly"].disabled = True
            self.fields["openly"].help_text = _("作者选择的许可不允许向访客开放。")


class ReasonForm(forms.Form):
    """Why a share is recalled."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("作者和审计记录里会看到。"),
    )


class RetireForm(forms.Form):
    """Why a work is taken down, and what takes its place: the address of another work, pasted."""

    reason = forms.CharField(
        label=_("下架原因"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会显示在作品原来的地址上，选用过它的人都会看到。"),
    )
    replacement = forms.CharField(
        label=_("由哪件作品代替"),
        required=False,
        max_length=300,
        help_text=_("把那件作品的网址粘贴到这里。没有就不填。"),
    )

    def __init__(self, *args: Any, by: User, retiring: Work, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.retiring = by, retiring

    def clean_replacement(self) -> Work | None:
        """The live work at that address, when this person may see it."""
        text = self.cleaned_data["replacement"].strip()
        if not text:
            return None
        uuid = re.split("[?#]", text)[0].rstrip("/").rsplit("/", 1)[-1]
        try:
            found = Work.objects.filter(as_q(self.by, "view"), uuid=forms.UUIDField().clean(uuid)).first()
        except forms.ValidationError:
            found = None
        if found is None:
            raise forms.ValidationError(_("没有找到这件作品，请打开它的页面，复制整个网址。"))
        if found.pk == self.retiring.pk:
            raise forms.ValidationError(_("不能用它自己代替，请换一件作品。"))
        return found


class RecommendForm(CurriculumForm):
    """To whom a work is pushed by hand, and in what words."""

    organisation = OrganisationField(
        Organisation.objects.none(), label=_("推荐给哪里的人"), help_text=_("包括它的全部下级机构。")
    )
    readers = forms.ChoiceField(choices=Readers.choices, initial=Readers.TEACHERS, label=_("推荐给谁"))
    words = forms.CharField(
        required=False,
        max_length=MOST_WORDS_SAID,
        label=_("推荐理由"),
        help_text=_("一句话，收件箱里会写在作品旁边。例如：本周教研推荐。"),
    )
    field_order = ("organisation", "readers", "stage", "grade", "subject", "words")

    def __init__(self, *args: Any, allowed: "QuerySet[Organisation]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = allowed  # type: ignore[attr-defined]
        for name in ("stage", "grade", "subject"):
            self.fields[name].help_text = _("不选表示不限。") if name == "stage" else ""
