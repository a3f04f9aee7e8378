"""The statement of a space: every line with its reason in plain words, its cause, and the tariff it was made by."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cms.library.queries import visible_ids
from cms.spaces.frame import framed, space_of
from workflows.points import queries
from workflows.points.lines import line_of

PER_PAGE = 30


@require_safe
@login_required
def statement(request: HttpRequest) -> HttpResponse:
    """Newest first, paged; links lead only where this person may go."""
    space = space_of(request)
    page = Paginator(queries.statement(space), PER_PAGE).get_page(request.GET.get("page"))
    entries = list(page.object_list)
    works = {entry.work_id for entry in entries if entry.work_id}
    visible = visible_ids(request.user, works)
    undone = queries.reversed_among(entries)
    lines: list[dict[str, Any]] = [
        line_of(entry, linked=entry.work_id in visible, undone=entry.pk in undone) for entry in entries
    ]
    month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    context = framed(
        space,
        "statement",
        page=page,
        lines=lines,
        balance=queries.balance(space),
        this_month=queries.earned_since(space, month),
    )
    return render(request, "points/statement.html", context)
