"""A person's saved searches: saved from the search page, listed, opened, renamed, deleted."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.people.requests import person_of
from cms.spaces.errors import SpaceError
from cms.spaces.wording import sentence as space_sentence
from search.documents import FILTERS
from search.errors import SearchError
from search.models import SavedSearch
from search.page.addresses import PLAIN
from search.saved.actions import (
    already_saved,
    facts_of,
    forget_search,
    in_words,
    rename_search,
    restore_search,
    save_search,
    saved_by,
    told,
)
from search.saved.following import follow_search, unfollow_search
from search.wording import sentence

MAX_QUERY = 10_000  # characters of an address that are read
FORGOTTEN = "forgotten_searches"  # of the session: uuid -> facts
MOST_REMEMBERED = 5
DEED = "deed"  # a message in which something can be done


@login_required
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first, each with what it was narrowed to where its name does not say so, and whether
    nothing can come of it any more."""
    searches = list(saved_by(person_of(request)))
    rows = [
        (search, [] if in_words(conditions) == search.name else conditions, leads_nowhere)
        for search, (conditions, leads_nowhere) in zip(searches, told(searches), strict=True)
    ]
    return render(request, "search/saved.html", {"searches": rows})


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """`query`: the search page's address behind the question mark; `name`, when it should have one of its own."""
    query = QueryDict(request.POST.get("query", "").lstrip("?")[:MAX_QUERY])
    chosen = {name: query.getlist(name) for name in FILTERS if name in query}
    person, text, plain = person_of(request), query.get("q", ""), query.getlist(PLAIN)
    stood = already_saved(person, text, chosen=chosen, plain=plain)
    try:
        kept = save_search(
            person, text, chosen=chosen, plain=plain, sort=query.get("sort", ""), name=request.POST.get("name", "")
        )
    except SearchError as error:
        messages.error(request, sentence(error))
        return redirect(f"{reverse('search:search')}?{query.urlencode()}")
    said = _("这个搜索已经保存过了，叫“%(name)s”。") if stood else _("已保存“%(name)s”。")
    _say(request, said, kept)
    return redirect(_address(kept))


@login_required
@require_POST
def follow(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """New works that the search would find come into the inbox; with `undo`, no longer."""
    kept = get_object_or_404(saved_by(person_of(request)), uuid=uuid)
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
    kept = get_object_or_404(saved_by(person_of(request)), uuid=uuid)
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
    """It can be brought back for as long as the session remembers it."""
    person = person_of(request)
    kept = get_object_or_404(saved_by(person), uuid=uuid)
    facts = facts_of(kept)
    if not forget_search(person, str(uuid)):
        raise Http404
    remembered = request.session.get(FORGOTTEN, {})
    request.session[FORGOTTEN] = dict([*remembered.items(), (str(uuid), facts)][-MOST_REMEMBERED:])
    _say(request, _("已删除“%(name)s”。"), kept, forgotten=True)
    return redirect("search:saved")


@login_required
@require_POST
def restore(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Back as it was: its name, its place in the list, and followed where it was; where it cannot be followed now, why
    not."""
    person = person_of(request)
    remembered = request.session.get(FORGOTTEN, {})
    facts = remembered.pop(str(uuid), None)
    if facts is None:
        if not saved_by(person).filter(uuid=uuid).exists():  # else the first of two clicks brought it back
            messages.error(request, _("已经不能撤销了。这个搜索可以重新保存。"))
        return redirect("search:saved")
    try:
        kept = restore_search(person, uuid, facts)
    except SearchError as error:
        messages.error(request, sentence(error))
        return redirect("search:saved")
    request.session[FORGOTTEN] = remembered
    messages.success(request, _("“%(name)s”回来了。") % {"name": kept.name})
    if facts["followed"]:
        try:
            follow_search(kept)
        except SearchError as error:
            messages.error(request, sentence(error))
        except SpaceError as error:
            messages.error(request, space_sentence(error))
    return redirect("search:saved")


def _say(request: HttpRequest, said: str, kept: SavedSearch, *, forgotten: bool = False) -> None:
    """What was done, and what may be done next, beside it."""
    done = {"said": said % {"name": kept.name}, "search": kept, "forgotten": forgotten}
    messages.success(request, render_to_string("search/_done.html", done, request), extra_tags=DEED)


def _address(kept: SavedSearch) -> str:
    return f"{reverse('search:search')}?{kept.query}"
