"""Spaces on the site: the own one with inbox, shelf and interests, and the front page of any."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.library.cards import cards_of
from cms.library.queries import visible_ids, visible_to
from cms.people.models import User
from cms.people.requests import person_of
from cms.spaces import actions, queries, rules
from cms.spaces.errors import SpaceError
from cms.spaces.forms import IntroductionForm
from cms.spaces.frame import address, back_to, framed, space_of, uuid_of
from cms.spaces.inbox import pushed_number
from cms.spaces.learners import learners_number, learning_of
from cms.spaces.models import Follow, Space
from cms.spaces.unseen import said, unseen_count
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
        # nobody else reads what a learner's space says of itself: only what was written once can be changed
        introduces=not space.is_private or bool(space.introduction) or form.is_bound,
        new_here=said(unseen_count(space, person)),
        **_pushed(space, person),
        shelf=cards_of([item.work for item in shelf], request),
        interests=queries.chosen_interests(space),
        following=Paginator(queries.following(space), FOLLOWS_PER_PAGE).get_page(request.GET.get("page")),
        others=[other for other in queries.tended(person) if other.pk != space.pk],
    )
    return render(request, "spaces/mine.html", context, status=400 if form.errors else 200)


def _pushed(space: Space, person: User) -> dict[str, Any]:
    """How much the inbox opens on, of whom nothing was asked for; `learning` where it is what is for a grade."""
    learning = learning_of(space, person)
    if learning:
        number = learners_number(space, person, learning.works(space, person))[1]
        return {"learning": learning, "pushed": str(number or "")}
    return {"pushed": "" if queries.has_chosen(space) else pushed_number(space, person)}


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
def shelf(request: HttpRequest) -> HttpResponse:
    """What the space adopted, newest first; what is no longer to be seen is named as it was taken, and says so."""
    space = space_of(request)
    page: Page[Any] = Paginator(queries.shelf(space), PER_PAGE).get_page(request.GET.get("page"))
    items = list(page.object_list)
    visible = visible_ids(request.user, [item.work_id for item in items])
    seen = [item for item in items if item.work_id in visible]
    cards = {
        item.pk: {**card, "at": item.added_at}
        for card, item in zip(cards_of([item.work for item in seen], request), seen, strict=True)
    }
    rows = [{"item": item, "card": cards.get(item.pk)} for item in items]
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
        known = queries.follow_of(space, author=author, followed=followed)
        if "undo" not in request.POST:
            row = actions.follow(space, by=person, **queries.whom(person, author=author, followed=followed))
            messages.success(request, _follows_now(row, before=known is not None))
        elif known:
            actions.unfollow(known, by=person)
            messages.success(request, _("已取消关注%(name)s。") % {"name": known.author or known.followed})
    except SpaceError as error:
        messages.error(request, sentence(error))
    return redirect(back_to(request, address("mine", space)))


def _follows_now(row: Follow, *, before: bool) -> str:
    said = _("已在关注%(name)s：新作品会送到收件箱。") if before else _("已关注%(name)s：新作品会送到收件箱。")
    told = said % {"name": row.author or row.followed}
    return format_html('{} <a href="{}">{}</a>', told, address("inbox", row.space), _("打开收件箱"))
