"""The work page on the site."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.library import pages, rules, visitor_page
from cms.library.models import Work


@require_safe
def work(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A live work to whoever may see it; a tombstone (410) to whoever could before it was taken down; else 404."""
    if visitor_page.plain_visit(request):
        shared = visitor_page.openly_shared(uuid)
        if shared is None:
            raise Http404
        if shared.live:
            return visitor_page.kept_page(request, shared, lambda: _page(request, uuid))
    return _page(request, uuid)


def _page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = pages.find(request.user, uuid)
    if found is None:
        raise Http404
    if not found.live:
        return _tombstone(request, found)
    return render(request, "library/work.html", pages.context_of(request, found))


def _tombstone(request: HttpRequest, gone: Work) -> HttpResponse:
    replacement = None
    if gone.replacement_id is not None:
        replacement = Work.objects.filter(rules.as_q(request.user, "view"), pk=gone.replacement_id).first()
    context = {"work": gone, "replacement": replacement}
    return render(request, "library/tombstone.html", context, status=410)
