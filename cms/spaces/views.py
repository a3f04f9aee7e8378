"""Spaces on the site: the own one with inbox, shelf and interests, and the front page of any."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.library.cards import cards_of
from cms.library.models import Work
from cms.library.paging import Counted
from cms.library.queries import get_visible, visible_to
from cms.people.models import User
from cms.spaces import actions, queries, rules
from cms.spaces.errors import SpaceError
from cms.spaces.forms import IntroductionForm
from cms.spaces.frame import address, framed, person_of, space_of, uuid_of
from cms.spaces.inbox import MOST_PAGED, InboxItem, delivered_number, inbox_page
from cms.spaces.models import Space
from cms.spaces.unseen import new_since, said, unseen_count
from cms.spaces.wording import sentence

PER_PAGE = 20
SHOWN = 6
FOLLOWS_PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The space at a glance: what is new, what stands on the shelf, what it is interested in, whom it follows; and what
    it says of itself, which is written here."""
    person, space = person_of(request), space_of(request)
    form = IntroductionForm(request.POST if request.method == "POST" else None, space=space)
    if form.is_valid():
        try:
            actions.introduce(space, form.cleaned_data["introduction"], by=person)
        except SpaceError as error:
            form.add_error("introduction", sentence(error))
        else:
            messages.success(request, _("简介已保存。"))
            return redirect(address("mine", space))
    shelf = list(queries.shelf(space).filter(work__in=visible_to(person))[:SHOWN])
    context = framed(
        space,
        "mine",
        form=form,
        new_here=said(unseen_count(space, person)),
        shelf=cards_of([item.work for item in shelf], request),
        interests=queries.chosen_interests(space),
        following=Paginator(queries.following(space), FOLLOWS_PER_PAGE).get_page(request.GET.get("page")),
        others=[other for other in queries.tended(person) if other.pk != space.pk],
    )
    return render(request, "spaces/mine.html", context, status=400 if form.errors else 200)


@require_safe
@login_required
def space(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The front page: whose it is, what it collects, who tends it, what is new."""
    person = person_of(request)
    found = queries.get_space(person, uuid)
    shelved = list(queries.shelf(found).filter(work__in=visible_to(person))[:SHOWN])
    page = Paginator(queries.works_of(found, person), PER_PAGE).get_page(request.GET.get("page"))
    own = queries.personal_space(person)
    context = {
        "space": found,
        "page": page,
        "cards": cards_of(page.object_list, request),
        "shelf": cards_of([item.work for item in shelved], request),
        "tended": rules.allows(person, "tend", found),
        "argument": framed(found, "")["argument"],
        "follows": own is not None and queries.follow_of(own, followed=found.uuid) is not None,
    }
    return render(request, "spaces/space.html", context)


@require_safe
@login_required
def author(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """An author's page is the author's own space."""
    owner = get_object_or_404(User, uuid=uuid, is_active=True)
    found = queries.personal_space(owner)
    if found is None or not rules.allows(request.user, "view", found):
        raise Http404
    return redirect(found)


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What was pushed to the space, newest first, each with its reason and what can be done with it: what meets its
    interests and follows; with `?all=1` also what the own tier and those above push to everybody (S42). A space that
    has chosen nothing begins with all of it, so that nobody's inbox is empty for want of a choice."""
    person, space = person_of(request), space_of(request)
    asked = request.GET.get("all")
    tiers = asked == "1" or (asked is None and not queries.has_chosen(space))
    number = delivered_number(space, person, tiers=tiers)
    page = Counted(number, PER_PAGE).get_page(request.GET.get("page"))
    offset = (page.number - 1) * PER_PAGE
    items = inbox_page(space, person, offset=offset, limit=PER_PAGE, tiers=tiers)
    context = framed(space, "inbox", page=page, items=_rows(items, space, request), all=tiers, most=MOST_PAGED)
    return render(request, "spaces/inbox.html", context)


def _rows(items: list[InboxItem], space: Space, request: HttpRequest) -> list[dict[str, Any]]:
    """Cards of the inbox, with the reason in words and whether the work stands on the shelf."""
    works = [item.work for item in items]
    shelved = set(queries.shelf(space).filter(work__in=works).order_by().values_list("work", flat=True))
    rows, since = [], new_since(space)
    for card, item in zip(cards_of(works, request), items, strict=True):
        card.update(why=item.why, at=item.at)
        is_new = item.at > since
        rows.append(
            {"card": card, "item": item, "work": item.work, "is_new": is_new, "shelved": item.work.pk in shelved}
        )
    return rows


@require_POST
@login_required
def seen(request: HttpRequest) -> HttpResponse:
    """Everything that came until now is no longer new."""
    space = space_of(request)
    actions.mark_inbox_seen(space, by=person_of(request))
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
    """The work leaves the inbox; `undo` brings it back. htmx gets the line that stands in its place."""
    space = space_of(request)
    work = get_object_or_404(Work.objects.only("uuid", "title", "kind"), uuid=uuid, pk__in=visible_to(request.user))
    hidden = "undo" not in request.POST
    actions.set_hidden(space, work, by=person_of(request), hidden=hidden)
    if request.headers.get("HX-Request"):
        context = framed(space, "inbox", work=work, hidden=hidden)
        return render(request, "spaces/_hidden.html", context)
    return redirect(address("inbox", space))


@require_safe
@login_required
def shelf(request: HttpRequest) -> HttpResponse:
    """What the space adopted, newest first; what is no longer to be seen is named, and says so."""
    space = space_of(request)
    page: Page[Any] = Paginator(queries.shelf(space), PER_PAGE).get_page(request.GET.get("page"))
    items = list(page.object_list)
    visible = set(visible_to(request.user).filter(pk__in=[item.work_id for item in items]).values_list("pk", flat=True))
    rows = [
        {"card": {**card, "at": item.added_at}, "item": item, "visible": item.work_id in visible}
        for card, item in zip(cards_of([item.work for item in items], request), items, strict=True)
    ]
    return render(request, "spaces/shelf.html", framed(space, "shelf", page=page, rows=rows))


@require_POST
@login_required
def follow(request: HttpRequest) -> HttpResponse:
    """Follow the `author` or the space `followed` of the form; with `undo`, no longer. Back to `next`."""
    person, space = person_of(request), space_of(request)
    author, followed = uuid_of(request.POST.get("author")), uuid_of(request.POST.get("followed"))
    if (author is None) == (followed is None):
        raise Http404
    try:
        if "undo" not in request.POST:
            actions.follow(space, by=person, **queries.whom(person, author=author, followed=followed))
        elif row := queries.follow_of(space, author=author, followed=followed):
            actions.unfollow(row, by=person)
    except SpaceError as error:
        messages.error(request, sentence(error))
    return redirect(back_to(request, address("mine", space)))


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The form's `next` when it is an address of this site."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and safe else otherwise


def _done(request: HttpRequest, url: str) -> HttpResponse:
    """Nothing for scripts, the next page for browsers."""
    if request.headers.get("HX-Request") or "quiet" in request.POST:
        return HttpResponse(status=204)
    return redirect(url)
