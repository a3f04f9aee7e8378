"""The operators' page: what waits, what failed and why, retry. Not there for anybody else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.outbox import actions, queries

OPERATE = "outbox.operate"  # given by the people room, which stands above this one
PER_PAGE = 30
SHOWN_TRYING = 20


def operators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Http404 for whoever does not operate the installation."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(OPERATE):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@operators_only
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Topics, workers, failures."""
    page = Paginator(queries.failed(), PER_PAGE).get_page(request.GET.get("page"))
    topics = queries.by_topic()
    oldest = min((state.oldest for state in topics if state.oldest), default=None)
    context = {
        "topics": topics,
        "workers": list(queries.workers_alive()),
        "due": sum(state.due for state in topics),
        "oldest": oldest,
        "failed": sum(state.failed for state in topics),
        "trying": queries.labelled(queries.trying()[:SHOWN_TRYING]),
        "page": page,
        "messages_failed": queries.labelled(page.object_list),
        "now": timezone.now(),
    }
    return render(request, "outbox/overview.html", context)


@operators_only
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """One failed message is tried again. A second click, or one after a colleague's, is no mistake."""
    if actions.retry(pk, by=request.user if request.user.is_authenticated else None):
        messages.success(request, _("已放回队列，马上重试。"))
    else:
        messages.info(request, _("这一条已经不在失败的里面，不用再重试。"))
    return redirect("outbox:overview")


@operators_only
@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """All failed messages are tried again."""
    count = actions.retry(by=request.user if request.user.is_authenticated else None)
    messages.success(request, _("已把 %d 条放回队列，马上重试。") % count)
    return redirect("outbox:overview")
