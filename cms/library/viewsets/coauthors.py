"""合作者 of a work: who writes it together with its owner, added by user name within the province."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cms.library import rules
from cms.library.actions.authoring import add_coauthor, remove_coauthor
from cms.library.errors import WorkLocked
from cms.library.models import KINDS, Work
from cms.library.viewsets.addresses import list_of, page_of
from cms.organisations.enums import Tier
from cms.organisations.queries import at_tier
from cms.people.models import User
from cms.people.queries import members_within
from cms.people.requests import person_of

LOCKED = gettext_lazy("作品正在评审，暂时不能增减合作者。作者可以先撤回。")


class CoauthorForm(forms.Form):
    """One colleague, by user name. Unknown names and other provinces get the same answer."""

    username = forms.CharField(label=gettext_lazy("用户名"), max_length=150)

    def __init__(self, *args: Any, work: Work, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.work = work

    def clean_username(self) -> User:
        name = self.cleaned_data["username"].strip()
        province = at_tier(self.work.organisation, Tier.PROVINCE)
        found = members_within([province]).filter(username=name, is_active=True).first() if province else None
        if found is None or not rules.may_create(found):
            raise forms.ValidationError(_("本省没有用户名为“%s”的教师，请核对后再填。") % name)
        if found.pk == self.work.owner_id:
            raise forms.ValidationError(_("这是作者本人，不需要添加。"))
        return found


@require_http_methods(["GET", "POST"])
def coauthors(request: HttpRequest, pk: int) -> HttpResponse:
    """See, add, remove. The owner does all of it; a co-author may step back."""
    work = Work.objects.filter(pk=pk).select_related("owner", "organisation").first()
    if work is None or not rules.allows(request.user, "change", work):
        raise Http404
    by = person_of(request)
    form = CoauthorForm(request.POST if "username" in request.POST else None, work=work)
    if request.method == "POST":
        try:
            if _removed(work, request.POST.get("remove", ""), by=by):
                return redirect(_after(work, by))
            if form.is_valid():
                add_coauthor(work, form.cleaned_data["username"], by=by)
                messages.success(request, _("已添加合作者 %s。") % form.cleaned_data["username"])
                return redirect("work_coauthors", pk=work.pk)
        except PermissionDenied as error:
            raise Http404 from error
        except WorkLocked:
            messages.error(request, LOCKED)
            return redirect("work_coauthors", pk=work.pk)
    context = {
        "work": work,
        "form": form,
        "is_owner": work.owner_id == by.pk,
        "locked": LOCKED if work.locked else "",
        "coauthors": work.coauthors.select_related("user").order_by("added_at", "pk"),
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("首页")},
            {"url": list_of(KINDS[work.kind]), "label": work.get_kind_display()},
            {"url": page_of(work, "edit"), "label": str(work)},
            {"url": "", "label": _("合作者")},
        ],
    }
    return render(request, "library/admin/coauthors.html", context)


def _removed(work: Work, sent: str, *, by: User) -> bool:
    """Whether somebody was taken off the list."""
    person = User.objects.filter(pk__in=work.coauthors.values("user"), uuid=_uuid(sent)).first() if sent else None
    if person is None:
        return False
    remove_coauthor(work, person, by=by)
    return True


def _uuid(text: str) -> Any:
    try:
        return forms.UUIDField().clean(text)
    except forms.ValidationError:
        return None


def _after(work: Work, by: User) -> str:
    """Whoever stepped back can no longer open the page."""
    if rules.allows(by, "change", Work.objects.get(pk=work.pk)):
        return reverse("work_coauthors", args=(work.pk,))
    return reverse("wagtailadmin_home")
