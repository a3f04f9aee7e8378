"""What an author does outside the desk: submit from the workbench, withdraw from there."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.library.models import Work
from cms.library.models.work import inside
from cms.library.queries import draft_of, get_visible
from cms.people.tokens import person
from workflows.review.actions import submitting
from workflows.review.errors import AlreadySubmitted, Incomplete, ReviewError
from workflows.review.queries import open_submission
from workflows.review.views.cards import work_form
from workflows.review.views.desk import REFUSED, tell_again
from workflows.review.wording import sentence


@require_POST
@login_required
def submit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The newest saved draft goes to the school's reviewers; incomplete, the author sees what is missing and where."""
    work = get_visible(request.user, uuid, "read")
    try:
        submission = submitting.submit(work, by=person(request))
    except PermissionDenied as error:
        raise Http404 from error
    except Incomplete as error:
        form = work_form(work)
        items = [{"label": gap.message, "done": False, "url": f"{form}#id_{gap.field}"} for gap in error.gaps]
        context = {"work": draft_of(work), "items": items, "edit_url": form}
        return render(request, "review/incomplete.html", context, status=REFUSED)
    except AlreadySubmitted as error:
        return _submitted_already(request, work, error)
    except ReviewError as error:
        messages.warning(request, sentence(error))
        return redirect("review:mine")
    title = inside(submission.current_round().seal.revision.object_str)
    messages.success(request, _("《%s》已提交校级审核。审核期间内容锁定，需要修改时可以先撤回。") % title)
    return redirect("review:mine")


@require_POST
@login_required
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """From the workbench: the open submission of this work is taken back, and its author writes on."""
    work = get_visible(request.user, uuid, "read")
    submission = open_submission(work)
    if submission is None:
        messages.info(request, _("这件作品没有正在进行的送审，可以直接修改。"))
        return redirect(work_form(work))
    try:
        submitting.withdraw(submission, by=person(request))
    except PermissionDenied as error:
        raise Http404 from error
    except ReviewError as error:
        tell_again(request, submission, error)
    else:
        messages.success(request, _("已撤回送审，现在可以修改。"))
    return redirect(work_form(work))


def _submitted_already(request: HttpRequest, work: Work, error: AlreadySubmitted) -> HttpResponse:
    submission = open_submission(work)
    if submission is None:  # it ended in the very moment
        messages.warning(request, sentence(error))
    else:
        tell_again(request, submission, error)
    return redirect("review:mine")
