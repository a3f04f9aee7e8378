"""Who is concerned by a submission: its authors, and who is to act next."""

from collections.abc import Iterable
from typing import NamedTuple

from cms.organisations.models import Organisation
from cms.organisations.queries import lineage
from cms.people.enums import Role
from cms.people.models import User
from cms.people.queries import holders
from workflows.review import rules
from workflows.review.actions.moving import read_coauthors
from workflows.review.models import Submission


class InCharge(NamedTuple):
    """Who is to act: of the office itself, of the nearest above it, or whoever can name somebody.

    may_act   False for those who can only name somebody
    """

    people: list[User]
    may_act: bool = True


def authors(submission: Submission) -> list[User]:
    work = submission.work
    read_coauthors(work)
    return [work.owner, *(coauthor.user for coauthor in work.coauthors.all())]


def in_charge(submission: Submission, role: Role, office: Organisation) -> InCharge:
    """The impartial holders of `role` at `office`. Where it has none, the submission would wait for nobody: the nearest
    above may act as well, and else the nearest administrators give somebody the role. No more queries where it has."""
    here = _impartial(holders(role, office), submission)
    if here:
        return InCharge(here)
    above = list(lineage(office).order_by("-path"))
    for wanted in (role, Role.ADMINISTRATOR):
        for place in above:
            people = _impartial(holders(wanted, place), submission)
            if people:
                return InCharge(people, may_act=wanted == role)
    return InCharge([])


def _impartial(people: Iterable[User], submission: Submission) -> list[User]:
    """Without those who had a part in it, also who has stepped out: they could not decide anyway (`review.rules`)."""
    saved = rules.revisions_of(str(submission.work_id)).values_list("user", flat=True).distinct()
    took_part = {submission.submitted_by_id, *(person.pk for person in authors(submission)), *saved}
    return [person for person in people if person.pk not in took_part]
