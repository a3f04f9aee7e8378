"""The inbox of a space on the site: what came, what was shown, what is pushed no longer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.library.cards import cards_of
from cms.library.models import Work
from cms.library.paging import Counted
from cms.library.queries import get_visible, visible_to
from cms.people.requests import person_of
from cms.spaces import actions, queries
from cms.spaces.frame import address, back_to, framed, moment_of, space_of, uuid_of
from cms.spaces.inbox import MOST_PAGED, InboxItem, delivered_number, inbox_item, inbox_page
from cms.spaces.learners import Learning, learners_number, learners_page, learning_of
from cms.spaces.models import Space
from cms.spaces.unseen import is_unseen, new_since, said, unseen_count
from cms.spaces.visits import end_visit, keep_visit, visit_of

PER_PAGE = 20


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What was pushed to the space, newest first, each with its reason and what can be done with it: what meets its
    interests and follows, of somebody who learns also what is for the grade; with `?all=1` also what the own tier and
    those above push to everybody (S42), with `?hidden=1` what is pushed no longer. A space that has chosen nothing
    begins with all of it, so that nobody's inbox is empty for want of a choice."""
    now = timezone.now()  # what comes while the page is made was not shown
    person, space = person_of(request), space_of(request)
    if "hidden" in request.GET:
        return _hidden(request, space)
    asked, learning = request.GET.get("all"), learning_of(space, person)
    everything = asked == "1" or (asked is None and not learning and not queries.has_chosen(space))
    if learning and not everything:
        page, items = _for_learning(request, space, learning)
    else:
        page = Counted(delivered_number(space, person, tiers=everything), PER_PAGE).get_page(request.GET.get("page"))
        offset = (page.number - 1) * PER_PAGE
        items = inbox_page(space, person, offset=offset, limit=PER_PAGE, tiers=everything)
    in_order = everything or not learning
    context = framed(
        space,
        "inbox",
        view="all" if everything else "fits",
        learning=learning,
        page=page,
        items=_rows(items, space, request),
        most=MOST_PAGED,
        new=said(unseen_count(space, person)),
        shown=_shown(items, page, new_since(space), in_order=in_order),
        now=now,
        here=request.get_full_path(),
    )
    return render(request, "spaces/inbox.html", context)


def _for_learning(request: HttpRequest, space: Space, learning: Learning) -> tuple[Page[Any], list[InboxItem]]:
    person = person_of(request)
    works = learning.works(space, person)
    courses, number = learners_number(space, person, works)
    page = Counted(number, PER_PAGE).get_page(request.GET.get("page"))
    offset = (page.number - 1) * PER_PAGE
    return page, learners_page(space, person, works, courses=courses, offset=offset, limit=PER_PAGE)


def _hidden(request: HttpRequest, space: Space) -> HttpResponse:
    """What is pushed no longer, the last hidden first, to be put back."""
    page = Paginator(queries.hidden(space, person_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    works = [mark.work for mark in page.object_list]
    rows = [{"card": card, "work": work} for card, work in zip(cards_of(works, request), works, strict=True)]
    context = framed(space, "inbox", view="hidden", page=page, rows=rows)
    context.update(learning=learning_of(space, person_of(request)), here=request.get_full_path())
    return render(request, "spaces/inbox.html", context)


def _rows(items: list[InboxItem], space: Space, request: HttpRequest) -> list[dict[str, Any]]:
    """Cards of the inbox, with the reason in words and whether the work stands on the shelf."""
    works = [item.work for item in items]
    shelved = set(queries.shelf(space).filter(work__in=works).order_by().values_list("work", flat=True))
    rows, visit = [], visit_of(request, space)
    for card, item in zip(cards_of(works, request), items, strict=True):
        card.update(why=item.why, at=item.at)
        rows.append({"card": card, "work": item.work, "is_new": visit.flags(item), "shelved": item.work.pk in shelved})
    return rows


def _shown(items: list[InboxItem], page: Page[Any], since: datetime, *, in_order: bool) -> dict[str, Any]:
    """What a page tells `seen`: the works on it that were not shown before; or, where the first page has all of those,
    the moment `until` which all were. So that the next pages stay new until somebody turns to them, and a space notes a
    moment as a rule and not a row for each work.

    in_order   the newest stands first
    """
    unseen = [item for item in items if is_unseen(item, since)]
    if unseen and page.number == 1 and (not page.has_next() or (in_order and items[-1].at <= since)):
        return {"until": max(item.at for item in unseen)}
    return {"works": [item.work.uuid for item in unseen]}


@require_POST
@login_required
def seen(request: HttpRequest) -> HttpResponse:
    """What a page showed is no longer new: the `work`s, or all that came `until` a moment; flags stay while the person
    is there. For who asks for nothing of these, or for `all`, nothing that came until then or now is flagged."""
    person, space = person_of(request), space_of(request)
    works, until = request.POST.getlist("work")[:PER_PAGE], moment_of(request.POST.get("until"))
    if "all" in request.POST or not (works or until):
        end_visit(request)
        actions.mark_inbox_seen(space, by=person, until=until)
        messages.success(request, _("收件箱里的作品都标为看过了。"))
        return redirect(back_to(request, address("inbox", space)))
    keep_visit(request, space)
    if works:
        shown = visible_to(person).filter(uuid__in=[uuid_of(work) for work in works])
        actions.mark_seen(space, shown.values_list("pk", flat=True), by=person)
    if until:
        actions.mark_inbox_seen(space, by=person, until=until)
    return _done(request, address("inbox", space))


@require_POST
@login_required
def opened(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Note that the work was opened, and go there."""
    space, work = space_of(request), get_visible(request.user, uuid)
    actions.mark_opened(space, work, by=person_of(request))
    return _done(request, work.get_absolute_url())


@require_POST
@login_required
def hide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The work leaves the inbox; `undo` brings it back. htmx gets what stands in its place: a line that offers to put
    it back, and then the card again. Back to `next`."""
    person, space = person_of(request), space_of(request)
    work = get_object_or_404(Work.objects.only("uuid", "title", "kind"), uuid=uuid, pk__in=visible_to(person))
    hidden, here = "undo" not in request.POST, back_to(request, address("inbox", space))
    actions.set_hidden(space, work, by=person, hidden=hidden)
    if request.headers.get("HX-Request"):
        item = None if hidden else inbox_item(space, person, work)
        row = _rows([item], space, request)[0] if item else None
        context = framed(space, "inbox", work=work, hidden=hidden, row=row, here=here, back=True)
        return render(request, "spaces/_hidden.html", context)
    messages.success(request, _what_became_of(work, space, hidden=hidden))
    return redirect(here)


def _what_became_of(work: Work, space: Space, *, hidden: bool) -> str:
    if not hidden:
        return _("《%(title)s》又在收件箱里了。") % {"title": work.title_inside}
    url = address("inbox", space)
    url += f"{'&' if '?' in url else '?'}hidden=1"
    done = _("《%(title)s》不再推送到收件箱。") % {"title": work.title_inside}
    return format_html('{} <a href="{}">{}</a>', done, url, _("放回来"))


def _done(request: HttpRequest, url: str) -> HttpResponse:
    """Nothing for scripts, the next page for browsers."""
    if request.headers.get("HX-Request") or "quiet" in request.POST:
        return HttpResponse(status=204)
    return redirect(url)
