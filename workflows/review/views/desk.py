"""The desk: the sealed work left, the decision right. Every deed is its own POST; what was typed stays when refused."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.audit.queries import history
from cms.library import wording as library_wording
from cms.library.cards import curriculum_of
from cms.library.errors import LibraryError
from cms.library.models.work import inside
from cms.library.pages import facts_of
from cms.people.enums import Role
from cms.people.models import User
from cms.people.queries import standing
from cms.people.tokens import person
from workflows.review import desk as reading
from workflows.review import rules
from workflows.review.actions.drafting import keep_draft
from workflows.review.actions.moving import require_round
from workflows.review.actions.panel import assign_experts, record_review, send_back_from_panel
from workflows.review.actions.school import decide_school, end_trial
from workflows.review.actions.submitting import withdraw
from workflows.review.choosing import choice
from workflows.review.enums import State, Verdict
from workflows.review.errors import AlreadyReviewed, AlreadySubmitted, ReviewError, RoundMoved, WrongState
from workflows.review.forms import PanelForm, ReturnForm, SchoolForm, ScoreForm, TrialEndForm, WithdrawForm
from workflows.review.models import Review, Round, Submission
from workflows.review.progress import badge_of, path_of
from workflows.review.queries import get_readable, sealed_work, with_work
from workflows.review.wording import sentence

REFUSED = 422


@require_safe
@login_required
def desk(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The sealed version of the standing round, for whoever may read it."""
    return _page(request, get_readable(request.user, uuid))


@require_POST
@login_required
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The school's decision."""
    submission = get_readable(request.user, uuid)
    form = SchoolForm(request.POST, trial_days=submission.policy.trial_days)

    def act(data: Mapping[str, Any]) -> Submission:
        return decide_school(submission, by=person(request), verdict=data["verdict"], comment=data["comment"])

    return _act(request, submission, "decide", form, act)


@require_POST
@login_required
def finish_trial(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The trial ends."""
    submission = get_readable(request.user, uuid)
    form = TrialEndForm(request.POST, is_over=True)  # the action knows whether it is: its sentence says until when

    def act(data: Mapping[str, Any]) -> Submission:
        passed = data["verdict"] == Verdict.APPROVE
        return end_trial(submission, by=person(request), passed=passed, comment=data["comment"])

    return _act(request, submission, "end_trial", form, act)


@require_POST
@login_required
def score(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One expert's review."""
    submission = get_readable(request.user, uuid)
    form = ScoreForm(request.POST, criteria=reading.criteria_of(submission))

    def act(data: Mapping[str, Any]) -> Submission:
        record_review(
            submission, by=person(request), verdict=data["verdict"], scores=form.scores, comment=data["comment"]
        )
        return Submission.objects.get(pk=submission.pk)

    return _act(request, submission, "review", form, act)


@require_POST
@login_required
def keep(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the expert has typed so far: by itself every few seconds, or by the button for it."""
    submission = get_readable(request.user, uuid)
    form = ScoreForm(request.POST, criteria=reading.criteria_of(submission))
    by_itself = bool(getattr(request, "htmx", False))
    try:
        require_round(submission, _round_read(request))
        draft = keep_draft(submission, form.typed, by=person(request))
    except (PermissionDenied, ReviewError):
        if by_itself:
            return HttpResponse(status=204)  # handed in, or over: the next page says so
        messages.warning(request, _("现在不需要您评分，草稿没有保存。"))
        return redirect("review:desk", submission.uuid)
    if by_itself:
        return render(request, "review/_draft_state.html", {"draft": draft})
    messages.success(request, _("草稿已保存，还没有提交。下次打开时会接着显示。"))
    return redirect("review:desk", submission.uuid)


@require_POST
@login_required
def assign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The manager asks experts, or looks for some (`look`): what is ticked stays ticked."""
    submission = get_readable(request.user, uuid)
    if "look" in request.POST:
        return _look(request, submission)
    form = _panel_form(submission, submission.current_round(), request, data=request.POST)

    def act(data: Mapping[str, Any]) -> Submission:
        people = list(User.objects.filter(pk__in=data["experts"], is_active=True))
        assign_experts(submission, people, by=person(request))
        return Submission.objects.get(pk=submission.pk)

    return _act(request, submission, "assign", form, act)


@require_POST
@login_required
def send_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The manager returns it."""
    submission = get_readable(request.user, uuid)

    def act(data: Mapping[str, Any]) -> Submission:
        return send_back_from_panel(submission, by=person(request), comment=data["comment"])

    return _act(request, submission, "send_back", ReturnForm(request.POST), act)


@require_POST
@login_required
def take_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The author withdraws."""
    submission = get_readable(request.user, uuid)

    def act(data: Mapping[str, Any]) -> Submission:
        return withdraw(submission, by=person(request), comment=data["comment"])

    return _act(request, submission, "withdraw", WithdrawForm(request.POST), act)


# --- one way for every deed -----------------------------------------------------------------------------------------


def _act(
    request: HttpRequest,
    submission: Submission,
    deed: str,
    form: forms.Form,
    act: Callable[[Mapping[str, Any]], Submission],
) -> HttpResponse:
    """Do it and go on to the list; refused: the desk again with the sentence and all that was typed."""
    try:
        require_round(submission, _round_read(request))
        if not form.is_valid():
            return _page(request, submission, refused={deed: form})
        moved = act(form.cleaned_data)
    except RoundMoved as error:
        messages.warning(request, sentence(error))
        return redirect("review:desk", submission.uuid)
    except (WrongState, AlreadyReviewed) as error:
        said = _said_otherwise(submission, request.user.pk, form.cleaned_data.get("verdict"))
        if said is not None:
            messages.warning(request, _("您已经作出结论：%s。这一次的没有记录。") % said)
        else:
            tell_again(request, submission, error)
        return redirect("review:desk", submission.uuid)
    except PermissionDenied:
        messages.error(request, _("这一步不由您来做，什么也没有改变。"))
        return redirect("review:desk", submission.uuid)
    except (ReviewError, LibraryError) as error:
        wording = sentence(error) if isinstance(error, ReviewError) else library_wording.sentence(error)
        form.add_error("comment" if error.code == "comment_required" else None, wording)
        return _page(request, submission, refused={deed: form})
    messages.success(request, what_is_done(deed, moved))
    return redirect("review:mine" if deed == "withdraw" else "review:worklist")


def _round_read(request: HttpRequest) -> int | None:
    """The round of the page that the form stood on; nothing where it does not say."""
    said = request.POST.get("round", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _said_otherwise(submission: Submission, person: int | None, verdict: str | None) -> str | None:
    """The verdict that this person gave on what is under review now, where it is another one than `verdict`."""
    given = Review.objects.filter(round=submission.current_round(), reviewer=person).order_by("-id").first()
    if verdict is None or given is None or given.verdict == verdict:
        return None
    return given.get_verdict_display()


def tell_again(request: HttpRequest, submission: Submission, error: ReviewError) -> None:
    """A click that came twice is no mistake: whoever did the last thing here is told that it is done."""
    last = history("library.work", submission.work.uuid).first()
    if isinstance(error, AlreadyReviewed) or (last is not None and last.actor_id == request.user.pk):
        state = Submission.objects.get(pk=submission.pk).get_state_display()
        messages.info(request, _("您刚才的操作已经生效，没有重复记录。现在的进度：%s。") % state)
    elif isinstance(error, AlreadySubmitted | WrongState):
        messages.warning(request, sentence(error))


def what_is_done(deed: str, moved: Submission) -> str:
    """What whoever did it reads. `moved` as it is now: somebody else may have gone on already."""
    title = inside(moved.current_round().seal.revision.object_str)
    state = State(moved.state)
    words = {
        "withdraw": _("已撤回《%s》，现在可以修改。"),
        "assign": _("已为《%s》指派专家，专家会收到通知。"),
    }
    if deed == "withdraw" or (deed == "assign" and state == State.EXPERT_REVIEW):
        return words[deed] % title
    if deed == "review" and state == State.EXPERT_REVIEW:
        return _("您对《%s》的评审意见已提交，等其他专家评完后得出结论。") % title
    outcome = {
        State.TRIAL: _("《%s》已通过校级审核，开始校内试用。"),
        State.EXPERT_REVIEW: _("《%s》已送专家评审。"),
        State.DRAFT: _("《%s》已退回作者修改。"),
        State.REJECTED: _("《%s》未通过，这次送审结束。"),
        State.PUBLISHED: _("《%s》评审通过，已经发布。"),
        State.SHARED: _("《%s》评审通过，新版本已经发布，原有共享继续有效。"),
    }
    # Elsewhere: its author took it back in the moment after the decision.
    return outcome.get(state, _("《%s》的这一步已经完成。")) % title


def _page(
    request: HttpRequest, submission: Submission, refused: Mapping[str, forms.Form] | None = None
) -> HttpResponse:
    refused = refused or {}
    current = submission.current_round()
    work = sealed_work(current.seal)
    deeds = reading.deeds_of(request.user, submission)
    listed = with_work(Submission.objects.filter(pk=submission.pk)).get()
    context: dict[str, Any] = {
        "submission": submission,
        "round": current,
        "work": work,
        "state": badge_of(submission),
        "path": path_of(listed),
        "curriculum": curriculum_of(work),
        "facts": facts_of(work),
        "comparison": reading.comparison(submission, current),
        "rounds": reading.earlier_said(submission, request.user),
        "notes": reading.trial_notes(current, submission.organisation_id, request.user),
        "own_review": reading.own_review(current, request.user),
        "deeds": deeds,
        "publishes": standing(request.user).holds(Role.PUBLISHER),
        "refused": next(iter(refused.values()), None),
        **_forms(request, submission, current, deeds, refused),
    }
    return render(request, "review/desk.html", context, status=REFUSED if refused else 200)


def _forms(
    request: HttpRequest, submission: Submission, current: Round, deeds: set[str], refused: Mapping[str, forms.Form]
) -> dict[str, Any]:
    draft = reading.own_draft(current, request.user) if "review" in deeds else None
    is_over = current.trial_until is None or current.trial_until <= timezone.now()
    makers: dict[str, Callable[[], forms.Form]] = {
        "decide": lambda: SchoolForm(trial_days=submission.policy.trial_days),
        "end_trial": lambda: TrialEndForm(is_over=is_over),
        "review": lambda: ScoreForm(
            criteria=reading.criteria_of(submission), initial=draft.typed if draft is not None else None
        ),
        "assign": lambda: _panel_form(submission, current, request),
        "send_back": ReturnForm,
        "withdraw": WithdrawForm,
    }
    found: dict[str, Any] = {
        f"{deed}_form": refused.get(deed) or make() for deed, make in makers.items() if deed in deeds
    }
    found["draft"] = draft
    if "assign" in deeds:
        found |= _chooser(request, submission, current)
    return found


def _look(request: HttpRequest, submission: Submission) -> HttpResponse:
    """The desk with the experts that were looked for; their list alone for the page that is open."""
    if not rules.allows(request.user, "assign", submission):
        raise Http404
    if not getattr(request, "htmx", False):
        return _page(request, submission)
    return render(request, "review/_experts.html", _chooser(request, submission, submission.current_round()))


def _chooser(request: HttpRequest, submission: Submission, current: Round) -> dict[str, Any]:
    panel = reading.panel_of(current)
    sent = {int(pk) for pk in request.POST.getlist("experts") if pk.isdecimal() and len(pk) < 19}
    chosen = sent if sent or "look" in request.POST else {each.user.pk for each in panel}
    find = request.POST.get("find", "").replace("\x00", "").strip()[:60]
    return {
        "submission": submission,
        "panel": panel,
        "asked": {each.user.pk for each in panel},
        "chosen": chosen,
        "choice": choice(submission, current, request.user, find=find, chosen=chosen),
    }


def _panel_form(submission: Submission, current: Round, request: HttpRequest, data: Any = None) -> PanelForm:
    return PanelForm(
        data,
        candidates=reading.candidates(submission, current, request.user),
        standing=[(each.user.pk, each.user.name) for each in reading.panel_of(current)],
    )
