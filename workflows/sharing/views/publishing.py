"""A publisher's pages: what waits to be shared, what is shared, recalling and taking down."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.library.cards import card_of
from cms.people.enums import Role
from cms.people.models import User
from cms.people.queries import standing
from cms.people.requests import person_of
from workflows.review.actions.publishing import retire as retire_submission
from workflows.review.errors import ReviewError
from workflows.review.models import Submission
from workflows.review.queries import get_readable
from workflows.review.wording import sentence as review_sentence
from workflows.sharing import actions, queries
from workflows.sharing.errors import SharingError
from workflows.sharing.forms import ReasonForm, RetireForm, ShareForm
from workflows.sharing.models import Share
from workflows.sharing.rules import recallable_q
from workflows.sharing.wording import sentence

PER_PAGE = 20


@require_safe
@login_required
def waiting(request: HttpRequest) -> HttpResponse:
    """Published works that wait to be shared; `?tab=shared`: those that are, each with its scopes."""
    person = _publisher(request)
    shared = request.GET.get("tab") == "shared"
    found = queries.shared(person) if shared else queries.waiting(person)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "submission": submission,
            "card": {**_card(submission, shared=shared), "at": submission.entered_at, "state": submission.state},
            "shares": getattr(submission.work, "standing_shares", []),
        }
        for submission in page
    ]
    return render(
        request, "sharing/waiting.html", {"page": page, "rows": rows, "tab": "shared" if shared else "waiting"}
    )


def _card(submission: Submission, *, shared: bool) -> dict[str, Any]:
    """Leads to the work; while it is not shared, to the page of its review, where a publisher reads it."""
    card = card_of(submission.work)
    return card if shared else {**card, "url": reverse("review:desk", args=[submission.uuid])}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def share(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Share one published work: to whom, and whether visitors see it too."""
    person = person_of(request)
    submission = get_readable(person, uuid, "share")
    work = submission.work
    scopes = queries.scope_choices(person, submission)
    form = ShareForm(_posted(request), scopes=scopes, licence=work.licence)
    shares = Share.objects.filter(work=work.pk, recalled_at=None).select_related("scope")
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.share_work(
                work, scope=form.cleaned_data["scope"], openly=form.cleaned_data["openly"], by=person
            )
        except (SharingError, ReviewError) as error:
            form.add_error(None, _said(error))
        else:
            messages.success(
                request, _("《%(title)s》已共享到%(scope)s。") % {"title": work.title_inside, "scope": made.scope.name}
            )
            return redirect("sharing:waiting")
    context = {
        "submission": submission,
        "work": work,
        "card": _card(submission, shared=bool(shares)),
        "form": form,
        "scopes": bool(form.fields["scope"].queryset),  # type: ignore[attr-defined]
        "shares": shares,
    }
    return render(request, "sharing/share.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def recall(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Recall one share, with a reason. A share that was recalled meanwhile is no mistake."""
    person = person_of(request)
    found = (
        Share.objects.filter(recallable_q(person), uuid=uuid)
        .select_related("work__organisation", "work__owner", "scope", "submission")
        .first()
    )
    if found is None:
        raise Http404
    if found.recalled_at is not None:
        return redirect("sharing:waiting")
    form = ReasonForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.recall_share(found, by=person, reason=form.cleaned_data["reason"])
        except (SharingError, ReviewError) as error:
            form.add_error(None, _said(error))
        except PermissionDenied as error:
            raise Http404 from error
        else:
            messages.success(
                request,
                _("《%(title)s》已从%(scope)s收回。") % {"title": found.work.title_inside, "scope": found.scope.name},
            )
            return redirect("sharing:waiting")
    context = {"share": found, "work": found.work, "form": form}
    return render(request, "sharing/recall.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def retire(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a work down for good, with a reason and perhaps another work in its place."""
    person = person_of(request)
    submission = get_readable(person, uuid, "retire")
    work = submission.work
    form = RetireForm(_posted(request), by=person, retiring=work)
    if request.method == "POST" and form.is_valid():
        try:
            retire_submission(
                submission,
                by=person,
                reason=form.cleaned_data["reason"],
                replacement=form.cleaned_data["replacement"],
            )
        except ReviewError as error:
            form.add_error(None, _said(error))
        except PermissionDenied as error:
            raise Http404 from error
        else:
            messages.success(request, _("《%s》已下架，原来的地址会显示原因。") % work.title_inside)
            return redirect(work.get_absolute_url())
    shared = Share.objects.filter(work=work.pk, recalled_at=None).exists()
    context = {"work": work, "card": _card(submission, shared=shared), "form": form}
    return render(request, "sharing/retire.html", context, status=400 if form.errors else 200)


def _publisher(request: HttpRequest) -> User:
    """Who asks, when they publish anywhere; the page is nobody else's."""
    person = person_of(request)
    if not standing(person).holds(Role.PUBLISHER):
        raise Http404
    return person


def _posted(request: HttpRequest) -> Any:
    """What a form is bound to: also an empty POST is one."""
    return request.POST if request.method == "POST" else None


def _said(error: SharingError | ReviewError) -> str:
    return sentence(error) if isinstance(error, SharingError) else review_sentence(error)
