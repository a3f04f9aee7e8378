"""Which version holds: the one that came into force last, not the one that was written last."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cms.library.actions.standards import set_standard
from cms.library.models import Standard
from cms.library.queries import standard_for
from tests import factories
from workflows.points.models import Tariff
from workflows.points.queries import tariff_in_force
from workflows.review.actions.ruling import add_version, change_version
from workflows.review.models import Policy, Rubric
from workflows.review.queries import policy_for, rubric_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("model", "found"), [(Policy, policy_for), (Rubric, rubric_for), (Standard, standard_for)])
def test_what_was_planned_has_its_day_though_another_was_added_since(model: type, found: object) -> None:
    now = timezone.now()
    highest = max(model.objects.filter(kind="resource").values_list("version", flat=True), default=0)  # type: ignore[attr-defined]
    planned = model.objects.create(kind="resource", version=highest + 1, in_force_from=now + timedelta(days=30))  # type: ignore[attr-defined]
    added = model.objects.create(kind="resource", version=highest + 2, in_force_from=now)  # type: ignore[attr-defined]
    assert found("resource") == added  # type: ignore[operator]
    with time_machine.travel(now + timedelta(days=31)):
        assert found("resource") == planned  # type: ignore[operator]


def test_so_it_is_with_tariffs() -> None:
    now = timezone.now()
    highest = max(Tariff.objects.values_list("version", flat=True), default=0)
    planned = Tariff.objects.create(version=highest + 1, in_force_from=now + timedelta(days=30))
    added = Tariff.objects.create(version=highest + 2, in_force_from=now)
    assert tariff_in_force() == added
    with time_machine.travel(now + timedelta(days=31)):
        assert tariff_in_force() == planned


def test_no_version_comes_into_force_in_the_past() -> None:
    """A date that has passed would stand behind the version that holds, and never count."""
    ruler = factories.person("administrator", factories.province().province)
    before = timezone.now()
    past = before - timedelta(days=900)
    standard = set_standard(Standard(kind="resource", min_files=7, in_force_from=past), by=ruler)
    assert standard.in_force_from >= before
    assert standard_for("resource") == standard
    policy = add_version(Policy(kind="resource", in_force_from=before + timedelta(days=9)), by=ruler)
    policy.in_force_from = past
    assert change_version(policy, by=ruler).in_force_from >= before
    assert policy_for("resource") == policy
