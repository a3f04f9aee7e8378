"""A person's own pages: who I am here, what I teach, my tokens."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cms.people.accounts import save_teaching_profile, set_findable
from cms.people.enums import LEARNERS, Role
from cms.people.forms import TeachingProfileForm, TokenForm
from cms.people.models import ApiToken, PupilProfile, TeachingProfile
from cms.people.queries import may_agree_to_be_found, standing, wards
from cms.people.requests import person_of
from cms.people.tokens import issue_token, revoke_token, valid_tokens

MOST_TOKENS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Name, roles, what I teach; the last may be changed."""
    user = person_of(request)
    roles = sorted(standing(user).memberships, key=lambda row: (row.organisation.path, row.role))
    form = None
    if any(row.role not in LEARNERS for row in roles):
        profile = TeachingProfile.objects.filter(user=user).first() or TeachingProfile(user=user)
        form = TeachingProfileForm(request.POST if request.method == "POST" else None, instance=profile)
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            save_teaching_profile(user, **{name: form.cleaned_data[name] for name in form.Meta.fields})
            messages.success(request, _("已保存。新写的作品和推送给您的资源都会按它来。"))
            return redirect("people:me")
    context = {
        "person": user,
        "roles": roles,
        "form": form,
        "has_tokens": standing(user).opens_workbench or ApiToken.objects.filter(user=user).exists(),
        "may_be_found": may_agree_to_be_found(user) or user.findable_since is not None,
        "pupil": PupilProfile.objects.filter(user=user).select_related("grade__stage").first(),
        "children": list(wards(user)) if any(row.role == Role.PARENT for row in roles) else [],
    }
    return render(request, "people/me.html", context, status=422 if form is not None and form.errors else 200)


@require_POST
@login_required
def findable(request: HttpRequest) -> HttpResponse:
    """`on=1`: colleagues may find me in the search; anything else: no longer."""
    wanted = request.POST.get("on") == "1"
    try:
        set_findable(person_of(request), findable=wanted)
    except PermissionDenied as error:
        raise Http404 from error
    told = _("已同意，同行很快就能找到您。") if wanted else _("已取消，同行不再能找到您。")
    messages.success(request, told)
    return redirect("people:me")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """My tokens; a new one's text is in the answer that makes it, and nowhere else. Whoever works here no longer sees
    and revokes those there are."""
    user = person_of(request)
    may_add = standing(user).opens_workbench
    mine = ApiToken.objects.filter(user=user)
    if not may_add and (request.method == "POST" or not mine.exists()):
        raise Http404  # pupils and parents have no use for tokens, and would be talked out of them
    form = TokenForm(request.POST if request.method == "POST" else None, user=user)
    text = ""
    if request.method == "POST" and form.is_valid():
        if valid_tokens(user).count() >= MOST_TOKENS:
            form.add_error(None, _("最多同时有 %d 个有效令牌，请先吊销不用的。") % MOST_TOKENS)
        else:
            expires_at = timezone.now() + timedelta(days=form.cleaned_data["days"])
            _token, text = issue_token(user, name=form.cleaned_data["name"], expires_at=expires_at)
            form = TokenForm(user=user)
    found = mine.order_by(F("revoked_at").desc(nulls_first=True), "-created_at")[: MOST_TOKENS * 2]
    context = {"tokens": list(found), "form": form, "may_add": may_add, "text": text, "now": timezone.now()}
    return render(request, "people/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """The token opens nothing any more."""
    user = person_of(request)
    revoke_token(get_object_or_404(ApiToken, pk=pk, user=user), by=user)
    messages.success(request, _("已吊销，用它的系统不能再以您的身份访问。"))
    return redirect("people:tokens")
