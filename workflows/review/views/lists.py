"""Lists: what waits for me, what I sent, the history of a work."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cms.library import rules as library_rules
from cms.library.enums import WorkKind
from cms.library.models import Work
from cms.library.queries import newest_readable
from workflows.review import rules
from workflows.review.history import entries_of, lines_for
from workflows.review.queries import WAITING_FOR, own_submissions, reviews, worklist
from workflows.review.views.cards import card, desk_url, work_form

PER_PAGE = 20
LINES_PER_PAGE = 100  # of a history

DEEDS = {"decide": _("校级审核"), "end_trial": _("试用到期"), "review": _("专家评分"), "assign": _("指派专家")}
BUTTONS = {"decide": _("去审核"), "end_trial": _("结束试用"), "review": _("去评分"), "assign": _("指派专家")}


def page_of(request: HttpRequest, rows: Any, *, per_page: int = PER_PAGE) -> Any:
    """The page that was asked for; the nearest one when the number is not of this list."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


@require_safe
@login_required
def waiting(request: HttpRequest) -> HttpResponse:
    """Exactly what waits for this person, due first."""
    deed = request.GET.get("deed", "")
    kind = request.GET.get("kind", "")
    deed = deed if deed in WAITING_FOR else ""
    kind = kind if kind in WorkKind.values else ""
    page = page_of(request, worklist(request.user, deed=deed, kind=kind))
    rows = [
        {
            "card": {**card(submission, url=desk_url(submission)), "due": submission.wait_due},
            "deed": BUTTONS[submission.deed],
        }
        for submission in page
    ]
    context = {
        "tab": "waiting",
        "page": page,
        "rows": rows,
        "deed": deed,
        "kind": kind,
        "deeds": DEEDS.items(),
        "kinds": WorkKind.choices,
        "reviews": reviews(request.user),
        "filtered": bool(deed or kind),
    }
    return render(request, "review/worklist.html", context)


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """What this person wrote and sent, each with its path."""
    page = page_of(request, own_submissions(request.user).prefetch_related("work__coauthors"))
    rows = [
        {
            "submission": submission,
            "card": card(submission, url=desk_url(submission), with_path=True),
            "edit_url": work_form(submission.work) if rules.allows(request.user, "submit", submission) else "",
        }
        for submission in page
    ]
    return render(request, "review/mine.html", {"tab": "mine", "page": page, "rows": rows})


@require_safe
def history(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who did what, when, with which version; whoever only sees the work published reads its public part."""
    readable = Work.objects.filter(library_rules.as_q(request.user, "read"), uuid=uuid).first()
    work = readable or Work.objects.filter(library_rules.as_q(request.user, "view"), uuid=uuid).first()
    if work is None:
        raise Http404
    public_only = readable is None
    page = page_of(request, entries_of(work, public_only=public_only), per_page=LINES_PER_PAGE)
    lines = lines_for(work, request.user, public_only=public_only, entries=page)
    shown = work if work.live else newest_readable(request.user, work)
    return render(request, "review/history.html", {"work": shown, "lines": lines, "page": page})
