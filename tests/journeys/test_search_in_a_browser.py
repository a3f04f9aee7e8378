"""A teacher searches as teachers do, and the next work that fits comes by itself: in Chromium, at both widths."""

import re

import pytest
from playwright.sync_api import expect

from cms.library.models import Work
from cms.outbox import worker
from cms.taxonomy.models import Grade
from search.saved.actions import save_search
from tests import factories
from tests.browser.serving import Site
from tests.browser.watching import Window
from tests.journeys.people import Cast
from workflows.sharing.actions import share_work

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(300)]

FITS, OTHER_GRADE, NEXT = "折一折，认识分数", "升入三年级以后：分数再认识", "分月饼：分数有多大"
SUMMARY = "两个课堂活动和一份任务单：先动手，再说一说几分之一是什么意思，适合新授课第一课时使用。"


def shared(people: Cast[Window], title: str, grade: Grade) -> Work:
    """A colleague's work, open to the county."""
    place = people.place
    author = factories.teacher(place)
    work = factories.resource(place, author, title=title, summary=SUMMARY, grade=grade, textbook=None, chapter=None)
    factories.published(place, author, work)
    share_work(work, scope=place.county, by=factories.person("publisher", place.county))
    worker.drain()
    return work


def test_from_a_question_to_the_next_work_in_the_inbox(site: Site, people: Cast[Window]) -> None:
    with site.quiet():
        fifth = Grade.objects.create(stage=people.place.stage, name="五年级", order=5)
        shared(people, FITS, people.place.grade)
        shared(people, OTHER_GRADE, fifth)
    asking = people.other_subject  # who teaches Chinese: nothing of this would come but for the search
    page = asking.open("/")
    page.get_by_role("combobox", name="搜索资源").first.fill("三年级 分数")
    page.get_by_role("combobox", name="搜索资源").first.press("Enter")
    found = page.get_by_role("heading", name=re.compile("^找到"))
    expect(found).to_have_text("找到 1 件")
    asking.look("60-search-with-a-chip")

    page.get_by_role("link", name="去掉“三年级”").click()
    expect(found).to_have_text("找到 2 件")  # as a word it also stands in the title of a work for another grade
    expect(page.locator(".card-title").filter(has_text=OTHER_GRADE)).to_be_visible()
    asking.look("61-search-without-the-chip")

    page.get_by_role("link", name="“三年级”只当词语，改回条件").click()
    page.get_by_role("link", name=FITS).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(FITS)

    asking.open("/search/?q=三年级 分数")
    asking.press("保存这个搜索")
    page.get_by_role("link", name="看已保存的").first.click()
    asking.press("关注")
    expect(page.get_by_text("有新作品会送到收件箱")).to_be_visible()
    asking.look("62-saved-searches")

    with site.quiet():
        worker.drain()  # what was shared before reaches the search too
        coming = shared(people, NEXT, people.place.grade)
    page.get_by_role("link", name="收件箱").click()
    expect(page.locator(".card-title").filter(has_text=NEXT)).to_be_visible()
    asking.look("63-inbox")
    page.get_by_role("link", name=NEXT).first.click()
    expect(page).to_have_url(re.compile(re.escape(coming.get_absolute_url())))


def test_filter_keeps_the_focus_and_on_phones_the_drawer(site: Site, people: Cast[Window]) -> None:
    with site.quiet():
        shared(people, FITS, people.place.grade)
    asking = people.other_subject
    page = asking.open("/search/?q=分数")
    kind = page.locator(".facet-option").filter(has_text="教学资源").first
    kind.focus()
    kind.press("Enter")
    expect(page).to_have_url(re.compile("kind=resource"))
    expect(kind).to_be_focused()
    expect(kind).to_have_attribute("aria-checked", "true")
    expect(page.locator("#search-said")).to_have_text("找到 1 件")

    types = page.locator("details.facet").filter(has=page.locator("summary", has_text="类型")).first
    types.locator("summary").click()
    kind.press(" ")  # as a box is ticked
    expect(page).not_to_have_url(re.compile("kind=resource"))
    expect(kind).to_have_attribute("aria-checked", "false")
    expect(kind).to_be_focused()
    expect(types).not_to_have_attribute("open", "")
    kind.press(" ")
    expect(page).to_have_url(re.compile("kind=resource"))

    box = page.locator("main input[type=search]").first
    box.fill("认识分数")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=[^&]+&kind=resource$"))
    expect(page.locator("[data-drawer]")).to_contain_text("（1）")
    box.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到结果")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_be_focused()

    page.set_viewport_size({"width": 360, "height": 740})
    first = page.locator(".hit").first.bounding_box()
    assert first is not None
    assert first["y"] < 500  # its title, line and summary stand on the first screen
    page.locator("[data-drawer]").click()
    page.locator("dialog.drawer .facet-option").filter(has_text="教学资源").first.click()
    expect(page).not_to_have_url(re.compile("kind=resource"))
    expect(page.locator("dialog.drawer[open]")).to_be_visible()
    page.locator("dialog.drawer [data-drawer-close]").click()
    expect(page.locator("dialog.drawer")).to_have_count(0)
    expect(page.locator("[data-drawer]")).to_be_focused()


def test_english_words_fit_on_a_phone_and_the_order_in_use_is_seen(site: Site, people: Cast[Window]) -> None:
    with site.quiet():
        for title in (FITS, OTHER_GRADE):
            shared(people, title, people.place.grade)
    page = people.other_subject.page
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": site.url}])
    for width in (360, 320):  # the second: a page enlarged four times
        page.set_viewport_size({"width": width, "height": 740})
        for path in ("/", "/space/", "/search/?q=分数&sort=most_adopted"):
            people.other_subject.open(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, path)
        used = page.locator(".sorts [aria-current]").bounding_box()
        assert used is not None
        assert used["x"] + used["width"] <= page.locator("main").evaluate("m => m.getBoundingClientRect().right")
    page.locator(".sorts a").nth(1).press("Enter")
    expect(page).to_have_url(re.compile("sort=newest"))
    expect(page.locator("#found")).to_be_focused()
    page.locator(".tabs a").nth(1).press("Enter")
    expect(page).to_have_url(re.compile("about=space"))
    expect(page.locator("#found")).to_be_focused()


def test_suggestions_are_gone_through_with_the_keyboard(site: Site, people: Cast[Window]) -> None:
    with site.quiet():
        for title in (FITS, OTHER_GRADE, NEXT):
            shared(people, title, people.place.grade)
    page = people.other_subject.open("/search/")
    box = page.locator("main [data-suggest] input[type=search]").first
    box.press_sequentially("分数")
    options = page.locator(".suggestions [role=option]")
    expect(options.first).to_be_visible()
    last = options.count() - 1
    assert last > 0
    box.press("ArrowUp")
    expect(options.nth(last)).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(options.first).to_be_hidden()
    box.press_sequentially("的")
    box.press("Escape")  # before anything was suggested
    page.wait_for_timeout(600)
    expect(options.first).to_be_hidden()
    box.fill("分数")
    expect(options.first).to_be_visible()
    box.press("Escape")
    expect(options.first).to_be_hidden()
    box.press("ArrowDown")  # called back
    expect(options.first).to_be_visible()
    expect(page.locator("main [data-suggest] [role=status]")).to_have_text(re.compile(r"^\d+ 条提示$"))


def test_a_suggestion_is_taken_where_it_was_pressed_and_not_before_the_finger_is_up(
    site: Site, people: Cast[Window]
) -> None:
    """Or what lies beneath the list, which has closed, would get the click."""
    with site.quiet():
        shared(people, FITS, people.place.grade)
    page = people.other_subject.open("/search/")
    page.locator("main [data-suggest] input[type=search]").first.press_sequentially("认识分数")
    option = page.locator(".suggestions [role=option]").first
    option.click(button="right")
    page.wait_for_timeout(300)
    expect(option).to_be_visible()
    option.hover()
    page.mouse.down()
    page.wait_for_timeout(300)
    expect(option).to_be_visible()
    assert "q=" not in page.url
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"/search/\?q=.+"))
    assert "about=" not in page.url


def test_suggestions_stand_under_every_box(site: Site, people: Cast[Window]) -> None:
    with site.quiet():
        shared(people, FITS, people.place.grade)
    page = people.other_subject.open("/courses/")
    box = page.locator("header [data-suggest] input[type=search]")
    box.press_sequentially("认识分数")
    expect(page.locator(".suggestions [role=option]").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q="))


def test_a_double_click_on_rename_renames(site: Site, people: Cast[Window]) -> None:
    person = people.other_subject
    assert person.user is not None
    with site.quiet():
        save_search(person.user, "分数", chosen={})
    page = person.page
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        person.open("/search/saved/")
        deeds = page.locator(".saved-deeds > form button")
        before = [deed.bounding_box() for deed in deeds.all()]
        page.locator(".saved summary").dblclick(delay=100)  # the second press comes after the field has the focus
        expect(page.locator(".saved input[name=name]")).to_be_focused()
        assert [deed.bounding_box() for deed in deeds.all()] == before
    person.press("删除")
    person.press("撤销")
    expect(page.locator(".saved-name")).to_have_text("分数")
