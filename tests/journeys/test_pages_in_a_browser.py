"""Films with captions and PDFs in their frame open in Chromium; the main pages outside the story are in order."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from cms.library.actions.files import store_file
from cms.library.models import Work
from cms.outbox.worker import drain
from cms.people.models import User
from cms.taxonomy.models import Grade, Stage
from tests import factories
from tests.browser.serving import Site
from tests.browser.watching import Window
from tests.journeys.deeds import media
from tests.journeys.people import Cast
from workflows.review.actions.publishing import retire
from workflows.sharing.actions import share_work

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(300)]

FILM, CAPTIONS, PDF = "面积还是周长.mp4", "面积还是周长.vtt", "面积还是周长·练习.pdf"


def stored(name: str, source: str, by: User) -> Any:
    return store_file(SimpleUploadedFile(name, media(source)), name=name, by=by)


def open_work(people: Cast[Window], title: str) -> Work:
    """A resource with a film, its captions and a PDF, shared with visitors."""
    author = factories.teacher(people.place)
    work = factories.resource(people.place, author, title=title)
    draft: Any = work
    draft.files.set(
        [
            stored(FILM, "lesson-fraction-cake.mp4", author),
            stored(CAPTIONS, "lesson-fraction-cake.vtt", author),
            stored(PDF, "exercise-area-perimeter.pdf", author),
        ]
    )
    work.save_revision(user=author)
    factories.published(people.place, author, work)
    share_work(work, scope=people.place.county, openly=True, by=factories.person("publisher", people.place.county))
    return work


def test_a_film_shows_its_captions_and_jumps_and_a_pdf_opens_in_its_frame(site: Site, people: Cast[Window]) -> None:
    with site.quiet():
        work = open_work(people, "面积还是周长")
    visitor = people.visitor
    partial: list[str] = []
    visitor.page.on("response", lambda answer: partial.append(answer.headers.get("content-range", "")))
    page = visitor.open(work.get_absolute_url())
    page.wait_for_selector(".video-js.vjs-controls-enabled")
    page.locator(".vjs-big-play-button").click()
    expect(page.locator(".vjs-text-track-display")).to_contain_text("分", timeout=15_000)
    page.locator("video").first.evaluate("v => { v.currentTime = v.duration - 1; }")
    page.wait_for_selector(".video-js.vjs-ended")
    assert any(text.startswith("bytes ") for text in partial)

    frame = page.locator("iframe.page-frame")
    frame.scroll_into_view_if_needed()
    # Chromium's own viewer stands inside the frame only when neither CSP nor X-Frame-Options kept the PDF out.
    for _second in range(20):
        addresses = [one.url for one in page.frames]
        if any(address.startswith("chrome-extension://") for address in addresses):
            break
        page.wait_for_timeout(500)
    else:
        raise AssertionError(f"no viewer in the frame: {addresses}")
    assert any("/files/" in address for address in addresses)
    page.screenshot(path=visitor.pictures / "30-pdf-in-its-frame.png")


def test_pages_outside_the_story_are_in_order(site: Site, people: Cast[Window]) -> None:
    author, place = people.author, people.place
    assert author.user is not None
    with site.quiet():
        work = open_work(people, "认识几分之一")
        gone = factories.shared(place, openly=True).work
        publisher_of_county = factories.person("publisher", place.county)
        retire(gone.submissions.get(), by=publisher_of_county, reason="教材改版，内容不再适用。")
        draft = factories.resource(place, author.user, title="还没写完")
    for name, path in (
        ("40-space", "/space/"),
        ("41-interests", "/space/interests/"),
        ("41-shelf-still-empty", "/space/shelf/"),
        ("42-front-of-a-space", f"/authors/{work.owner.uuid}/"),
        ("43-notices", "/notices/"),
        ("44-preferences", "/notices/preferences/"),
        ("45-me", "/me/"),
        ("46-tokens", "/me/tokens/"),
        ("47-trials", "/trials/"),
        ("48-password", "/accounts/password/change/"),
        ("49-search-finds-nothing", "/search/?q=恐龙火箭"),
    ):
        author.open(path)
        author.look(name)
    author.open(f"/admin/works/resource/edit/{draft.pk}/")
    author.look("50-editor")

    publisher = people.publisher
    publisher.open("/sharing/")
    publisher.look("51-sharing")
    publisher.open(f"/sharing/{work.submissions.get().uuid}/retire/")
    publisher.look("52-retire")
    publisher.open(f"/review/history/{work.uuid}/")
    publisher.look("53-history")

    manager = seated(people, "administrator")
    manager.look("54-home-of-administrator")
    manager.open("/admin/people/roster/")
    manager.look("55-roster")
    operator = seated(people, "operator")
    operator.look("56-home-of-operator")
    operator.open("/admin/outbox/")
    operator.look("57-outbox")

    visitor = people.visitor
    for name, path, status in (
        ("60-tombstone", gone.get_absolute_url(), "410"),
        ("61-not-found", "/works/none/", "404"),
    ):
        visitor.open(path)
        visitor.look(name)
        visitor.troubles[:] = [trouble for trouble in visitor.troubles if status not in trouble]


def test_an_editor_recommends_and_a_teacher_chooses_a_school_to_hear_from(site: Site, people: Cast[Window]) -> None:
    place, neighbour = people.place, people.neighbour
    with site.quiet():
        work = open_work(people, "周长是一圈的长")
    editor = people.seat(factories.person("editor", place.county))
    page = editor.open(work.get_absolute_url())
    page.get_by_role("link", name="推荐到收件箱").click()
    page.get_by_label("按名称查找机构").fill("学军")
    page.get_by_text("西湖区学军小学").click()
    page.get_by_label("推荐理由").fill("本周教研推荐")
    editor.look("70-recommend")
    expect(page.locator("#reach")).to_contain_text("将送到 西湖区学军小学 · 教师 · 小学 · 数学，约 1 人")
    editor.press("下一步：确认送给谁")
    editor.look("70b-recommend-sure")
    editor.press("推荐给这 1 人")
    expect(page.locator("main")).to_contain_text("已推荐给西湖区学军小学 · 教师 · 小学 · 数学，1 人会在收件箱里看到")
    with site.quiet():
        drain()
    page = neighbour.open("/space/inbox/")
    expect(page.locator("main")).to_contain_text("西湖区推荐：本周教研推荐")
    neighbour.look("71-recommended-in-the-inbox")
    with site.quiet():
        junior = Stage.objects.create(code="junior", name="初中", sector="basic", order=3)
        Grade.objects.create(stage=junior, name="七年级", order=7)
    page = neighbour.open("/space/interests/")
    grades, stage = page.locator("#id_grade"), page.locator("#id_stage")
    expect(grades.locator("option")).to_have_text(["不限", "三年级", "七年级"])
    grades.select_option(label="三年级")
    stage.select_option(label="初中")
    expect(grades.locator("option")).to_have_text(["不限", "七年级"])
    expect(grades).to_have_value("")
    stage.select_option(label="不限")
    page.get_by_label("按名称查找机构").fill("求知")
    page.get_by_text("西湖区求知小学").click()
    neighbour.look("72-interest-in-a-school")
    neighbour.press("关注这些内容")
    expect(page.locator("main")).to_contain_text("来自西湖区求知小学")
    editor.open("/sharing/recommendations/")
    editor.look("73-recommendations")
    page = editor.open("/sharing/recommendations/")
    page.get_by_role("link", name="撤回").click()
    editor.look("73b-withdraw")
    editor.press("撤回推荐")
    expect(neighbour.open("/space/inbox/").locator("main")).not_to_contain_text("西湖区推荐")


def test_inbox_is_worked_through_with_the_keyboard(site: Site, people: Cast[Window]) -> None:
    """What stands in place of the pressed button has the focus, and the list is a list still."""
    neighbour = people.neighbour
    with site.quiet():
        for title in ("周长是一圈的长", "面积是一面的大"):
            open_work(people, title)
        drain()
    page = neighbour.open("/space/inbox/")
    page.get_by_role("button", name="不再推送这件 《周长是一圈的长》").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="放回来")).to_be_focused()
    neighbour.look("74-inbox-with-a-hidden-work")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("又在收件箱里了")
    expect(page.get_by_role("button", name="打开 《周长是一圈的长》")).to_be_focused()
    page.get_by_role("button", name="选用 《周长是一圈的长》").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("已放到书架")).to_be_focused()
    neighbour.look("75-inbox-worked-through")


def seated(people: Cast[Window], role: str) -> Window:
    """Somebody of the whole province."""
    return people.seat(factories.person(role, people.place.province))
