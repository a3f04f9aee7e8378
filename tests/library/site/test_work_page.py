"""The work page: to whom, in how many queries, and what of it nobody else may read."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.library.models import Work
from cms.library.visitor_page import openly_shared
from tests import factories
from tests.browsing import signed_in
from tests.english import read_in_english
from tests.factories.province import Province
from workflows.review.actions.publishing import retire
from workflows.review.models import Submission
from workflows.sharing.actions import recall_share, remix

pytestmark = pytest.mark.django_db

KINDS = ("resource", "micro_course", "case_study", "research_outcome")


def open_work(place: Province, kind: str = "resource", **facts: Any) -> Work:
    """A work of that kind, shared with its county and with visitors."""
    author = factories.teacher(place)
    share = factories.shared(place, author, getattr(factories, kind)(place, author, **facts), openly=True)
    return Work.objects.get(pk=share.work_id)


def test_work_page_is_for_whom_it_was_shared_with_and_nobody_else() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, title="圆明园的毁灭：读写结合"))
    address = share.work.get_absolute_url()
    may = [author, factories.teacher(place), factories.pupil(place), factories.person("teacher", place.county)]
    may_not = [factories.teacher(place, place.other_school), factories.person("administrator", place.other_county)]
    for user in may:
        answer = signed_in(user).get(address)
        assert answer.status_code == 200
        assert "圆明园的毁灭" in answer.content.decode()
    for client in [Client(), *map(signed_in, may_not)]:
        answer = client.get(address)
        assert answer.status_code == 404
        assert "圆明园" not in answer.content.decode()


def test_work_page_of_a_draft_is_not_found_even_by_its_author() -> None:
    place = factories.province()
    author = factories.teacher(place)
    draft = factories.resource(place, author)
    assert signed_in(author).get(draft.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_work_page_costs_a_visitor_one_query_once_it_is_kept(kind: str, django_assert_max_num_queries: Any) -> None:
    work = open_work(factories.province(), kind)
    first = Client().get(work.get_absolute_url())
    with django_assert_max_num_queries(1):
        second = Client().get(work.get_absolute_url())
    assert first.status_code == second.status_code == 200
    assert without_nonce(second) == without_nonce(first)


@pytest.mark.parametrize("role", ["teacher", "expert"])  # what waits for an expert is counted at the head of the page
@pytest.mark.parametrize("kind", KINDS)
def test_work_page_costs_whoever_is_signed_in_at_most_thirteen_queries(
    kind: str, role: str, django_assert_max_num_queries: Any
) -> None:
    place = factories.province()
    work = open_work(place, kind)
    open_work(place)  # which fits next to it
    client = signed_in(factories.person(role, place.school))
    with django_assert_max_num_queries(13):  # one of them: how many notices are unread, for the menu of every page
        assert client.get(work.get_absolute_url()).status_code == 200


def test_work_page_names_what_fits_next_to_it_nearest_first_and_at_most_four() -> None:
    place = factories.province()
    author = factories.teacher(place)
    here = open_work(place, title="眼前这一件")
    for title, facts in (
        ("同学段", {"chapter": None, "textbook": None}),
        ("同年级", {"chapter": None, "textbook": None}),
        ("同一册", {"chapter": None}),
        ("同一章", {}),
        ("只在县里", {}),
    ):
        openly = title != "只在县里"
        factories.shared(place, author, factories.resource(place, author, title=title, **facts), openly=openly)
    Work.objects.filter(title="同学段").update(grade=None)
    for client, expected in (
        (Client(), ["同一章", "同一册", "同年级", "同学段"]),
        (signed_in(factories.teacher(place)), ["只在县里", "同一章", "同一册", "同年级"]),
    ):
        section = client.get(here.get_absolute_url()).content.decode().partition('id="fits-head"')[2]
        assert re.findall(r'class="card-title"><a [^>]*>([^<]+)</a>', section) == expected


def test_work_that_says_nothing_of_its_subject_has_nothing_next_to_it() -> None:
    place = factories.province()
    open_work(place)
    facts = dict.fromkeys(("chapter", "textbook", "grade", "edition", "subject", "stage"))
    author = factories.teacher(place)
    lone = factories.published(place, author, factories.resource(place, author))
    Work.objects.filter(pk=lone.work_id).update(**facts)
    assert "fits-head" not in signed_in(author).get(lone.work.get_absolute_url()).content.decode()


def test_course_page_costs_the_same_with_one_lesson_and_with_thirty() -> None:
    place = factories.province()
    counts = []
    for number in (18, 30):
        author = factories.teacher(place)
        share = factories.shared(place, author, factories.micro_course(place, author, lessons=number))
        client = signed_in(factories.teacher(place))
        client.get(share.work.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(share.work.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_kept_page_has_a_nonce_of_its_own_response() -> None:
    work = open_work(factories.province())
    nonces = []
    for _visit in range(2):
        answer = Client().get(work.get_absolute_url())
        found = re.search(r'<script type="application/ld\+json" nonce="([^"]+)"', answer.content.decode())
        assert found is not None
        assert f"'nonce-{found[1]}'" in answer.headers["Content-Security-Policy"]
        nonces.append(found[1])
    assert nonces[0] != nonces[1]


def test_recall_closes_the_kept_page_at_once() -> None:
    place = factories.province()
    share = factories.shared(place, openly=True)
    address = share.work.get_absolute_url()
    assert Client().get(address).status_code == 200
    recall_share(share, by=share.shared_by, reason="教材改版")
    assert Client().get(address).status_code == 404


def test_new_version_replaces_the_kept_page() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, title="第一版的标题"), openly=True)
    address = share.work.get_absolute_url()
    assert "第一版的标题" in Client().get(address).content.decode()
    draft = Work.objects.get(pk=share.work_id).specific
    draft.title = "第二版的标题"
    draft.save_revision(user=author)
    factories.published_from(factories.at_school_review(place, author, draft), place)
    page = Client().get(address).content.decode()
    assert "第二版的标题" in page
    assert "第一版的标题" not in page


def test_kept_page_shows_nothing_of_whoever_came_first() -> None:
    """A question in the address, and a message for one person, are never kept for the next visitor."""
    work = open_work(factories.province())
    address = work.get_absolute_url()
    odd = Client().get(address + "?q=%3Cb%3E%E7%A7%98%E5%AF%86&next=//evil.example").content.decode()
    assert "<b>秘密" not in odd
    page = Client().get(address).content.decode()
    assert "秘密" not in page
    assert "evil.example" not in page
    person = factories.teacher(factories_place(work))
    assert person.name in signed_in(person).get(address).content.decode()
    assert person.name not in Client().get(address).content.decode()


def factories_place(work: Work) -> Any:
    """What `factories.teacher` needs of a province, from the work itself."""
    return type("Place", (), {
        "school": work.organisation, "stage": work.stage, "subject": work.subject, "edition": work.edition,
        "grade": work.grade,
    })  # fmt: skip


def test_retired_work_shows_a_tombstone_to_whoever_could_see_it() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author, openly=True)
    better = factories.shared(place, author, openly=True).work
    hidden = factories.resource(place, author, title="还没写完的草稿")
    address = share.work.get_absolute_url()
    Client().get(address)
    submission = Submission.objects.get(work=share.work_id, state="shared")
    retire(submission, by=share.shared_by, reason="教材换了新版", replacement=better)
    for client in (Client(), signed_in(author), signed_in(factories.pupil(place))):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 410
        assert "教材换了新版" in page
        assert better.get_absolute_url() in page
        assert hidden.title not in page


def test_tombstone_is_not_shown_to_a_stranger_and_hides_a_replacement_one_may_not_see() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author)
    private = factories.published(place, author, factories.resource(place, author, title="只在校内的新作")).work
    submission = Submission.objects.get(work=share.work_id, state="shared")
    retire(submission, by=factories.person("administrator", place.county), reason="不再适用", replacement=private)
    address = share.work.get_absolute_url()
    for client in (Client(), signed_in(factories.teacher(place, place.other_school))):
        assert client.get(address).status_code == 404
    near = signed_in(factories.person("teacher", place.county)).get(address)
    assert near.status_code == 410
    assert "只在校内的新作" not in near.content.decode()


def test_json_ld_is_true_and_no_title_can_leave_its_script() -> None:
    place = factories.province()
    nasty = "</script><script>alert(1)</script>&amp;“引号”"
    work = open_work(place, title=nasty)
    page = Client().get(work.get_absolute_url()).content.decode()
    assert "<script>alert(1)" not in page
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)
    assert found is not None
    told = json.loads(found[1])
    assert told["name"] == nasty
    assert told["license"] == "https://creativecommons.org/licenses/by-nc-sa/4.0/"
    assert told["educationalLevel"] == ["小学", "三年级"]


def test_json_ld_is_only_for_works_that_visitors_see() -> None:
    place = factories.province()
    share = factories.shared(place)
    page = signed_in(factories.pupil(place)).get(share.work.get_absolute_url()).content.decode()
    assert "application/ld+json" not in page
    assert 'content="noindex"' in page


def test_body_plays_pdfs_videos_with_captions_pictures_and_lists_every_file() -> None:
    place = factories.province()
    author = factories.teacher(place)
    files = [
        factories.stored_file(author, name="教学设计.pdf"),
        factories.stored_file(author, name="课堂实录.mp4", kind="video"),
        factories.stored_file(author, name="课堂实录.vtt", kind="captions"),
    ]
    draft = factories.resource(place, author)
    draft.files.set(files)
    draft.save_revision(user=author)
    share = factories.shared(place, author, draft, openly=True)
    page = Client().get(share.work.get_absolute_url()).content.decode()
    assert f'<iframe class="page-frame" src="/files/{files[0].uuid}/' in page
    assert f'<source src="/files/{files[1].uuid}/' in page
    assert f'<track kind="captions" src="/files/{files[2].uuid}/' in page
    assert page.count('?download" download') == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("compiled")
def test_work_page_is_shown_in_english(kind: str) -> None:
    place = factories.province()
    work = open_work(place, kind)
    for client in (Client(), signed_in(factories.teacher(place))):
        assert work.title in read_in_english(client, work.get_absolute_url())


def test_remix_names_its_origin_where_one_may_see_it() -> None:
    place = factories.province()
    share = factories.shared(place, factories.teacher(place), openly=False)
    other = factories.teacher(place)
    copy = remix(share.work, by=other)
    copy.title, copy.authorship_stated = "改编后的课", True
    copy.save_revision(user=other)
    made = factories.shared(place, other, copy, openly=True)
    link = f'<a href="{share.work.get_absolute_url()}">'
    assert link in signed_in(factories.teacher(place)).get(made.work.get_absolute_url()).content.decode()
    page = Client().get(made.work.get_absolute_url()).content.decode()
    assert link not in page
    assert "改编" in page


def test_openly_shared_tells_nothing_of_a_work_that_is_not() -> None:
    share = factories.shared(factories.province())
    assert openly_shared(share.work.uuid) is None


def without_nonce(answer: Any) -> str:
    return re.sub(r'nonce="[^"]+"', "", answer.content.decode())
