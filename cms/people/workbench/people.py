"""The people in an administrator's care: find them, end a role or a guardianship, reset a password, take two-factor
away, deactivate."""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, F, Prefetch, Q, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.organisations.queries import within
from cms.people import accounts, rules
from cms.people.forms import PeopleFilter
from cms.people.history import lines_for
from cms.people.models import Membership, User
from cms.people.queries import current, is_current
from cms.people.requests import person_of
from cms.people.workbench.access import administrators_only

PER_PAGE = 30


@administrators_only
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Everybody in one's care, by name."""
    user = person_of(request)
    form = PeopleFilter(request.GET)
    form.is_valid()  # what cannot be understood is said beside its field, and the rest narrows
    asked = form.cleaned_data
    roots = rules.administered(user)
    people = User.objects.filter(rules.as_q(user, "view"))
    if words := asked.get("q", "").strip():
        people = people.filter(Q(name__icontains=words) | Q(username__icontains=words))
    if role := asked.get("role"):
        here = Membership.objects.filter(current(), within(roots, "organisation"), role=role)
        people = people.filter(pk__in=here.values("user"))
    # Whether an account elsewhere is in use is the present school's business: here it counts as one that is.
    deactivated = Q(is_active=False) & (rules.as_q(user, "know") | rules.as_q(user, "manage"))
    people = people.annotate(deactivated=Case(When(deactivated, then=True), default=False))
    if asked.get("state") != "all":
        people = people.filter(deactivated if asked.get("state") == "inactive" else ~deactivated)
    mine = Membership.objects.filter(current(), within(roots, "organisation")).select_related("organisation")
    people = people.order_by("name", "pk").prefetch_related(
        Prefetch("memberships", queryset=mine.order_by("organisation__path", "role"), to_attr="roles_here")
    )
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request, "people/workbench/list.html", {"form": form, "page": page, "query": query.urlencode(), "roots": roots}
    )


@administrators_only
@require_safe
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One person: roles in one's care, and what may be done."""
    return render(request, "people/workbench/person.html", _context(request, _person(request, uuid)))


@administrators_only
@require_POST
def end_role(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """End one role of the person."""
    person = _person(request, uuid)
    membership = get_object_or_404(person.memberships.select_related("organisation"), pk=pk)
    _or_404(accounts.end_membership, membership, by=person_of(request))
    words = {"role": membership.get_role_display(), "place": membership.organisation}
    messages.success(request, _("已结束：%(role)s · %(place)s。") % words)
    return redirect("people_admin:person", person.uuid)


@administrators_only
@require_POST
def end_guardianship(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """The guardian sees nothing more of this pupil."""
    person = _person(request, uuid)
    guardianship = get_object_or_404(person.guardians.select_related("guardian"), pk=pk)
    _or_404(accounts.end_guardianship, guardianship, by=person_of(request))
    words = {"guardian": guardianship.guardian.name, "pupil": person.name}
    messages.success(request, _("已结束：%(guardian)s不再能看到%(pupil)s的学习情况。") % words)
    return redirect("people_admin:person", person.uuid)


@administrators_only
@require_POST
def remove_second_factor(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The password alone signs the person in again."""
    person = _person(request, uuid)
    _or_404(accounts.remove_second_factor, person, by=person_of(request))
    messages.success(request, _("已解除%s的两步验证，现在只用密码就能登录。") % person.name)
    return redirect("people_admin:person", person.uuid)


@administrators_only
@require_POST
def reset_password(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A new first password, shown in this answer only."""
    person = _person(request, uuid)
    password = _or_404(accounts.reset_password, person, by=person_of(request))
    return render(request, "people/workbench/person.html", {**_context(request, person), "password": password})


@administrators_only
@require_POST
def set_active(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Deactivate (`active=0`) or activate the account."""
    person = _person(request, uuid)
    active = request.POST.get("active") == "1"
    _or_404(accounts.set_active, person, active=active, by=person_of(request))
    messages.success(request, (_("已启用%s的账号。") if active else _("已停用%s的账号。")) % person.name)
    return redirect("people_admin:person", person.uuid)


def _person(request: HttpRequest, uuid: UUID) -> User:
    return get_object_or_404(User, rules.as_q(request.user, "view"), uuid=uuid)


def _or_404(action: Any, *args: Any, **kwargs: Any) -> Any:
    """Do it; who may not is told that there is nothing."""
    try:
        return action(*args, **kwargs)
    except PermissionDenied as error:
        raise Http404 from error


def _context(request: HttpRequest, person: User) -> dict[str, Any]:
    user = person_of(request)
    inside = within(rules.administered(user), "organisation")
    here = (
        person.memberships.filter(inside)
        .select_related("organisation", "department")
        .order_by(F("until").desc(nulls_first=True), "pk")
    )
    manageable = rules.allows(user, "manage", person)
    known = rules.allows(user, "know", person)
    guardians = person.guardians.select_related("guardian").order_by("guardian__name", "pk")
    return {
        "person": person,
        "known": known,
        "memberships": [
            {
                "membership": row,
                "ended": not is_current(row),
                "endable": is_current(row) and person != user and rules.may_grant(user, row.role, row.organisation),
            }
            for row in here
        ],
        "guardianships": [
            {"guardianship": row, "ended": not is_current(row)} for row in (guardians if known or manageable else ())
        ],
        "manageable": manageable,
        "second_factor": manageable and Authenticator.objects.filter(user=person).exists(),
        "history": lines_for(person, reader=user),
    }
