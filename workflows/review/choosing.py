"""Whom a manager may ask to judge a work: found by name, organisation or subject, and who may not and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from cms.people.models import Membership, User
from cms.people.queries import Anybody, current
from workflows.experts.models import Expert
from workflows.review.desk import candidates
from workflows.review.models import Round, Submission
from workflows.review.queries import passed_by
from workflows.review.rules import revisions_of

FEW = 4  # subjects named of one person
MOST = 30  # people shown: more are found by typing


@dataclass(frozen=True)
class Found:
    """One expert of the list. `places` is where the person works."""

    user: User
    title: str
    places: str
    subjects: str
    load: int

    @property
    def shown_subjects(self) -> str:
        """The first few; nobody reads thirty."""
        names = self.subjects.split(_("、")) if self.subjects else []
        if len(names) > FEW:
            return _("%(names)s等 %(n)d 个学科") % {"names": _("、").join(names[:FEW]), "n": len(names)}
        return self.subjects or _("各学科")


@dataclass(frozen=True)
class Avoided:
    """One expert of the pool who may not judge this work, and why."""

    name: str
    places: str
    reason: str


@dataclass(frozen=True)
class Choice:
    """What the chooser shows. `more` is how many were found beyond those shown; `nobody`: the words are of no one."""

    find: str
    nobody: bool
    found: list[Found]
    more: int
    avoided: list[Avoided]
    everybody: list[Expert]


def choice(
    submission: Submission, current_round: Round, manager: Anybody, *, find: str = "", chosen: Iterable[int] = ()
) -> Choice:
    """Experts of whom every word of `find` is told; whoever is chosen stays in sight, whatever is searched."""
    words = find.lower().split()
    may = candidates(submission, current_round, manager)
    places = _places(expert.user_id for expert in may)
    ticked = set(chosen)
    found = [_found(expert, places) for expert in may]
    matching = [one for one in found if one.user.pk in ticked or _matches(words, one)]
    shown = [one for number, one in enumerate(matching) if number < MOST or one.user.pk in ticked]
    avoided = _avoided(submission, current_round, manager, {expert.user_id for expert in may})
    return Choice(
        find=find,
        nobody=bool(words) and not any(_matches(words, one) for one in found),
        found=shown,
        more=len(matching) - len(shown),
        avoided=[one for one in avoided if all(word in f"{one.name} {one.places}".lower() for word in words)][:MOST],
        everybody=may,
    )


def _places(users: Iterable[int]) -> dict[int, str]:
    rows = Membership.objects.filter(current(), user__in=list(users)).order_by("pk")
    found: dict[int, list[str]] = {}
    for user, name in rows.values_list("user", "organisation__name"):
        if name not in found.setdefault(user, []):
            found[user].append(name)
    return {user: _("、").join(names) for user, names in found.items()}


def _found(expert: Expert, places: dict[int, str]) -> Found:
    return Found(
        user=expert.user,
        title=expert.title,
        places=places.get(expert.user_id, ""),
        subjects=_("、").join(str(subject) for subject in expert.subjects.all()),
        load=expert.load,  # type: ignore[attr-defined]  # annotated by `eligible_experts`
    )


def _matches(words: list[str], one: Found) -> bool:
    told = f"{one.user.name} {one.user.username} {one.title} {one.places} {one.subjects}".lower()
    return all(word in told for word in words)


def _avoided(submission: Submission, current_round: Round, manager: Anybody, may: set[int]) -> list[Avoided]:
    """Those of the pool who stand in a conflict; who is of another subject or unavailable is not named."""
    work = submission.work
    passed = passed_by(submission, current_round)
    coauthors = {coauthor.user_id for coauthor in work.coauthors.all()}
    took_part = {submission.submitted_by_id, *revisions_of(str(work.pk)).values_list("user", flat=True)}
    memberships = Membership.objects.filter(current()).select_related("organisation")
    pool = (
        Expert.objects.filter(organisation=submission.decider_id, left_at__isnull=True, user__is_active=True)
        .exclude(user__in=may)
        .select_related("user")
        .prefetch_related(Prefetch("user__memberships", queryset=memberships, to_attr="held_now"))
        .order_by("user__name", "pk")
    )
    found = []
    for expert in pool:
        held = expert.user.held_now  # type: ignore[attr-defined]  # prefetched above
        if expert.user_id == work.owner_id:
            reason = _("是作者本人")
        elif expert.user_id in coauthors:
            reason = _("是合作者")
        elif expert.user_id in took_part:
            reason = _("写过或提交过这件作品")
        elif any(membership.organisation_id == work.organisation_id for membership in held):
            reason = _("和作者同校")
        elif expert.user_id in passed:
            reason = _("校级审核时处理过这件作品")
        elif expert.user_id == manager.pk:
            reason = _("是您自己")
        else:
            continue
        names = dict.fromkeys(membership.organisation.name for membership in held)
        found.append(Avoided(expert.user.name, _("、").join(names), reason))
    return found
