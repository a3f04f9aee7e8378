"""The story in a real browser: what people see is in order at both widths, accessible, and asks no other host."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from cms.library.actions.files import store_file
from cms.library.models import Resource, Work
from cms.library.queries import draft_of
from cms.outbox import worker
from tests import factories
from tests.browser.serving import Site
from tests.browser.watching import Window
from tests.journeys.deeds import LESSONS, SUMMARY, TITLE, media
from tests.journeys.people import Cast
from tests.library.admin.pages import url
from workflows.sharing.actions import share_work

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(300)]


def test_a_resource_from_the_first_word_to_a_colleagues_shelf(site: Site, people: Cast[Window]) -> None:
    people.visitor.open("/accounts/login/")
    people.visitor.look("01-login")

    work = write(people.author)
    people.author.look("02-workbench", ours=False)
    people.author.press("提交校级审核")
    expect(people.author.page.locator(".messages[role=status]")).to_contain_text("已提交校级审核")
    people.author.look("03-mine")
    turn(site)

    people.reviewer.open("/review/")
    people.reviewer.look("04-worklist")
    decide(people.reviewer, "提交审核决定", choice="通过，送专家评审", before="05-desk")
    turn(site)
    manager, experts = people.manager, people.experts
    manager.open("/review/").get_by_role("link", name=TITLE).first.click()
    manager.look("06-desk-of-manager")
    for expert in experts:
        assert expert.user is not None
        manager.page.get_by_label(expert.user.name).check()
    manager.press("请这些专家评审")
    turn(site)
    for number, expert in enumerate(experts):
        decide(
            expert, "提交评审意见", choice="通过", points={"科学性": "36", "教学设计": "52"},
            before="" if number else "07-desk-of-expert",
        )  # fmt: skip
        turn(site)

    publisher = people.publisher
    publisher.open("/sharing/").locator("main a", has_text=f"共享《{TITLE}》").click()
    publisher.look("08-share")
    publisher.page.get_by_label("共享范围").select_option(str(people.place.county.pk))
    publisher.page.get_by_label("也向未登录的访客开放").check()
    publisher.press("共享这件作品")
    turn(site)

    visitor = people.visitor
    visitor.open("/")
    visitor.look("09-home-of-visitor")
    visitor.open("/search/?q=分数")
    visitor.look("10-search")
    visitor.page.get_by_role("link", name=TITLE).first.click()
    visitor.look("11-work")

    neighbour = people.neighbour
    neighbour.look("12-home-of-teacher")
    neighbour.open("/space/inbox/")
    neighbour.look("13-inbox")
    neighbour.page.locator("main").get_by_role("button", name="选用").first.click()
    expect(neighbour.page.get_by_text("已放到书架")).to_be_visible()
    turn(site)
    neighbour.open(f"/works/{work.uuid}/")
    neighbour.look("14-work-of-colleague")
    neighbour.open("/space/shelf/")
    neighbour.look("15-shelf")

    people.author.open("/space/statement/")
    expect(people.author.page.get_by_text("+10")).to_be_visible()
    people.author.look("16-statement")


def test_a_course_from_a_pupils_first_lesson_to_the_parents_page(site: Site, people: Cast[Window]) -> None:
    with site.quiet():
        course = published_course(people)
    pupil = people.pupil
    pupil.open("/courses/")
    pupil.look("20-courses")
    pupil.page.get_by_role("link", name=course.title).first.click()
    pupil.look("21-course")
    pupil.press("开始学习")
    pupil.page.wait_for_selector(".video-js.vjs-controls-enabled")
    pupil.look("22-lesson")
    watch(pupil)
    expect(pupil.page.get_by_text("本课时已学完")).to_be_visible()
    pupil.open(f"/courses/{course.uuid}/")
    expect(pupil.page.get_by_text("1 / 18 课")).to_be_visible()
    pupil.look("23-course-begun")
    pupil.open("/")
    pupil.look("24-home-of-pupil")

    people.parent.open("/children/")
    expect(people.parent.page.get_by_text("1 / 18 课")).to_be_visible()
    people.parent.look("25-children")
    people.visitor.open(f"/courses/{course.uuid}/")
    people.visitor.look("26-course-of-visitor")


def write(author: Window) -> Work:
    """In Wagtail's admin, with a real file sent from the page; the draft saves itself."""
    page = author.open(url(Resource, "add"))
    page.get_by_role("textbox", name="标题").fill(TITLE)
    page.get_by_role("textbox", name="摘要").fill(SUMMARY)
    page.get_by_role("combobox", name="资源库").select_option(label="课件库")
    page.get_by_role("checkbox", name="原创性声明").check()
    page.locator("#id_files-upload").set_input_files(
        {"name": "教学设计.docx", "mimeType": "application/octet-stream", "buffer": media("design-fraction-intro.docx")}
    )
    expect(page.get_by_text("教学设计.docx 已上传")).to_be_visible()
    page.get_by_role("button", name="保存草稿").first.click()
    page.wait_for_url("**/edit/**")
    expect(page.get_by_text("内容已经完整")).to_be_visible()
    return Resource.objects.get(title=TITLE)


def decide(person: Window, button: str, *, choice: str, points: dict[str, str] | None = None, before: str = "") -> None:
    """From the worklist to the desk, and a decision there."""
    page = person.open("/review/")
    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_url("**/review/**")
    if before:
        person.look(before)
    for label, number in (points or {}).items():
        page.get_by_role("spinbutton", name=label).fill(number)
    page.get_by_label(choice, exact=True).check()
    page.get_by_label("意见").last.fill("结构清楚，活动贴近三年级学生。")
    person.press(button)


def turn(site: Site) -> None:
    """The worker's turn."""
    with site.quiet():
        worker.drain()


def watch(pupil: Window) -> None:
    """Play the film to its end, quickly."""
    video = pupil.page.locator("video").first
    video.evaluate("v => { v.muted = true; v.playbackRate = 4; v.currentTime = Math.max(0, v.duration - 2); }")
    video.evaluate("v => v.play()")


def published_course(people: Cast[Window]) -> Work:
    """18 lessons with a real film and captions, shared openly; brought there by the product's own actions."""
    place = people.place
    author = factories.teacher(place)
    film = store_file(SimpleUploadedFile("分月饼.mp4", media("lesson-fraction-cake.mp4")), name="分月饼.mp4", by=author)
    captions = store_file(
        SimpleUploadedFile("分月饼.vtt", media("lesson-fraction-cake.vtt")), name="分月饼.vtt", by=author
    )
    begun = factories.micro_course(place, author, title="认识分数：十八节微课")
    course: Any = draft_of(begun)
    for lesson, title in zip(course.lessons.all(), LESSONS, strict=True):
        lesson.title, lesson.video, lesson.captions = title, film, captions
        lesson.task_sheet = "<p>先折一张长方形纸，再比一比谁折出的一份更大。</p>"
    course.save_revision(user=author)
    factories.published(place, author, begun)
    share_work(begun, scope=place.county, openly=True, by=factories.person("publisher", place.county))
    worker.drain()
    return begun
