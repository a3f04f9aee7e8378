"""Pushing a shared work to an audience by hand, the records of it, and taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.library.cards import card_of
from cms.library.models import Work
from cms.library.queries import for_cards
from cms.organisations.models import Organisation
from cms.organisations.picking import Picker, picker
from cms.organisations.queries import within
from cms.people.enums import Role
from cms.people.models import User
from cms.people.queries import standing
from cms.people.requests import person_of
from cms.spaces.audiences import people_of
from cms.spaces.errors import SpaceError
from cms.spaces.frame import back_to
from cms.spaces.models import Audience
from cms.spaces.wording import sentence as space_sentence
from workflows.sharing import actions, queries, rules
from workflows.sharing.errors import SharingError
from workflows.sharing.forms import RecommendForm
from workflows.sharing.models import Recommendation
from workflows.sharing.wording import sentence

PER_PAGE = 20
MOST_COUNTED = 10_000
MOST_STANDING = 50  # of one work, shown beside the form


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def recommend(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """To whom, and why. What is sent is shown once more with the number of people, and goes out when that is `sure`:
    it may reach a province, and an audience grows by whoever joins it, so that a small number is no excuse.

    With `look`, the organisations whose name was typed, or the form again; what was chosen stays chosen. With `count`,
    the sentence that says how many it would reach."""
    person = person_of(request)
    work = get_object_or_404(for_cards(Work.objects.filter(rules.recommendable_q(person))), uuid=uuid)
    allowed = Organisation.objects.filter(within(rules.recommends_for(person)), is_active=True)
    looks, counts = "look" in request.POST, "count" in request.POST
    sent = request.POST if request.method == "POST" and not looks else None
    fitting = {"stage": work.stage_id, "subject": work.subject_id}  # those who teach it, unless the editor says wider
    form = RecommendForm(sent, initial=request.POST.dict() if looks else fitting, allowed=allowed)
    if sent is not None and form.is_valid():
        try:
            if "sure" in sent and not counts:
                made = actions.recommend(work, by=person, **form.cleaned_data)
                messages.success(request, _done(work, made))
                return redirect(work)
            meant = actions.would_reach(work, by=person, **form.cleaned_data)
        except (SharingError, SpaceError) as error:
            form.add_error(None, sentence(error) if isinstance(error, SharingError) else space_sentence(error))
        except PermissionDenied as error:
            raise Http404 from error
        else:
            reach = {"work": work, "form": form, "audience": meant, **_reach(meant)}
            return render(request, "sharing/_reach.html" if counts else "sharing/recommend_sure.html", reach)
    if counts:
        return render(request, "sharing/_reach.html", {"form": form})
    choice = {"picker": _choice(request, person, work)}
    if looks and request.headers.get("HX-Request"):
        return render(request, "organisations/_options.html", choice)
    mine = queries.recommendations(person).filter(work=work, withdrawn_at=None)
    context = {"work": work, "card": card_of(work), "form": form, "standing": mine[:MOST_STANDING], **choice}
    return render(request, "sharing/recommend.html", context, status=400 if form.errors else 200)


@require_safe
@login_required
def recommendations(request: HttpRequest) -> HttpResponse:
    """What editors of the own organisations and below recommended, the newest first."""
    person = person_of(request)
    if not rules.recommends_for(person):
        raise Http404
    page = Paginator(queries.recommendations(person), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "publishes": standing(person).holds(Role.PUBLISHER)}
    return render(request, "sharing/recommendations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Asked once; then it leaves the inboxes at once. One that was withdrawn meanwhile is no mistake."""
    person = person_of(request)
    row = get_object_or_404(queries.recommendations(person), uuid=uuid)
    if request.method != "POST" and row.withdrawn_at is None:
        context = {"row": row, "next": request.GET.get("next", ""), **_reach(row.audience)}
        return render(request, "sharing/withdraw.html", context)
    try:
        actions.withdraw_recommendation(row, by=person)
    except PermissionDenied as error:
        raise Http404 from error
    facts = {"title": row.title_inside, "audience": row.audience}
    messages.success(request, _("已撤回：《%(title)s》不再推荐给%(audience)s。") % facts)
    return redirect(back_to(request, reverse("sharing:recommendations")))


def _choice(request: HttpRequest, person: User, work: Work) -> Picker:
    """Nothing is chosen beforehand, unless it is the only choice: what stands first is the widest."""
    allowed = Organisation.objects.filter(within(rules.recommends_for(person)), is_active=True)
    near = list(queries.near_audiences(person, work))
    return picker(allowed, near, request.POST.dict(), otherwise=str(near[0].pk) if len(near) == 1 else "")


def _reach(audience: Audience) -> dict[str, Any]:
    """How many people the audience has today, counted to `most`."""
    return {"number": people_of(audience)[:MOST_COUNTED].count(), "most": MOST_COUNTED}


def _done(work: Work, made: Recommendation) -> str:
    """What was done, and how many people it reaches today."""
    number = _reach(made.audience)["number"]
    facts: dict[str, Any] = {"title": work.title_inside, "audience": made.audience, "n": number}
    if not number:
        return _("《%(title)s》已推荐给%(audience)s。现在还没有符合的人，以后加入的人会看到。") % facts
    if number == MOST_COUNTED:
        return _("《%(title)s》已推荐给%(audience)s，有 1 万人以上会在收件箱里看到。") % facts
    return _("《%(title)s》已推荐给%(audience)s，%(n)d 人会在收件箱里看到。") % facts
