"""The house's table, walked over HTTP in its order and words: from a teacher's draft to a pupil's screen.

People act on pages only; between the steps the worker carries out what the outbox owes.
"""

import pytest

from cms.library.models import MicroCourse, Work
from tests import factories
from tests.journeys import deeds
from tests.journeys.deeds import COURSE, RETURNED, TITLE
from tests.journeys.people import Cast
from tests.library.admin.pages import autosave, edit_url, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def test_1_a_teacher_signs_in_and_writes(cast: Cast) -> None:
    """… a resource with a real file; it saves itself, and the checklist names what is missing."""
    user = cast.author.user
    assert user is not None
    cast.visitor.user = user
    wrong = cast.visitor.open("/accounts/login/").press("登录", 账号=user.username, 密码="不对")
    assert "不正确" in wrong.text
    home = cast.author.open("/")
    assert home.soup.html is not None
    assert home.soup.html["lang"] == "zh-Hans"
    assert "王书宁" in home.text

    data = deeds.workbench_form(cast.author, url(MicroCourse, "add"))
    assert data["stage"] == [str(cast.place.stage.pk)]
    assert data["edition"] == [str(cast.place.edition.pk)]
    saved = autosave(cast.author.client, url(MicroCourse, "add"), {**data, "title": COURSE}).json()
    course = MicroCourse.objects.get(pk=saved["pk"])
    form = cast.author.open(edit_url(course))
    assert "微课程不少于 18 课时，现有 0 课时" in form.text
    assert form.link("请勾选原创性声明").endswith("#id_authorship_stated")


def test_2_submits_it_and_is_told_what_is_missing(cast: Cast) -> None:
    """… and a complete course of 18 lessons goes to the school, locked."""
    short = deeds.write_course(cast.author, lessons=3, title="三节课")
    refused = cast.author.open(edit_url(short)).press("提交校级审核")
    assert refused.status == 422
    assert "还不能提交" in refused.text
    assert "还差 15 课时" in refused.text
    assert refused.link("回去补充").endswith(edit_url(short))

    course = deeds.write_course(cast.author)
    assert "内容已经完整，可以提交校级审核" in cast.author.open(edit_url(course)).text
    sent = deeds.submit(cast.author, course)
    assert f"《{COURSE}》已提交校级审核" in sent.said
    assert sent.titles == [COURSE]
    locked = cast.author.open(edit_url(course))
    assert "作品正在评审" in locked.text
    assert not locked.has_button("提交校级审核")


def test_3_the_school_returns_it_and_passes_the_next_version(cast: Cast) -> None:
    work = deeds.write_resource(cast.author)
    deeds.submit(cast.author, work)
    assert cast.reviewer.open("/review/").titles == [TITLE]
    assert cast.other_reviewer.open("/review/").titles == []
    desk = deeds.desk_of(cast.reviewer, TITLE)
    assert "教学设计.docx" in desk.text
    assert deeds.TASK in desk.text
    assert cast.other_reviewer.status(desk.address) == 404

    silent = desk.press("提交审核决定", 退回作者修改=True)
    assert "请写明意见" in silent.said
    assert "已退回作者修改" in deeds.return_with_comment(cast).said
    mine = cast.author.open("/review/mine/")
    assert RETURNED in mine.follow(TITLE).text

    better = "先折一张长方形纸，看示意图，再比一比谁折出的一份更大。"
    deeds.save(cast.author, work, body=deeds.rich(better))
    deeds.submit(cast.author, work)
    changes = deeds.desk_of(cast.reviewer, TITLE).soup.select_one(".pane--changes")
    assert changes is not None
    assert "看示意图" in "".join(each.get_text("", strip=True) for each in changes.find_all("ins"))
    assert "已送专家评审" in deeds.pass_in_school(cast).said
    assert cast.reviewer.open("/review/").titles == []


def test_4_a_panel_is_asked_and_its_quorum_decides(cast: Cast) -> None:
    work = deeds.write_resource(cast.author)
    deeds.submit(cast.author, work)
    deeds.pass_in_school(cast)
    assert "指派专家" in deeds.ask_experts(cast).said
    first, second = cast.experts
    assert first.open("/review/").titles == [TITLE]
    desk = deeds.desk_of(first, TITLE)
    assert not desk.has_button("请这些专家评审")
    assert "评审意见已提交" in deeds.score(first).said
    assert not Work.objects.get(pk=work.pk).live
    assert "已经发布" in deeds.score(second).said

    live = Work.objects.get(pk=work.pk)
    assert (live.live, live.version) == (True, 1)
    history = cast.author.open(f"/review/history/{work.uuid}/").text
    for name in ("王书宁", "周明远", "郑海燕"):
        assert name in history
    assert "孙慧" not in history


def test_4_nobody_decides_on_a_work_of_their_own(cast: Cast) -> None:
    reviewer = cast.reviewer.user
    assert reviewer is not None
    work = factories.resource(cast.place, reviewer, title="审核员自己的作品")
    deeds.submit(cast.reviewer, work)
    assert cast.reviewer.open("/review/").titles == []
    desk = cast.reviewer.open("/review/mine/").follow("审核员自己的作品")
    assert not desk.has_button("提交审核决定")
