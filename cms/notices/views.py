"""What I was told, and how I want to be told."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.notices import actions, queries
from cms.notices.models import Notice
from cms.people.queries import standing
from cms.people.requests import person_of

PER_PAGE = 20


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first; `?unread=1` only what is not read."""
    user = person_of(request)
    found = queries.notices_of(user)
    unread_only = request.GET.get("unread") == "1"
    if unread_only:
        found = found.filter(read_at=None)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "unread": queries.said(queries.unread_count(user)),
        "unread_only": unread_only,
        "only_learns": standing(user).only_learns,
    }
    return render(request, "notices/list.html", context)


@require_POST
@login_required
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice is read; on to where the matter is dealt with. A POST: opening a link ahead must mark nothing."""
    notice = get_object_or_404(Notice, pk=pk, recipient=person_of(request))
    actions.mark_read(person_of(request), ids=[notice.pk])
    if notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return redirect(notice.url)
    return redirect("notices:list")


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """All are read."""
    actions.mark_read(person_of(request))
    return redirect("notices:list")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Which topics come by mail as well."""
    user = person_of(request)
    if request.method == "POST":
        wanted = set(request.POST.getlist("by_mail"))
        actions.set_preferences(user, by_mail={topic: topic.value in wanted for topic in queries.topics_of(user)})
        messages.success(request, _("已保存通知设置。"))
        return redirect("notices:preferences")
    topics = [(topic.value, topic.label, wanted) for topic, wanted in queries.preferences(user).items()]
    return render(request, "notices/preferences.html", {"topics": topics})
