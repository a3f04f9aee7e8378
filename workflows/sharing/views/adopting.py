"""选用, 停用, 改编: what a teacher does with somebody else's work."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.library.models import Work
from cms.library.queries import get_visible
from cms.people.requests import person_of
from cms.spaces.frame import back_to, space_of
from workflows.sharing import actions
from workflows.sharing.errors import SharingError
from workflows.sharing.models import Adoption
from workflows.sharing.wording import sentence


@require_POST
@login_required
def adopt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The work stands on the shelf of the space (`space`, else the own one). htmx gets what replaces the button."""
    person, space = person_of(request), space_of(request)
    work = get_visible(person, uuid)
    try:
        actions.adopt(work, space, by=person)
    except SharingError as error:
        return _refused(request, sentence(error), work)
    except PermissionDenied as error:
        raise Http404 from error
    if request.headers.get("HX-Request"):
        return render(request, "sharing/_adopted.html", {"work": work})
    messages.success(request, _("《%s》已放到书架上。") % work.title_inside)
    return redirect(back_to(request, work.get_absolute_url()))


@require_POST
@login_required
def unadopt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The work leaves the shelf; when it was not there, nothing changes. Also for a work no longer to be seen."""
    person, space = person_of(request), space_of(request)
    adoption = Adoption.objects.filter(work__uuid=uuid, space=space, ended_at=None).select_related("work").first()
    if adoption is not None:
        actions.end_adoption(adoption, by=person)
        messages.success(request, _("《%s》已移出书架。") % adoption.work.title_inside)
    return redirect(back_to(request, reverse("spaces:shelf")))


@require_POST
@login_required
def remix(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A changed copy as a new draft, opened in the workbench."""
    person = person_of(request)
    work = get_visible(person, uuid)
    try:
        made = actions.remix(work, by=person)
    except SharingError as error:
        return _refused(request, sentence(error), work)
    except PermissionDenied as error:
        raise Http404 from error
    messages.success(request, _("已复制成您的草稿，来源已经注明。改好以后再提交审核。"))
    return redirect(_form_of(made))


def _form_of(work: Work) -> str:
    """Where a draft is written in the workbench."""
    try:
        return reverse(f"works_{work.kind}:edit", args=[work.pk])
    except NoReverseMatch:
        return reverse("wagtailadmin_home")


def _refused(request: HttpRequest, text: str, work: Work) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render(request, "sharing/_refused.html", {"text": text})
    messages.error(request, text)
    return redirect(back_to(request, work.get_absolute_url()))
