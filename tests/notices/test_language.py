"""What is told is kept in the house's language, whatever the language of whoever acted."""

import ast
from pathlib import Path
from string import ascii_letters
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override

from cms.notices.models import Notice
from cms.outbox import worker
from cms.outbox.models import Message
from cms.people.accounts import reset_password
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.learning.test_progress import complete, live_course
from tests.search.pushing import add_school
from workflows.review.actions.publishing import retire
from workflows.sharing.actions import recall_share, share_work

ROOT = Path(__file__).resolve().parents[2]
TELLING = [
    path
    for wing in ("cms", "workflows", "search")
    for path in sorted((ROOT / wing).rglob("receivers*.py"))
    if "import News, " in path.read_text(encoding="utf-8")
]
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def english_is_there() -> None:
    """Otherwise every text is Chinese, and nothing below says anything."""
    with override("en"):
        assert gettext("我的作品有进展") != "我的作品有进展", "compile the catalogues: python bin/support/messages.py"


def told(user: Any) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("id").values_list("text", flat=True))


@pytest.mark.django_db
def test_reviewer_who_reads_english_returns_a_work_and_the_author_reads_chinese(place: Province) -> None:
    author = factories.teacher(place)
    submission = factories.at_school_review(place, author)
    client = signed_in(factories.school_reviewer(place), headers=ENGLISH)
    posted = {"school-verdict": "request_changes", "school-comment": "请补充学习单"}
    answer = client.post(reverse("review:decide", args=[submission.uuid]), posted, follow=True)
    assert 'lang="en"' in answer.content.decode()
    assert told(author) == [f"《{submission.work.title}》退回修改：请补充学习单"]


@pytest.mark.django_db
def test_every_notice_of_whoever_reads_english_is_chinese(place: Province) -> None:
    """The whole chain, an account and an outbox row that was given up; of recalls, one of two and then the last."""
    author, pupil = factories.teacher(place), factories.pupil(place)
    administrator = factories.person("administrator", place.school)
    factories.person("operator", place.province)
    mother = factories.parent(place, pupil)
    with override("en"):
        submission = factories.published(place, author)
        publisher, school = factories.person("publisher", place.county), add_school(place)
        for share in [share_work(submission.work, scope=scope, by=publisher) for scope in (school, place.county)]:
            recall_share(share, by=publisher, reason="教材改版")
        retire(submission, by=administrator, reason="内容过时")
        complete(live_course(place), pupil)
        reset_password(author, by=administrator)
        Message.objects.create(topic="notices.mail", ref="0", attempts=99)
        worker.drain()
    assert told(mother)
    topics = set(Notice.objects.values_list("topic", flat=True))
    assert topics == {"to_review", "my_work", "child", "operation", "account"}
    for text in Notice.objects.values_list("text", flat=True):
        assert not set(text) & set(ascii_letters), text


@pytest.mark.parametrize("path", TELLING, ids=lambda path: str(path.relative_to(ROOT)))
def test_receivers_leave_the_wording_to_tell(path: Path) -> None:
    """`tell` is given a generator of the module, and who calls it asks no translation for anything."""
    functions = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)]
    generators = {one.name for one in functions if any(isinstance(node, ast.Yield) for node in ast.walk(one))}
    for one in functions:
        calls = [(ast.unparse(node.func), node.args) for node in ast.walk(one) if isinstance(node, ast.Call)]
        given = [args[0] for name, args in calls if name == "tell"]
        assert all(isinstance(arg, ast.Call) and ast.unparse(arg.func) in generators for arg in given), one.name
        assert not given or "_" not in [name for name, _args in calls], one.name


def test_some_receivers_tell() -> None:
    assert len(TELLING) >= 4
