"""Plain Wagtail puts a work live, or takes it down, by every way named here. None of them does; only the row counts."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.actions import action_registry
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction

from cms.library.models import Resource, Work
from tests import factories
from tests.library.admin.conftest import Cast
from tests.library.admin.pages import edit_url, open_form, url

REFUSALS = (PermissionDenied, IntegrityError, DatabaseError)


@pytest.fixture
def superowner(cast: Cast) -> Cast:
    """The owner is a superuser besides: nobody could be mightier."""
    cast.owner.is_superuser = cast.owner.is_staff = True
    cast.owner.save()
    return cast


def browser(cast: Cast) -> Client:
    return cast.client("owner")


def by_button(cast: Cast, work: Work) -> None:
    data = open_form(browser(cast), edit_url(work))
    browser(cast).post(edit_url(work), {**data, "action-publish": "action-publish"})


def by_button_on_add(cast: Cast, work: Work) -> None:
    address = url(Resource, "add")
    data = open_form(browser(cast), address)
    browser(cast).post(address, {**data, "title": "新作品", "action-publish": "action-publish"})


def by_button_on_revert(cast: Cast, work: Work) -> None:
    address = url(work, "revisions_revert", work.pk, work.latest_revision_id)
    data = open_form(browser(cast), address)
    browser(cast).post(address, {**data, "action-publish": "action-publish"})


def by_dates(cast: Cast, work: Work) -> None:
    data = open_form(browser(cast), edit_url(work))
    yesterday = (timezone.now() - dt.timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    browser(cast).post(edit_url(work), {**data, "go_live_at": yesterday})
    call_command("publish_scheduled")


def by_registry(cast: Cast, work: Work) -> None:
    publish = action_registry.get_action_class(type(work), "publish")
    publish(work.latest_revision, user=cast.owner).execute(skip_permission_checks=True)


def by_action(cast: Cast, work: Work) -> None:
    PublishRevisionAction(work.latest_revision, user=cast.owner).execute(skip_permission_checks=True)


def by_revision(cast: Cast, work: Work) -> None:
    work.latest_revision.publish(user=cast.owner, skip_permission_checks=True)


def by_method(cast: Cast, work: Work) -> None:
    work.publish(work.latest_revision, user=cast.owner, skip_permission_checks=True)


def by_attribute(cast: Cast, work: Work) -> None:
    work.live = True
    work.live_revision = work.latest_revision
    work.save()


def by_birth(cast: Cast, work: Work) -> None:
    Resource(title="生来就在线", owner=cast.owner, organisation=cast.place.school, live=True).save()


def by_update(cast: Cast, work: Work) -> None:
    Work.objects.filter(pk=work.pk).update(live=True, live_revision=work.latest_revision)


def by_bulk_update(cast: Cast, work: Work) -> None:
    work.live = True
    Work.objects.bulk_update([work], ["live"])


def by_base_manager(cast: Cast, work: Work) -> None:
    Work._base_manager.filter(pk=work.pk).update(live=True, live_revision=work.latest_revision)


def by_sql(cast: Cast, work: Work) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE library_work SET live = %s, live_revision_id = %s WHERE id = %s",
            [True, work.latest_revision_id, work.pk],
        )


def by_schedule(cast: Cast, work: Work) -> None:
    Work._base_manager.filter(pk=work.pk).update(go_live_at=timezone.now())
    call_command("publish_scheduled")


WAYS: list[Callable[[Cast, Work], None]] = [
    by_button, by_button_on_add, by_button_on_revert, by_dates, by_registry, by_action, by_revision, by_method,
    by_attribute, by_birth, by_update, by_bulk_update, by_base_manager, by_sql, by_schedule,
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_goes_live_but_through_review(superowner: Cast, way: Callable[[Cast, Work], None]) -> None:
    work = factories.resource(superowner.place, superowner.owner)
    _try(way, superowner, work)
    assert not Work.objects.filter(live=True).exists()


def down_by_address(cast: Cast, work: Work) -> None:
    prefix = edit_url(work).removesuffix(f"edit/{work.pk}/")
    for name in ("unpublish", "lock", "unlock", "copy"):
        assert browser(cast).post(f"{prefix}{name}/{work.pk}/").status_code == 404


def down_by_registry(cast: Cast, work: Work) -> None:
    action_registry.get_action_class(type(work), "unpublish")(work, user=cast.owner).execute(
        skip_permission_checks=True
    )


def down_by_action(cast: Cast, work: Work) -> None:
    UnpublishAction(work, user=cast.owner).execute(skip_permission_checks=True)


def down_by_method(cast: Cast, work: Work) -> None:
    work.unpublish(user=cast.owner)


def down_by_update(cast: Cast, work: Work) -> None:
    Work.objects.filter(pk=work.pk).update(live=False)


def down_by_base_manager(cast: Cast, work: Work) -> None:
    Work._base_manager.filter(pk=work.pk).update(live=False)


def down_by_expiry(cast: Cast, work: Work) -> None:
    Work._base_manager.filter(pk=work.pk).update(expire_at=timezone.now())
    call_command("publish_scheduled")


def down_by_delete(cast: Cast, work: Work) -> None:
    assert browser(cast).post(url(work, "delete", work.pk)).status_code == 404


DOWN: list[Callable[[Cast, Work], None]] = [
    down_by_address, down_by_registry, down_by_action, down_by_method, down_by_update, down_by_base_manager,
    down_by_expiry, down_by_delete,
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("way", DOWN, ids=lambda way: way.__name__)
def test_nothing_is_taken_down_but_by_retiring(superowner: Cast, way: Callable[[Cast, Work], None]) -> None:
    work = factories.resource(superowner.place, superowner.owner)
    factories.published(superowner.place, superowner.owner, work)
    live: Any = Work.objects.get(pk=work.pk).specific
    _try(way, superowner, live)
    assert Work.objects.get(pk=work.pk).live


@pytest.mark.django_db
def test_publish_buttons_are_shown_to_nobody(superowner: Cast) -> None:
    work = factories.resource(superowner.place, superowner.owner)
    page = browser(superowner).get(edit_url(work)).content.decode()
    assert "action-publish" not in page
    assert "unpublish" not in page


def _try(way: Callable[[Cast, Work], None], cast: Cast, work: Work) -> None:
    """Refused, or without effect: the caller looks at the row."""
    try:
        with transaction.atomic():
            way(cast, work)
    except REFUSALS:
        pass
