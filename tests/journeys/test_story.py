"""The house's table, walked over HTTP in its order and words: from a teacher's draft to a pupil's screen.

People act on pages only; between the steps the worker carries out what the outbox owes.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from cms.library.models import MicroCourse, Work
from tests import factories
from tests.journeys import deeds
from tests.journeys.deeds import COURSE, RETURNED, TITLE
from tests.journeys.people import Cast
from tests.journeys.visiting import Visitor, seated
from tests.library.admin.pages import autosave, edit_url, url

pytestmark = pytest.mark.django_db


def test_1_a_teacher_signs_in_and_writes(cast: Cast[Visitor]) -> None:
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


def test_2_submits_it_or_is_told_what_is_missing_and_3_the_school_tries_it(db: None) -> None:
    """… a complete course of 18 lessons goes to the school, locked; colleagues use it for a week, then the experts."""
    cast = Cast(seated, factories.province(trial_days=7))
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

    assert "开始校内试用" in deeds.pass_in_school(cast, title=COURSE).said
    trial = cast.other_subject.open("/trials/").follow(COURSE)
    assert deeds.LESSONS[0] in trial.text
    assert "您的反馈已保存" in trial.press("提交反馈", **{"5 分": True, "哪里好": "学生抢着折纸。"}).said
    assert cast.faraway.open("/trials/").titles == []
    assert cast.faraway.status(trial.address) == 404
    assert cast.reviewer.open("/review/").titles == []
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8)):
        reviewer = seated(cast.reviewer.user)
        desk = deeds.desk_of(reviewer, COURSE)
        assert "学生抢着折纸。" in desk.text
        assert "已送专家评审" in desk.press("提交决定", 试用结束=True).said


def test_3_the_school_returns_it_and_passes_the_next_version(cast: Cast[Visitor]) -> None:
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


def test_4_a_panel_is_asked_its_quorum_decides_and_5_it_goes_live(cast: Cast[Visitor]) -> None:
    """… and points follow for the author and the experts, each line with its reason."""
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

    statement = cast.author.open("/space/").follow("积分")
    lines = statement.soup.select(".statement-line")
    assert [line.select_one(".amount").get_text(strip=True) for line in lines] == ["+10"]  # type: ignore[union-attr]
    assert "第 1 版发布" in lines[0].get_text("", strip=True)
    assert TITLE in lines[0].get_text("", strip=True)
    assert statement.has_link(work.get_absolute_url())
    reviewed = cast.experts[0].open("/space/").follow("积分").soup.select(".statement-line")
    assert len(reviewed) == 1
    assert "+3" in reviewed[0].get_text("", strip=True)


def test_4_nobody_decides_on_a_work_of_their_own(cast: Cast[Visitor]) -> None:
    reviewer = cast.reviewer.user
    assert reviewer is not None
    work = factories.resource(cast.place, reviewer, title="审核员自己的作品")
    deeds.submit(cast.reviewer, work)
    assert cast.reviewer.open("/review/").titles == []
    desk = cast.reviewer.open("/review/mine/").follow("审核员自己的作品")
    assert not desk.has_button("提交审核决定")


def test_6_a_publisher_shares_it_and_the_right_people_find_it(cast: Cast[Visitor]) -> None:
    work = deeds.publish(cast, deeds.write_resource(cast.author))
    address = work.get_absolute_url()
    assert deeds.found(cast.author, "分数") == [TITLE]
    for outside in (cast.neighbour, cast.faraway, cast.visitor):
        assert deeds.found(outside, "分数") == []
        assert outside.status(address) == 404

    form = cast.publisher.open("/sharing/").follow(f"共享《{TITLE}》")
    scopes = form.soup.select("select[name=scope] option")
    assert not any("杭州市" in scope.get_text() or "浙江省" in scope.get_text() for scope in scopes)
    deeds.share(cast)
    assert deeds.found(cast.neighbour, "折纸 分数") == [TITLE]
    assert "示意图" not in cast.neighbour.open(address).text
    assert deeds.found(cast.neighbour, "折一张长方形纸") == [TITLE]
    for outside in (cast.faraway, cast.visitor):
        assert deeds.found(outside, "分数") == []
        assert outside.status(address) == 404
    document = cast.neighbour.open(address).link("教学设计.docx")
    assert cast.neighbour.status(document) == 200
    assert cast.faraway.status(document) == 404


def test_7_it_reaches_the_spaces_it_fits(cast: Cast[Visitor]) -> None:
    for person in (cast.neighbour, cast.faraway, cast.other_subject):
        person.open("/space/inbox/")
    work = deeds.publish(cast, deeds.write_resource(cast.author))
    deeds.share(cast)
    inbox = cast.neighbour.open("/").follow("打开收件箱")
    assert inbox.titles == [TITLE]
    assert cast.faraway.open("/space/inbox/").titles == []
    assert cast.author.open("/space/inbox/").titles == []
    opened = inbox.press(f"打开《{TITLE}》")
    assert opened.address.endswith(work.get_absolute_url())
    assert "分数的初步认识" in opened.text

    hidden = cast.neighbour.open("/space/inbox/").press(f"不再推送这件《{TITLE}》")
    assert hidden.titles == []
    cast.neighbour.open(work.get_absolute_url()).press("放回来")
    assert cast.neighbour.open("/space/inbox/").titles == [TITLE]


def test_8_a_space_adopts_it_and_follows_its_author(cast: Cast[Visitor]) -> None:
    work = deeds.publish(cast, deeds.write_resource(cast.author))
    deeds.share(cast)
    page = cast.neighbour.open(work.get_absolute_url())
    taken = page.press("选用")
    deeds.worker.drain()
    assert "已选用" in taken.text
    shelf = cast.neighbour.open("/space/shelf/")
    assert shelf.titles == [TITLE]
    assert "第 1 版" in shelf.text
    cast.neighbour.open(work.get_absolute_url()).press("关注作者")
    assert "王书宁" in cast.neighbour.open("/space/").text
    reasons = [
        line.get_text("", strip=True)
        for line in cast.author.open("/space/").follow("积分").soup.select(".statement-line")
    ]
    assert [reason[:2] for reason in reasons] == ["+2", "+5", "+1"]

    # Next year's version is written and reviewed while this one stays live.
    deeds.save(cast.author, work, title=f"{TITLE}（第二版）")
    deeds.submit(cast.author, work)
    assert TITLE in cast.neighbour.open(work.get_absolute_url()).text
    assert "第二版" not in cast.neighbour.open(work.get_absolute_url()).text
    deeds.pass_in_school(cast, title=f"{TITLE}（第二版）")
    deeds.ask_experts(cast, title=f"{TITLE}（第二版）")
    for expert in cast.experts:
        deeds.score(expert, title=f"{TITLE}（第二版）")
    renewed = cast.neighbour.open(work.get_absolute_url())
    assert "第二版" in renewed.text
    assert "第 2 版" in renewed.text


def test_9_a_pupil_takes_the_course_and_a_parent_sees_how_it_goes(cast: Cast[Visitor]) -> None:
    """… and a visitor sees what is shared openly, from that moment on."""
    course = deeds.publish(cast, deeds.write_course(cast.author))
    assert cast.visitor.status(f"/courses/{course.uuid}/") == 404
    assert cast.visitor.open("/").titles == []
    deeds.share(cast, title=COURSE, openly=True)

    assert cast.pupil.open("/courses/").titles == [COURSE]
    lesson = cast.pupil.open("/courses/").follow(COURSE).press("开始学习")
    assert deeds.LESSONS[0] in lesson.text
    assert deeds.TASK in lesson.text
    film = lesson.soup.select_one("video source, video[src]")
    track = lesson.soup.select_one("video track")
    assert film is not None
    assert track is not None
    part: Any = cast.pupil.client.get(str(film["src"]), headers={"range": "bytes=0-99"})
    assert len(b"".join(part.streaming_content)) == 100
    assert (part.status_code, part["Content-Type"]) == (206, "video/mp4")
    assert cast.pupil.status(str(track["src"])) == 200
    assert cast.pupil.status(lesson.link("学习单.pdf")) == 200

    kept = lesson.soup.select_one("form[data-progress]")
    assert kept is not None
    cast.pupil.post(str(kept["data-progress"]), {"fraction": "0.5", "position": "12.5"})
    second = lesson.press("完成本课时")
    assert deeds.LESSONS[1] in second.text
    course_page = cast.pupil.open(f"/courses/{course.uuid}/")
    assert "1 / 18 课" in course_page.text
    assert course_page.link("接着学第 2 课")

    cast.other_pupil.open(f"/courses/{course.uuid}/").press("开始学习").press("完成本课时").press("完成本课时")
    children = cast.parent.open("/children/")
    assert "王小满" in children.text
    assert "林可" not in children.text
    assert "1 / 18 课" in children.follow("王小满").text
    assert cast.other_pupil.user is not None
    assert cast.parent.status(f"/children/{cast.other_pupil.user.uuid}/") == 404
    assert cast.author.open("/children/").titles == []

    assert cast.visitor.open("/").titles == [COURSE]
    assert deeds.found(cast.visitor, "分数") == [COURSE]
    first = cast.visitor.open(f"/courses/{course.uuid}/").follow("看第 1 课")
    assert first.soup.select_one("video") is not None
    assert not first.has_button("完成本课时")
    assert "登录后选用" in cast.visitor.open(course.get_absolute_url()).text
