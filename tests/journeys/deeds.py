"""What people of the story do, each on the pages they really use. Every deed ends with the worker's turn."""

import json
from typing import Any

from cms.config.env import BASE_DIR
from cms.library.models import MicroCourse, Resource, Work
from cms.outbox import worker
from cms.taxonomy.models import Library
from tests.journeys.people import Cast
from tests.journeys.visiting import Page, Visitor, values_of
from tests.library.admin.pages import add_lesson, edit_url, url

MEDIA = BASE_DIR / "fixtures" / "media" / "files"

SUMMARY = "用分月饼、折纸两个活动，让三年级学生说出几分之一的含义，并会读会写，适合新授课第一课时。"
TASK = "先折一张长方形纸，再比一比谁折出的一份更大。"
TITLE = "分数的初步认识：折一折，说一说"
COURSE = "认识分数：十八节微课"
RETURNED = "例题二的折法缺一张示意图，请补上再送。"


def rich(text: str) -> str:
    """A paragraph as Wagtail's editor sends it."""
    block = {
        "key": "a1b2c", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": [],
    }  # fmt: skip
    return json.dumps({"blocks": [block], "entityMap": {}})


def media(name: str) -> bytes:
    """One of the demo's real files."""
    return (MEDIA / name).read_bytes()


def workbench_form(visitor: Visitor, address: str) -> dict[str, Any]:
    """Wagtail's form as the page gives it."""
    form = visitor.open(address).soup.select_one("form[data-edit-form], form#w-editor-form")
    assert form is not None, address
    for template in form.find_all(["template", "script"]):
        template.decompose()
    return dict(values_of(form))


def save(visitor: Visitor, work: Work, **fields: Any) -> Page:
    """Open the work in the workbench, change these fields, save the draft."""
    address = edit_url(work)
    page = visitor.post(address, {**workbench_form(visitor, address), **fields})
    assert page.status == 200, page.text[:600]
    return page


def write_resource(author: Visitor, *, title: str = TITLE, **fields: Any) -> Resource:
    """A resource with a real document, in one go; defaults come from what the author teaches."""
    document = author.upload("教学设计.docx", media("design-fraction-intro.docx"))
    address = url(Resource, "add")
    data = workbench_form(author, address)
    author.post(address, {**data, **facts(title), "files": [str(document["id"])], **fields})
    return Resource.objects.get(title=title)


def facts(title: str) -> dict[str, str]:
    """What an author types, beside the defaults."""
    return {
        "title": title,
        "summary": SUMMARY,
        "body": rich(TASK),
        "library": str(Library.objects.get(code="courseware").pk),
        "tags": "分数, 折纸",
        "authorship_stated": "on",
    }


def write_course(author: Visitor, *, lessons: int = 18, title: str = COURSE) -> MicroCourse:
    """A course whose lessons are added one under the other, each with a film and captions."""
    film = author.upload("分月饼.mp4", media("lesson-fraction-cake.mp4"))
    captions = author.upload("分月饼.vtt", media("lesson-fraction-cake.vtt"))
    sheet = author.upload("学习单.pdf", media("exercise-area-perimeter.pdf"))
    address = url(MicroCourse, "add")
    data = workbench_form(author, address)
    data.update(facts(title))
    for number in range(1, lessons + 1):
        add_lesson(
            data, title=f"{LESSONS[(number - 1) % len(LESSONS)]}", goal="会读写几分之一", minutes="6",
            task_sheet=rich(TASK), video=[str(film["id"])], captions=[str(captions["id"])],
            attachments=[str(sheet["id"])],
        )  # fmt: skip
    author.post(address, data)
    return MicroCourse.objects.get(title=title)


LESSONS = (
    "分月饼：什么是一半", "二分之一怎么写", "折出四分之一", "涂一涂，说一说", "同一个图形的几分之一", "谁的一份大",
    "比较几分之一", "分子是一的分数排队", "几分之几", "六分之五在哪里", "比较同分母分数", "分数墙",
    "同分母分数相加", "同分母分数相减", "一减去几分之几", "求一个数的几分之一", "生活里的分数", "整理和复习",
)  # fmt: skip


def submit(author: Visitor, work: Work) -> Page:
    """By the button beside the form."""
    page = author.open(edit_url(work)).press("提交校级审核")
    worker.drain()
    return page


def desk_of(visitor: Visitor, title: str) -> Page:
    """Through the worklist, as a reviewer comes to the desk."""
    return visitor.open("/review/").follow(title)


def return_with_comment(cast: Cast[Visitor], *, title: str = TITLE) -> Page:
    page = desk_of(cast.reviewer, title).press("提交审核决定", 退回作者修改=True, 意见=RETURNED)
    worker.drain()
    return page


def pass_in_school(cast: Cast[Visitor], *, title: str = TITLE) -> Page:
    page = desk_of(cast.reviewer, title).press("提交审核决定", 通过=True, 意见="结构清楚，可以送审。")
    worker.drain()
    return page


def ask_experts(cast: Cast[Visitor], *, title: str = TITLE) -> Page:
    names = {expert.user.name: True for expert in cast.experts if expert.user is not None}
    page = desk_of(cast.manager, title).press("请这些专家评审", **names)
    worker.drain()
    return page


def score(expert: Visitor, *, title: str = TITLE, science: int = 36, design: int = 52) -> Page:
    page = desk_of(expert, title).press(
        "提交评审意见", 科学性=science, 教学设计=design, 通过=True, 意见="活动贴近三年级学生。"
    )
    worker.drain()
    return page


def publish(cast: Cast[Visitor], work: Work) -> Work:
    """Everything from a complete draft to a live work."""
    title = work.title
    submit(cast.author, work)
    pass_in_school(cast, title=title)
    ask_experts(cast, title=title)
    for expert in cast.experts:
        score(expert, title=title)
    return type(work)._default_manager.get(pk=work.pk)


def share(cast: Cast[Visitor], *, title: str = TITLE, scope: str = "西湖区", openly: bool = False) -> Page:
    """The publisher finds it among what waits, and shares it."""
    page = cast.publisher.open("/sharing/").follow(f"共享《{title}》")
    page = page.press("共享这件作品", 共享范围=scope, **({"也向未登录的访客开放": True} if openly else {}))
    worker.drain()
    return page


def found(visitor: Visitor, words: str) -> list[str]:
    """Titles on the search page."""
    return visitor.open("/search/", q=words).titles
