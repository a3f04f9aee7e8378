"""Trials in the school: what is being tried now, the version itself, and a few words about it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.library.cards import curriculum_of
from cms.people.queries import standing
from cms.people.tokens import person
from workflows.review import rules
from workflows.review.actions.trying import leave_note
from workflows.review.errors import ReviewError
from workflows.review.forms import NoteForm
from workflows.review.models import Submission
from workflows.review.queries import get_readable, sealed_work, trials_of
from workflows.review.views.cards import card
from workflows.review.views.desk import REFUSED
from workflows.review.views.lists import page_of
from workflows.review.wording import sentence


@require_safe
@login_required
def trials(request: HttpRequest) -> HttpResponse:
    """What is being tried in this person's schools."""
    page = page_of(request, trials_of(request.user))
    rows = [
        {
            "card": {
                **card(submission, url=reverse("review:trial", args=[submission.uuid])),
                "due": submission.trial_until,  # annotated by `with_work`
            },
            "noted": submission.noted,  # annotated by `trials_of`
        }
        for submission in page
    ]
    return render(request, "review/trials.html", {"tab": "trials", "page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def trial(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The version on trial; a POST leaves or replaces this person's feedback."""
    try:
        submission = get_readable(request.user, uuid, "try")
    except Http404:
        if Submission.objects.filter(rules.member.q(standing(request.user)), uuid=uuid, round_number__gt=0).exists():
            messages.info(request, _("这件作品的试用已经结束，谢谢您的关注。"))
            return redirect("review:trials")
        raise
    form = NoteForm(request.POST or None, initial=_said_before(request, submission))
    if request.method == "POST" and form.is_valid():
        try:
            leave_note(submission, by=person(request), **form.cleaned_data)
        except PermissionDenied:
            messages.error(request, _("自己的作品不用反馈，其他老师和同学的意见会送到审核员手里。"))
            return redirect("review:trial", submission.uuid)
        except ReviewError as error:
            messages.warning(request, sentence(error))
            return redirect("review:trials")
        messages.success(request, _("谢谢！您的反馈已保存，试用结束前都可以修改。"))
        return redirect("review:trials")
    current = submission.current_round()
    work = sealed_work(current.seal)
    context = {
        "submission": submission,
        "round": current,
        "work": work,
        "curriculum": curriculum_of(work),
        "form": form if rules.allows(request.user, "note", submission) else None,
    }
    return render(request, "review/trial.html", context, status=REFUSED if form.errors else 200)


def _said_before(request: HttpRequest, submission: Submission) -> dict[str, object]:
    note = submission.current_round().trial_notes.filter(user=request.user.pk).first()
    return {"rating": note.rating, "comment": note.comment} if note else {}
