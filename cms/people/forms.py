"""Forms of the room."""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.organisations.models import Organisation
from cms.organisations.queries import within
from cms.people import rules
from cms.people.enums import Role
from cms.people.guesses import counted_guess
from cms.people.models import TeachingProfile, User
from cms.people.roster.reading import MAX_BYTES, Sheet, UnreadableRoster, read
from cms.taxonomy.models import Edition, Grade, Stage, Subject

UNSAID = _("不填")
MOST_PLACES = 200  # organisations offered by name; the rest by their code in the file


class RosterForm(forms.Form):
    """A file, and the organisation that is meant where a row names none."""

    organisation = forms.ModelChoiceField(
        label=_("导入到哪个机构"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        help_text=_("名册里“机构代码”为空的人员属于这个机构。"),
    )
    file = forms.FileField(
        label=_("名册文件"),
        help_text=_(".xlsx，或 UTF-8、GBK 编码的 .csv；最多 5,000 人，5 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={
            "required": _("请选择名册文件。"),
            "empty": _("文件是空的，请选择填好的名册。"),
            "missing": _("没有收到文件，请重新选择。"),
            "invalid": _("没有收到文件，请重新选择。"),
        },
    )
    sheet: Sheet

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roots = rules.administered(user)
        field = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
        places = Organisation.objects.filter(within(roots), is_active=True).order_by("path")
        field.queryset = places.filter(pk__in=list(places.values_list("pk", flat=True)[:MOST_PLACES]))
        field.initial = roots[0].pk if roots else None

    def clean_file(self) -> Any:
        uploaded = self.cleaned_data["file"]
        try:
            self.sheet = read(uploaded.read(MAX_BYTES + 1))  # never more into memory than is needed to refuse it
        except UnreadableRoster as error:
            raise forms.ValidationError(str(error)) from error
        return uploaded


class PeopleFilter(forms.Form):
    """What the list of people is narrowed to."""

    q = forms.CharField(label=_("姓名或登录名"), required=False, max_length=50)
    role = forms.ChoiceField(label=_("角色"), required=False, choices=[("", _("全部角色")), *Role.choices])
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("在用")), ("inactive", _("已停用")), ("all", _("全部"))]
    )


class TeachingProfileForm(forms.ModelForm):
    """What I teach."""

    stage = forms.ModelChoiceField(label=_("学段"), queryset=Stage.objects.all(), required=False, empty_label=UNSAID)
    subject = forms.ModelChoiceField(
        label=_("学科"), queryset=Subject.objects.all(), required=False, empty_label=UNSAID
    )
    edition = forms.ModelChoiceField(
        label=_("教材版本"), queryset=Edition.objects.all(), required=False, empty_label=UNSAID
    )
    grades = forms.ModelMultipleChoiceField(
        label=_("年级"),
        queryset=Grade.objects.select_related("stage"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = TeachingProfile
        fields = ["stage", "subject", "edition", "grades"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:  # what was retired since goes on being offered to who has it
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            chosen = self.initial.get(name)
            held = [row.pk for row in chosen] if isinstance(chosen, list) else filter(None, [chosen])
            if field.queryset is not None:
                field.queryset = field.queryset.filter(Q(retired=False) | Q(pk__in=list(held)))
        grades = cast("forms.ModelMultipleChoiceField[Grade]", self.fields["grades"])
        grades.label_from_instance = lambda grade: f"{grade.stage} · {grade.name}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        stage, subject = data.get("stage"), data.get("subject")
        if stage and subject and not subject.stages.filter(pk=stage.pk).exists():
            self.add_error("subject", gettext("%(stage)s没有这个学科，请重新选择。") % {"stage": stage})
        if stage and any(grade.stage_id != stage.pk for grade in data.get("grades") or ()):
            self.add_error("grades", gettext("请只选%(stage)s的年级。") % {"stage": stage})
        return data


class TokenForm(forms.Form):
    """A new token: what for, and how long."""

    name = forms.CharField(label=_("用途"), max_length=100, help_text=_("写清给哪个系统用，例如“教务系统同步”。"))
    days = forms.TypedChoiceField(
        label=_("有效期"),
        coerce=int,
        choices=[(30, _("30 天")), (90, _("90 天")), (365, _("一年"))],
        initial=90,
    )
    password = forms.CharField(
        label=_("现在的密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("令牌能替您做所有的事，请再输一次密码，确认是您本人。"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        with counted_guess(self._user):
            if not self._user.check_password(password):
                raise forms.ValidationError(_("密码不对，请重新输入。"))
        return password
