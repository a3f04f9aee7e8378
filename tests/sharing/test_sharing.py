"""Shares reach no further than they may, adoptions keep provenance, a remix is a new draft."""

import pytest
from django.core.exceptions import PermissionDenied

from cms.library.actions.authoring import add_coauthor
from cms.library.completeness import gaps
from cms.library.enums import Source
from cms.library.models import MicroCourse, Work
from cms.library.queries import visible_to
from cms.organisations.models import Organisation
from cms.spaces.actions import ensure_personal_space
from tests import factories
from tests.search.pushing import add_school
from workflows.points.models import Entry
from workflows.review import rules as review_rules
from workflows.review.actions.submitting import submit
from workflows.review.history import lines_for
from workflows.review.models import Submission
from workflows.sharing.actions import adopt, end_adoption, recall_share, remix, share_work
from workflows.sharing.errors import (
    AlreadyShared,
    LicenceForbidsChange,
    LicenceNotOpen,
    OwnWork,
    RecallWithoutReason,
    ScopeClosed,
    ScopeTooWide,
)
from workflows.sharing.models import Share
from workflows.sharing.queries import scope_choices
from workflows.sharing.rules import recallable_q
from workflows.sharing.wording import sentence

pytestmark = pytest.mark.django_db


def test_share_opens_the_work_to_the_scope_and_no_further() -> None:
    place = factories.province()
    neighbour = factories.teacher(place, place.other_school)
    near = factories.person("teacher", place.county)
    share = factories.shared(place)
    assert visible_to(near).filter(pk=share.work_id).exists()
    assert not visible_to(neighbour).filter(pk=share.work_id).exists()


def test_share_is_no_wider_than_the_tier_that_reviewed() -> None:
    place = factories.province()
    work = factories.published(place).work
    with pytest.raises(ScopeTooWide):
        share_work(work, scope=place.city, by=factories.person("publisher", place.province))
    with pytest.raises(ScopeTooWide):
        share_work(work, scope=place.county, by=factories.person("publisher", place.school))
    with pytest.raises(PermissionDenied):
        share_work(work, scope=place.county, by=factories.person("publisher", place.other_county))
    with pytest.raises(PermissionDenied):
        share_work(work, scope=place.county, by=work.owner)


def test_share_to_visitors_needs_an_open_licence() -> None:
    place = factories.province()
    author = factories.teacher(place)
    work = factories.published(place, author, factories.resource(place, author, licence="province")).work
    with pytest.raises(LicenceNotOpen):
        share_work(work, scope=place.county, openly=True, by=factories.person("publisher", place.county))


def test_private_space_adopts_nothing_whose_author_would_read_its_name() -> None:
    place = factories.province()
    pupil = factories.pupil(place)
    work = factories.shared(place, openly=True).work
    with pytest.raises(PermissionDenied):
        adopt(work, ensure_personal_space(pupil), by=pupil)


def test_share_twice_is_refused() -> None:
    place = factories.province()
    share = factories.shared(place)
    with pytest.raises(AlreadyShared):
        share_work(share.work, scope=place.county, by=share.shared_by)


def test_share_that_opens_nothing_is_refused_and_pays_nothing() -> None:
    place = factories.province()
    publisher, further = factories.person("publisher", place.county), add_school(place)
    submission = factories.published(place)
    work = submission.work
    with pytest.raises(AlreadyShared):
        share_work(work, scope=place.school, by=publisher)  # it is open there since it went live
    share_work(work, scope=further, by=publisher)
    assert list(scope_choices(publisher, submission)) == [place.county]
    wide = share_work(work, scope=place.county, by=publisher)
    paid = Entry.objects.count()
    for scope in (place.county, place.school, further, add_school(place, "3301060003")):
        with pytest.raises(AlreadyShared):
            share_work(work, scope=scope, by=publisher)
    assert Entry.objects.count() == paid
    assert not scope_choices(publisher, submission)
    recall_share(wide, by=publisher, reason="先收回")
    assert list(scope_choices(publisher, submission)) == [place.county]


def test_below_a_share_that_stands_no_scope_is_offered() -> None:
    place = factories.province()
    submission = factories.published(place)
    Submission.objects.filter(pk=submission.pk).update(decider=place.city)  # as the policy was then
    submission = Submission.objects.get(pk=submission.pk)
    publisher = factories.person("publisher", place.city)
    assert list(scope_choices(publisher, submission)) == [place.city, place.county, place.other_county]
    share_work(submission.work, scope=place.city, by=publisher)
    assert not scope_choices(publisher, submission)


def test_share_to_what_is_closed_is_refused() -> None:
    place = factories.province()
    work, closed = factories.published(place).work, add_school(place)
    Organisation.objects.filter(pk=closed.pk).update(is_active=False)
    closed.refresh_from_db()
    with pytest.raises(ScopeClosed):
        share_work(work, scope=closed, by=factories.person("publisher", place.county))


def test_recall_closes_the_work_and_goes_back_to_published() -> None:
    place = factories.province()
    share = factories.shared(place, openly=True)
    near = factories.person("teacher", place.county)
    recall_share(share, by=share.shared_by, reason="教材改版")
    assert not visible_to(near).filter(pk=share.work_id).exists()
    assert Submission.objects.get(pk=share.submission_id).state == "published"


def test_new_version_keeps_its_shares() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author)
    draft: Work = Work.objects.get(pk=share.work_id).specific
    draft.title = "分数的初步认识：第二版"
    draft.save_revision(user=author)
    newer = factories.published_from(submit(draft, by=author), place)
    assert Submission.objects.get(pk=newer.pk).state == "shared"
    assert Submission.objects.get(pk=share.submission_id).state == "superseded"
    assert Work.objects.get(pk=draft.pk).title == "分数的初步认识：第二版"


def test_adoption_keeps_version_source_and_way() -> None:
    place = factories.province()
    near = factories.person("teacher", place.county)
    share = factories.shared(place)
    adoption = adopt(share.work, ensure_personal_space(near), by=near)
    assert (adoption.version, adoption.source, adoption.path) == (1, place.school, "reviewed")
    assert adoption.seal.work_id == share.work_id
    item = near.spaces.get().shelf.get()
    assert (item.work_id, item.version) == (share.work_id, 1)
    end_adoption(adoption, by=near)
    assert near.spaces.get().shelf.get().removed_at is not None


def test_adoption_is_refused_for_own_and_for_unseen_works() -> None:
    place = factories.province()
    author, stranger = factories.teacher(place), factories.teacher(place, place.other_school)
    work = factories.published(place, author).work
    with pytest.raises(OwnWork):
        adopt(work, ensure_personal_space(author), by=author)
    together = factories.teacher(place)
    add_coauthor(Work.objects.get(pk=work.pk), together, by=author)
    with pytest.raises(OwnWork):
        adopt(work, ensure_personal_space(together), by=together)
    with pytest.raises(PermissionDenied):
        adopt(work, ensure_personal_space(stranger), by=stranger)
    with pytest.raises(PermissionDenied):
        adopt(work, ensure_personal_space(author), by=stranger)


def test_recall_needs_a_reason_and_says_so_of_a_recall() -> None:
    share = factories.shared(factories.province())
    with pytest.raises(RecallWithoutReason) as refused:
        recall_share(share, by=share.shared_by, reason=" ")
    assert sentence(refused.value) == "请写明收回共享的原因，作者会看到。"
    assert Share.objects.get(pk=share.pk).recalled_at is None


def test_remix_is_a_new_draft_with_its_origin() -> None:
    place = factories.province()
    author, colleague = factories.teacher(place), factories.teacher(place)
    course = factories.micro_course(place, author)
    course.tags.add("分数")
    course.save_revision(user=author)
    factories.published(place, author, course)
    made = remix(course, by=colleague)
    fresh = MicroCourse.objects.get(pk=made.pk)
    assert fresh.pk != course.pk
    assert (fresh.owner, fresh.live, fresh.version, fresh.source) == (colleague, False, 0, "adapted")
    assert fresh.derived_from is not None
    assert fresh.derived_from.work_id == course.pk
    assert fresh.lessons.count() == 18
    assert [tag.name for tag in fresh.tags.all()] == ["分数"]
    original = MicroCourse.objects.get(pk=course.pk)
    assert original.live
    assert original.lessons.count() == 18


def test_remix_of_a_title_with_book_marks_names_it_with_single_ones() -> None:
    place = factories.province()
    author, colleague = factories.teacher(place), factories.teacher(place)
    work = factories.published(place, author, factories.resource(place, author, title="《赵州桥》导读")).work
    made = remix(work, by=colleague)
    assert made.source_note.endswith("《〈赵州桥〉导读》")
    assert [line.text for line in lines_for(made, colleague)] == ["由《〈赵州桥〉导读》第 1 版改编而来"]


@pytest.mark.parametrize(
    ("given", "chosen", "refused"),
    [
        ("cc-by", "all-rights", False),
        ("cc-by-sa", "cc-by", True),
        ("cc-by-sa", "cc-by-sa", False),
        ("cc-by-nc-sa", "cc-by-sa", True),
        ("province", "cc-by", True),
        ("province", "all-rights", False),
    ],
)
def test_a_changed_copy_opens_nothing_that_its_origin_closed(given: str, chosen: str, refused: bool) -> None:
    place = factories.province()
    author, colleague = factories.teacher(place), factories.teacher(place)
    work = factories.published(place, author, factories.resource(place, author, licence=given)).work
    made = remix(work, by=colleague)
    made.licence = chosen
    assert ("licence" in {gap.field for gap in gaps(made, None)}) is refused
    assert "source" not in {gap.field for gap in gaps(made, None)}
    made.source = Source.ORIGINAL
    assert "source" in {gap.field for gap in gaps(made, None)}


def test_remix_is_refused_where_the_licence_forbids_change() -> None:
    place = factories.province()
    author, colleague = factories.teacher(place), factories.teacher(place)
    work = factories.published(place, author, factories.resource(place, author, licence="cc-by-nc-nd")).work
    with pytest.raises(LicenceForbidsChange):
        remix(work, by=colleague)


def test_whoever_took_part_in_a_work_is_not_led_to_recall_its_shares() -> None:
    """The list and the deed answer alike: co-authors publish neither."""
    place = factories.province()
    share = factories.shared(place)
    writer, other = (factories.person("publisher", place.county) for _two in range(2))
    share.work.coauthors.create(user=writer)
    for person, may in ((writer, False), (other, True), (factories.person("publisher", place.school), True)):
        assert review_rules.allows(person, "share", share.submission) is may
        assert Share.objects.filter(recallable_q(person), pk=share.pk).exists() is may
