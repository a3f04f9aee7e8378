"""Reads of sharing: what waits to be shared, what is shared, how far it may go."""

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q, QuerySet

from cms.library.models import Grant, Work
from cms.organisations.models import Organisation
from cms.organisations.queries import within
from cms.people.enums import Role
from cms.people.models import User
from cms.people.queries import Anybody, standing
from cms.people.statements import Composed
from workflows.review import rules as review_rules
from workflows.review.enums import State
from workflows.review.models import Submission
from workflows.review.queries import with_work
from workflows.sharing.models import Adoption, Recommendation, Share
from workflows.sharing.rules import kept_q, recommends_for

AUDIENCE = tuple(f"audience__{name}" for name in ("organisation", "stage", "subject", "grade"))
"""What the name of an audience reads."""

MOST_NEAR = 13  # shown before somebody looks for another by name
MOST_SCOPES = 500  # a city has a dozen counties, a county a few hundred schools


def waiting(user: Anybody) -> "QuerySet[Submission]":
    """Published works that this person may share and that nobody has shared yet, longest waiting first."""
    return with_work(Submission.objects.filter(review_rules.as_q(user, "share"), state=State.PUBLISHED)).order_by(
        "entered_at", "id"
    )


def shared(user: Anybody) -> "QuerySet[Submission]":
    """Works that this person may share further or recall, with their standing shares, newest first."""
    standing_shares = Share.objects.filter(recalled_at=None).select_related("scope", "shared_by")
    return (
        with_work(Submission.objects.filter(review_rules.as_q(user, "share"), state=State.SHARED))
        .prefetch_related(Prefetch("work__shares", queryset=standing_shares, to_attr="standing_shares"))
        .order_by("-entered_at", "-id")
    )


def scope_choices(user: User, submission: Submission) -> "QuerySet[Organisation]":
    """Organisations this publisher may share the work to, the widest first: below an organisation where the person
    publishes and no wider than the one whose experts decided. What is closed, and where the work is open already (in
    the author's own school, below a share that stands), is left out."""
    reach = within(standing(user).organisations(Role.PUBLISHER)) & within([submission.decider])
    opened = Organisation.objects.filter(pk__in=Grant.objects.filter(work=submission.work_id).values("organisation"))
    above = Q(path__in=submission.work.organisation.ancestor_paths)
    beside = Q(tier__in=("province", "city", "county"))
    return (
        Organisation.objects.filter(reach, above | beside, is_active=True)
        .exclude(within(opened))
        .order_by("depth", "path")[:MOST_SCOPES]
    )


def _adopted(works: Sequence[int]) -> "QuerySet[Adoption, Any]":
    rows = Adoption.objects.filter(work__in=works, ended_at=None).order_by()
    return rows.values_list("work").annotate(number=Count("pk"))


_ADOPTED = Composed(_adopted)


def adoptions_by_work(works: "list[int]") -> dict[int, int]:
    """How many spaces use each of these works now: one query."""
    return dict(_ADOPTED.rows(works))


def is_open_to(work: Work, organisation: Organisation) -> bool:
    """The live version is granted to the organisation or above it: a share to it would open nothing. That visitors
    may see it is another matter: a share is pushed to its scope."""
    return Grant.objects.filter(work=work.pk, organisation__path__in=organisation.ancestor_paths).exists()


def seen_by_all(work: Work, organisation: Organisation) -> bool:
    """Everybody at or below the organisation may see the live version: what is granted to it, above it, or to all."""
    reaching = Q(organisation=None) | Q(organisation__path__in=organisation.ancestor_paths)
    return Grant.objects.filter(reaching, work=work.pk).exists()


def reaches() -> Exists:
    """Of recommendations: whether the audience may see the work now, because it is shared and granted that far."""
    shared = Share.objects.filter(work=OuterRef("work"), recalled_at=None)
    granted = Grant.objects.filter(Exists(shared), work=OuterRef("work"), work__live=True)
    below = granted.annotate(
        audience_path=ExpressionWrapper(OuterRef("audience__organisation__path"), output_field=CharField())
    )
    return Exists(below.filter(Q(organisation=None) | Q(audience_path__startswith=F("organisation__path"))))


def standing_recommendations(work: Work) -> "QuerySet[Recommendation]":
    """Those that are to be delivered now."""
    return Recommendation.objects.filter(reaches(), work=work.pk, withdrawn_at=None).order_by("pk")


def recommendations(user: Anybody) -> "QuerySet[Any]":
    """What editors of this person's organisations, and of those below, recommended, the newest first, with what a row
    shows; `reaches_them` says whether the audience may see the work now."""
    return (
        Recommendation.objects.filter(kept_q(user))
        .select_related(*("work__owner", "work__organisation", "source", "by", "withdrawn_by"), *AUDIENCE)
        .annotate(reaches_them=reaches())
        .defer("work__body")
        .order_by("-pk")
    )


def near_audiences(user: User, work: Work) -> "QuerySet[Organisation]":
    """Organisations to which this person can recommend the work now, the widest first: as far as both the person's
    reach and the work's go, and what lies right below."""
    places = [place.path for place in recommends_for(user)]
    granted = Grant.objects.filter(work=work.pk).values_list("organisation__path", flat=True)
    widest = {
        max(place, path or "", key=len)
        for path in granted
        for place in places
        if (path or "").startswith(place) or place.startswith(path or "")
    }
    here = Q(path__in=widest)
    for path in widest:
        here |= Q(path__startswith=path, depth=len(path) // Organisation.steplen + 1)
    return Organisation.objects.filter(here, is_active=True).order_by("depth", "path")[:MOST_NEAR]
