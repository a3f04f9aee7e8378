"""Upload a roster, see what is wrong, confirm. Nothing is written before the confirmation; first passwords that did not
arrive are made anew from the same page."""

import base64
import csv
import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.people.errors import PeopleError
from cms.people.forms import RosterForm
from cms.people.models import RosterDraft
from cms.people.requests import person_of
from cms.people.roster import drafts
from cms.people.roster.applying import import_roster
from cms.people.roster.checking import check, in_order
from cms.people.roster.first import FirstPassword, renew, waiting
from cms.people.roster.planned import Outcome
from cms.people.roster.template import XLSX, template
from cms.people.wording import sentence
from cms.people.workbench.access import administrators_only

PER_PAGE = 50
SHOWN_PASSWORDS = 100


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose the file; on to the dry run."""
    user = person_of(request)
    form = RosterForm(user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        draft = drafts.keep(
            form.sheet,
            user=user,
            organisation=form.cleaned_data["organisation"],
            file_name=form.cleaned_data["file"].name,
        )
        return redirect("people_admin:roster_check", draft.uuid)
    status = 422 if request.method == "POST" else 200
    return render(request, "people/workbench/roster_upload.html", {"form": form}, status=status)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def dry_run(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is wrong and what would change (GET); write it (POST)."""
    draft = drafts.fetch(uuid, user=person_of(request))
    if request.method == "POST":
        return _confirm(request, draft)
    sheet = drafts.sheet_of(draft)
    plan = check(sheet, by=person_of(request), organisation=draft.organisation)
    counts = {outcome: plan.count(outcome) for outcome in Outcome}
    asked = request.GET.get("show", "")
    shown = Outcome(asked) if asked in set(Outcome) else next((o for o in _ORDER if counts[o]), Outcome.UNCHANGED)
    page = Paginator(plan.of(shown), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "draft": draft,
        "ignored": sheet.ignored,
        "tabs": [(outcome, label, counts[outcome]) for outcome, label in _labels()],
        "shown": shown,
        "page": page,
        "rows": [{"planned": planned, "problems": in_order(planned.problems)} for planned in page.object_list],
        "wrong": counts[Outcome.WRONG],
        "writable": counts[Outcome.NEW] + counts[Outcome.CHANGED],
        "waiting": waiting(plan, by=person_of(request)).count(),
    }
    return render(request, "people/workbench/roster_check.html", context)


_ORDER = (Outcome.WRONG, Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED)


def _labels() -> list[tuple[Outcome, str]]:
    return [
        (Outcome.WRONG, _("有问题")),
        (Outcome.NEW, _("新增")),
        (Outcome.CHANGED, _("更新")),
        (Outcome.UNCHANGED, _("不变")),
    ]


def _confirm(request: HttpRequest, draft: RosterDraft) -> HttpResponse:
    try:
        done = import_roster(
            drafts.sheet_of(draft),
            by=person_of(request),
            organisation=draft.organisation,
            only_clean=request.POST.get("only_clean") == "1",
        )
    except PeopleError as error:
        messages.error(request, sentence(error))
        return redirect("people_admin:roster_check", draft.uuid)
    except PermissionDenied as error:
        raise Http404 from error
    context = {"draft": draft, "done": done, **_shown_once(done.passwords)}
    return render(request, "people/workbench/roster_done.html", context)


@administrators_only
@require_POST
def renew_passwords(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """New first passwords for those of the file who have never signed in."""
    draft = drafts.fetch(uuid, user=person_of(request))
    try:
        given = renew(drafts.sheet_of(draft), by=person_of(request), organisation=draft.organisation)
    except PermissionDenied as error:
        raise Http404 from error
    if not given:
        messages.info(request, _("名册里的人都已经登录过，没有需要重新生成的初始密码。"))
        return redirect("people_admin:roster_check", draft.uuid)
    return render(request, "people/workbench/roster_passwords.html", {"draft": draft, **_shown_once(given)})


def _shown_once(given: list[FirstPassword]) -> dict[str, Any]:
    """The first passwords exist in this answer only."""
    return {
        "given": len(given),
        "shown": given[:SHOWN_PASSWORDS],
        "more": max(0, len(given) - SHOWN_PASSWORDS),
        "list_address": _as_download(given),
    }


def _as_download(given: list[FirstPassword]) -> str:
    """The list as a CSV for Excel, inside the page itself: there is no address from which it could be fetched again."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("姓名"), _("登录名"), _("初始密码")])
    # A login may begin with a sign that Excel takes for a formula.
    writer.writerows(
        [one.name, f"'{one.login}" if one.login[0] in "=+-@" else one.login, one.password] for one in given
    )
    packed = base64.b64encode(text.getvalue().encode("utf-8-sig")).decode()
    return f"data:text/csv;charset=utf-8;base64,{packed}"


@administrators_only
@require_safe
def download_template(request: HttpRequest) -> HttpResponse:
    """The empty roster."""
    headers = {"Content-Disposition": "attachment; filename*=UTF-8''%E5%90%8D%E5%86%8C%E6%A8%A1%E6%9D%BF.xlsx"}
    return HttpResponse(template(), content_type=XLSX, headers=headers)
