"""A publisher's pages, what a teacher does with a work, and the statement of a space."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from cms.library.models import Work
from cms.spaces.actions import ensure_personal_space
from tests import factories
from tests.browsing import queries_of, signed_in
from tests.english import read_in_english
from tests.factories.province import Province
from workflows.points.models import Entry
from workflows.review.models import Submission
from workflows.sharing.actions import recall_share, share_work
from workflows.sharing.models import Share

pytestmark = pytest.mark.django_db


def published(place: Province, **facts: Any) -> Submission:
    author = factories.teacher(place)
    return factories.published(place, author, factories.resource(place, author, **facts))


def test_waiting_lists_what_this_publisher_may_share() -> None:
    place = factories.province()
    published(place, title="等待共享的课")
    seen = {
        factories.person("publisher", place.county): True,
        factories.person("publisher", place.province): True,
        factories.person("publisher", place.other_county): False,
    }
    for user, listed in seen.items():
        assert ("等待共享的课" in signed_in(user).get("/sharing/").content.decode()) == listed
    for user in (factories.teacher(place), factories.person("administrator", place.county), factories.pupil(place)):
        assert signed_in(user).get("/sharing/").status_code == 404
    assert Client().get("/sharing/").status_code == 302


def test_from_what_waits_a_publisher_comes_back_to_it() -> None:
    place = factories.province()
    submission = published(place, title="《赵州桥》：读给同桌听")
    publisher = signed_in(factories.person("publisher", place.county))
    page = publisher.get("/sharing/").content.decode()
    assert "《〈赵州桥〉：读给同桌听》" in page
    assert "《《" not in page
    desk = publisher.get(f"/review/{submission.uuid}/").content.decode()
    assert desk.count('href="/sharing/"') == 2  # menu and way back
    assert "待我处理" not in desk
    manager = signed_in(factories.person("review_manager", place.county))
    assert "待我处理" in manager.get(f"/review/{submission.uuid}/").content.decode()


def test_what_waits_leads_to_where_a_publisher_can_read_it() -> None:
    place = factories.province()
    published(place, title="等待共享的课")
    client = signed_in(factories.person("publisher", place.county))
    (led,) = set(
        re.findall(
            r'href="(/(?:works|review)/[^"]+/)"[^>]*>[^<]*等待共享的课', client.get("/sharing/").content.decode()
        )
    )
    assert client.get(led).status_code == 200


@pytest.mark.parametrize("tab", ["waiting", "shared"])
def test_waiting_costs_the_same_with_one_and_with_three(tab: str) -> None:
    place = factories.province()
    publisher = factories.person("publisher", place.county)
    counts = []
    for number in (1, 2):
        for _more in range(number):
            if tab == "shared":
                factories.shared(place)
            else:
                published(place)
        counts.append(queries_of(signed_in(publisher), f"/sharing/?tab={tab}"))
    assert counts[0] == counts[1]


def test_share_form_offers_scopes_within_the_rule_only() -> None:
    place = factories.province()
    submission = published(place)
    page = signed_in(factories.person("publisher", place.county)).get(f"/sharing/{submission.uuid}/").content.decode()
    assert f'<option value="{place.county.pk}">' in page
    for other in (place.province, place.city, place.other_county, place.school, place.other_school):
        assert f'<option value="{other.pk}">' not in page


def test_share_form_shares_and_refuses_in_words() -> None:
    place = factories.province()
    submission = published(place)
    publisher = factories.person("publisher", place.county)
    client, address = signed_in(publisher), f"/sharing/{submission.uuid}/"
    for scope in (place.city.pk, place.other_school.pk, "x", ""):
        assert client.post(address, {"scope": scope}).status_code == 400
    assert not Share.objects.exists()
    assert client.post(address, {"scope": place.county.pk, "openly": "on"}).status_code == 302
    share = Share.objects.get()
    assert (share.scope, share.openly, share.shared_by) == (place.county, True, publisher)
    assert client.post(address, {"scope": place.county.pk}).status_code == 400
    assert Share.objects.count() == 1
    assert share.work.title in client.get("/sharing/?tab=shared").content.decode()


def test_share_openly_needs_an_open_licence() -> None:
    place = factories.province()
    submission = published(place, licence="all-rights")
    client = signed_in(factories.person("publisher", place.county))
    assert "不允许向访客开放" in client.get(f"/sharing/{submission.uuid}/").content.decode()
    client.post(f"/sharing/{submission.uuid}/", {"scope": place.county.pk, "openly": "on"})
    assert [share.openly for share in Share.objects.all()] == [False]


def test_pages_of_a_publisher_are_not_found_by_others() -> None:
    place = factories.province()
    share = factories.shared(place)
    submission = published(place)
    others = [
        factories.teacher(place), submission.work.owner, factories.person("publisher", place.other_county),
        factories.person("administrator", place.other_county), factories.pupil(place),
    ]  # fmt: skip
    for user in others:
        for address in (
            f"/sharing/{submission.uuid}/", f"/sharing/{submission.uuid}/retire/", f"/sharing/{uuid4()}/",
            f"/sharing/shares/{share.uuid}/recall/",
        ):  # fmt: skip
            for answer in (signed_in(user).get(address), signed_in(user).post(address, {"reason": "不行"})):
                assert answer.status_code == 404
                assert submission.work.title not in answer.content.decode()
    assert Share.objects.filter(recalled_at=None).count() == 1
    assert Work.objects.filter(live=True).count() == 2


def test_recall_needs_a_reason_and_happens_once() -> None:
    place = factories.province()
    share = factories.shared(place)
    client, address = signed_in(share.shared_by), f"/sharing/shares/{share.uuid}/recall/"
    assert "其他共享和作者所在的学校不受影响" in client.get(address).content.decode()
    assert client.post(address, {"reason": "  "}).status_code == 400
    assert client.post(address, {"reason": "教材改版"}).status_code == 302
    assert client.post(address, {"reason": "再来一次"}).status_code == 302
    share.refresh_from_db()
    assert share.recall_reason == "教材改版"


def test_retire_names_reason_and_replacement() -> None:
    place = factories.province()
    share, better = factories.shared(place), factories.shared(place)
    client = signed_in(share.shared_by)
    address = f"/sharing/{Submission.objects.get(work=share.work_id).uuid}/retire/"
    assert "不能恢复，也不能再修改或送审" in client.get(address).content.decode()
    link = f"http://testserver{better.work.get_absolute_url()}#files"
    private = published(place)
    for data in (
        {"reason": ""}, {"reason": "旧了", "replacement": "随便写的"}, {"reason": "旧了", "replacement": str(uuid4())},
        {"reason": "旧了", "replacement": share.work.get_absolute_url()},
        {"reason": "旧了", "replacement": private.work.get_absolute_url()},
    ):  # fmt: skip
        assert client.post(address, data).status_code == 400
    assert client.post(address, {"reason": "教材换了新版", "replacement": link}).status_code == 302
    work = Work.objects.get(pk=share.work_id)
    assert (work.live, work.retired_reason, work.replacement_id) == (False, "教材换了新版", better.work_id)
    assert client.post(address, {"reason": "再来一次"}).status_code == 404


def test_work_page_offers_what_this_person_may_do() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, licence="cc-by"), openly=True)
    fixed = factories.shared(place, author, factories.resource(place, author, licence="cc-by-nc-nd"))
    address, closed = share.work.get_absolute_url(), fixed.work.get_absolute_url()
    adopt, remix, follow = f"{address}adopt/", f"{address}remix/", "/space/follow/"
    offers = {
        factories.teacher(place): (True, True, True),
        factories.person("administrator", place.county): (True, False, True),
        factories.pupil(place): (False, False, True),
        author: (False, False, False),
    }
    for user, offered in offers.items():
        page = signed_in(user).get(address).content.decode()
        assert tuple(f'action="{deed}"' in page for deed in (adopt, remix, follow)) == offered
    assert "/remix/" not in signed_in(factories.teacher(place)).get(closed).content.decode()
    visitor = Client().get(address).content.decode()
    assert "<form method" not in visitor
    assert "登录后选用" in visitor


def test_remix_makes_one_draft_and_opens_it() -> None:
    place = factories.province()
    share = factories.shared(place)
    user = factories.teacher(place)
    answer = signed_in(user).post(f"{share.work.get_absolute_url()}remix/")
    made = Work.objects.get(owner=user)
    assert answer.headers["Location"].endswith(f"/{made.pk}/") or str(made.pk) in answer.headers["Location"]


def test_statement_explains_every_line_and_its_reversal() -> None:
    place = factories.province()
    author = factories.teacher(place)
    share = factories.shared(place, author, factories.resource(place, author, title="有积分的课"))
    recall_share(share, by=share.shared_by, reason="教材改版")
    page = signed_in(author).get("/space/statement/").content.decode()
    for words in (
        "第 1 版发布",
        "共享到西湖区",
        "冲正（作品共享）：教材改版",
        "积分标准第 1 版",
        "已冲正",
        "+10",
        "−5",
    ):
        assert words in page
    assert share.work.get_absolute_url() in page


def test_statement_never_links_to_what_its_reader_may_not_see_and_is_ones_own() -> None:
    place = factories.province()
    share = factories.shared(place)
    reviewer = Entry.objects.filter(reason="reviewed").order_by("pk").last()
    assert reviewer is not None
    owner = reviewer.space.owner
    assert owner is not None
    recall_share(share, by=share.shared_by, reason="教材改版")
    page = signed_in(owner).get("/space/statement/").content.decode()
    assert share.work.title in page
    assert share.work.get_absolute_url() not in page
    stranger = factories.teacher(place)
    assert signed_in(stranger).get(f"/space/statement/?space={reviewer.space.uuid}").status_code == 404
    assert "还没有积分" in signed_in(stranger).get("/space/statement/").content.decode()


def test_statement_costs_the_same_with_one_and_with_three_works() -> None:
    place = factories.province()
    author = factories.teacher(place)
    ensure_personal_space(author)
    counts = []
    for number in (1, 2):
        for _more in range(number):
            factories.published(place, author)
        counts.append(queries_of(signed_in(author), "/space/statement/"))
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("compiled")
def test_pages_of_sharing_are_shown_in_english_and_escape_titles() -> None:
    place = factories.province()
    submission = published(place, title="<script>alert(1)</script>课")
    publisher = factories.person("publisher", place.county)
    share = share_work(submission.work, scope=place.county, by=publisher)
    client = signed_in(publisher)
    for address in (
        "/sharing/", "/sharing/?tab=shared", f"/sharing/{submission.uuid}/", f"/sharing/{submission.uuid}/retire/",
        f"/sharing/shares/{share.uuid}/recall/",
    ):  # fmt: skip
        assert "<script>alert(1)" not in read_in_english(client, address)
