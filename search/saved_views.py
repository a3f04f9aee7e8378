"""A person's saved searches: saved from the search page, listed, opened, renamed, deleted."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.people.models import User
from cms.spaces.errors import SpaceError
from cms.spaces.wording import sentence as space_sentence
from search.addresses import PLAIN
from search.documents import FILTERS
from search.errors import SearchError
from search.following import follow_search, unfollow_search
from search.models import SavedSearch
from search.saving import forget_search, rename_search, save_search, saved_by
from search.vocabulary import GONE, labels
from search.wording import sentence

MAX_QUERY = 10_000  # characters of an address that are read


@login_required
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first, each with what it was narrowed to."""
    searches = list(saved_by(_person(request)))
    return render(request, "search/saved.html", {"searches": list(zip(searches, _conditions(searches), strict=True))})


def _conditions(searches: Sequence[SavedSearch]) -> list[list[str]]:
    """In words; one query a facet, however many searches there are."""
    values: dict[str, set[str]] = {}
    for search in searches:
        for facet, chosen in search.chosen.items():
            values.setdefault(facet, set()).update(chosen)
    named = {facet: labels(facet, sorted(some)) for facet, some in values.items() if facet in FILTERS}
    return [
        [named[facet].get(value, str(GONE)) for facet in FILTERS for value in search.chosen.get(facet, ())]
        + [_("“%(text)s”只当词语") % {"text": text} for text in search.plain]
        for search in searches
    ]


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """`query`: the search page's address behind the question mark; `name`, when it should have one of its own."""
    query = QueryDict(request.POST.get("query", "").lstrip("?")[:MAX_QUERY])
    chosen = {name: query.getlist(name) for name in FILTERS if name in query}
    try:
        kept = save_search(
            _person(request),
            query.get("q", ""),
            chosen=chosen,
            plain=query.getlist(PLAIN),
            sort=query.get("sort", ""),
            name=request.POST.get("name", ""),
        )
    except SearchError as error:
        messages.error(request, sentence(error))
        return redirect(f"{reverse('search:search')}?{query.urlencode()}")
    messages.success(request, _("已保存“%(name)s”，在“保存的搜索”里可以再打开。") % {"name": kept.name})
    return redirect(_address(kept))


@login_required
@require_POST
def follow(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """New works that the search would find come into the inbox; with `undo`, no longer."""
    kept = get_object_or_404(saved_by(_person(request)), uuid=uuid)
    try:
        if "undo" in request.POST:
            unfollow_search(kept)
            done = _("已取消关注“%(name)s”。")
        else:
            follow_search(kept)
            done = _("已关注“%(name)s”：有新作品会送到您的收件箱。")
    except SearchError as error:
        messages.error(request, sentence(error))
    except SpaceError as error:
        messages.error(request, space_sentence(error))
    else:
        messages.success(request, done % {"name": kept.name})
    return redirect("search:saved")


@login_required
@require_POST
def rename(request: HttpRequest, uuid: UUID) -> HttpResponse:
    kept = get_object_or_404(saved_by(_person(request)), uuid=uuid)
    try:
        rename_search(kept, request.POST.get("name", ""))
    except SearchError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, _("现在叫“%(name)s”。") % {"name": kept.name})
    return redirect("search:saved")


@login_required
@require_POST
def forget(request: HttpRequest, uuid: UUID) -> HttpResponse:
    if not forget_search(_person(request), str(uuid)):
        raise Http404
    messages.success(request, _("已删除。"))
    return redirect("search:saved")


def _person(request: HttpRequest) -> User:
    """Who signed in: every view here asks for that."""
    if not isinstance(request.user, User):
        raise TypeError(type(request.user))
    return request.user


def _address(kept: SavedSearch) -> str:
    return f"{reverse('search:search')}?{kept.query}"
