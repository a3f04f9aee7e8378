"""Points follow from review and reuse, once, by the tariff in force, and a recall takes them back."""

import pytest
from django.db import DatabaseError, connection, transaction

from cms.audit.append_only import AppendOnlyError
from cms.people.models import User
from cms.spaces.actions import ensure_personal_space, ensure_subject_space
from tests import factories
from tests.review.states import change
from workflows.points.actions import award, reverse
from workflows.points.enums import Reason
from workflows.points.models import Entry, Tariff, TariffLine
from workflows.points.queries import balance
from workflows.sharing.actions import adopt, end_adoption, recall_share, share_work

pytestmark = pytest.mark.django_db


def points_of(user: User) -> int:
    return balance(ensure_personal_space(user))


def test_chain_pays_author_subject_space_and_reviewers() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author)
    assert points_of(author) == 10 + 5
    assert balance(ensure_subject_space(place.school, place.subject)) == 5 + 3
    reviews = share.submission.current_round().reviews.all()
    assert {review.stage for review in reviews} == {"school", "expert"}
    assert [points_of(review.reviewer) for review in reviews] == [3, 3, 3]


def test_adoption_pays_once_however_often_it_is_repeated() -> None:
    place = factories.province()
    author, colleague = factories.teacher(place), factories.teacher(place)
    work = factories.published(place, author).work
    space = ensure_personal_space(colleague)
    first = adopt(work, space, by=colleague)
    assert adopt(work, space, by=colleague) == first
    end_adoption(first, by=colleague)
    adopt(work, space, by=colleague)
    assert points_of(author) == 10 + 2


def test_recall_reverses_what_the_share_paid() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author)
    recall_share(share, by=share.shared_by, reason="内容需要更新")
    assert points_of(author) == 10
    assert Entry.objects.filter(reverses__isnull=False).count() == 2


def test_new_version_pays_its_kept_shares_by_no_later_tariff() -> None:
    """Nobody has shared it just now; who shares it further is paid by the tariff of that day."""
    place = factories.province()
    author = factories.teacher(place)
    Tariff.objects.get().lines.filter(reason="shared").delete()
    share = factories.shared(place, author)
    newer = Tariff.objects.create(version=2)
    TariffLine.objects.create(tariff=newer, reason="shared", recipient="author", points=7)
    change(share.work, author)
    factories.published(place, author, share.work)
    share.refresh_from_db()
    assert share.recalled_at is None
    assert not Entry.objects.filter(reason="shared").exists()
    recall_share(share, by=share.shared_by, reason="内容需要更新")
    assert not Entry.objects.filter(reason="shared").exists()
    share_work(share.work, scope=place.county, by=share.shared_by)
    assert list(Entry.objects.filter(reason="shared").values_list("points", "tariff__version")) == [(7, 2)]


def test_reverse_twice_is_one_reversal() -> None:
    place = factories.province()
    factories.published(place)
    entry = Entry.objects.filter(reason="published").first()
    assert entry is not None
    assert reverse(entry, why="误记") == reverse(entry, why="误记")


def test_award_uses_the_tariff_in_force_and_its_line_of_the_kind() -> None:
    place = factories.province()
    work = factories.published(place).work
    newer = Tariff.objects.create(version=2)
    TariffLine.objects.create(tariff=newer, reason="shared", recipient="author", points=1)
    TariffLine.objects.create(tariff=newer, reason="shared", recipient="author", kind="resource", points=7)
    made = award(Reason.SHARED, work=work, cause_type="share", cause_id="x")
    assert [(entry.points, entry.tariff.version) for entry in made] == [(7, 2)]


def test_entries_are_written_once() -> None:
    place = factories.province()
    factories.published(place)
    entry = Entry.objects.first()
    assert entry is not None
    entry.points = 99
    with pytest.raises(AppendOnlyError):
        entry.save()
    with pytest.raises(AppendOnlyError):
        entry.delete()
    with pytest.raises(AppendOnlyError):
        Entry.objects.update(points=99)
    for statement in ("UPDATE points_entry SET points = 99", "DELETE FROM points_entry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
