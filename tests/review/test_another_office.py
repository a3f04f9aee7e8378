"""The office that decided on version 1 is not told who decides on version 2 elsewhere, nor how it stands there."""

import pytest
from django.utils import timezone

from tests import factories
from tests.factories import Province
from tests.factories.chain import GOOD
from tests.review.test_actions import change
from workflows.review.actions.panel import assign_experts, record_review
from workflows.review.actions.school import decide_school
from workflows.review.history import lines_for
from workflows.review.models import Policy

pytestmark = pytest.mark.django_db


def test_experts_of_another_office_are_named_to_nobody_but_that_office() -> None:
    place: Province = factories.province()
    author = factories.teacher(place)
    first = factories.published(place, author)
    work = first.work
    before = Policy.objects.get(pk=first.policy_id)
    Policy.objects.create(
        kind=before.kind, version=2, tier="city", quorum=before.quorum, experts=before.experts,
        pass_mark=before.pass_mark, in_force_from=timezone.now(),
    )  # fmt: skip
    change(work, author)
    second = factories.at_school_review(place, author, work)
    assert second.decider == place.city
    decide_school(second, by=factories.school_reviewer(place), verdict="approve")
    experts = [factories.expert(place, place.city), factories.expert(place, place.city)]
    manager = factories.person("review_manager", place.city)
    assign_experts(second, experts, by=manager)
    record_review(second, by=experts[0], verdict="reject", comment="重复", scores=GOOD)

    def read(person: object) -> str:
        return " ".join(f"{line.who} {line.text}" for line in lines_for(work, person))  # type: ignore[arg-type]

    elsewhere, here = read(factories.person("review_manager", place.county)), read(manager)
    ours = [each.expert.name for each in first.current_round().assignments.select_related("expert")]
    for expert in experts:
        assert expert.name in here
        assert expert.name not in elsewhere
    assert all(name in elsewhere for name in ours)
    assert "评审：不通过" in here
    assert "评审：不通过" not in elsewhere
