"""What a space says of itself: written by who tends it, read by who may see it, found by its words."""

import pytest

from cms.outbox.models import Message
from cms.people.accounts import set_findable
from cms.spaces.actions import ensure_personal_space, ensure_school_space, ensure_subject_space, introduce
from cms.spaces.errors import NotYourSpace
from cms.spaces.models import MOST_INTRODUCED, Space
from tests import factories
from tests.api.test_chain_over_api import Caller
from tests.browsing import signed_in
from tests.factories.province import Province

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Province:
    return factories.province()


def said(space: Space) -> str:
    return Space.objects.get(pk=space.pk).introduction


def owed() -> set[str]:
    """Documents that the index owes a look, since the last time this was asked."""
    rows = Message.objects.filter(topic="search.index")
    found = set(rows.values_list("ref", flat=True))
    rows.delete()
    return found


def test_teacher_writes_it_and_a_colleague_reads_it(place: Province) -> None:
    user = factories.teacher(place)
    space = ensure_personal_space(user)
    client = signed_in(user)
    assert "学生和家长在您的空间首页都看得到" in client.get("/space/").content.decode()
    answer = client.post("/space/", {"introduction": " 从教二十年\r\n<b>爱读书</b> \r\n"}, follow=True)
    assert "简介已保存" in answer.content.decode()
    assert said(space) == "从教二十年\n<b>爱读书</b>"
    page = signed_in(factories.teacher(place, place.other_school)).get(f"/spaces/{space.uuid}/").content.decode()
    assert "从教二十年<br>&lt;b&gt;爱读书&lt;/b&gt;" in page
    client.post("/space/", {"introduction": ""})
    assert said(space) == ""


def test_index_looks_again_where_the_space_is_found(place: Province) -> None:
    head, hidden, found = factories.person("editor", place.school), factories.teacher(place), factories.teacher(place)
    set_findable(found, findable=True)
    school = ensure_school_space(place.school)
    for user, space, documents in (
        (head, school, {f"space:{school.pk}"}),
        (hidden, ensure_personal_space(hidden), set()),
        (found, ensure_personal_space(found), {f"person:{found.pk}"}),
    ):
        owed()
        introduce(space, "研究计算教学", by=user)
        assert owed() == documents
        introduce(space, "研究计算教学 ", by=user)
        assert owed() == set()


def test_school_and_subject_are_introduced_by_who_tends_them_and_by_nobody_else(place: Province) -> None:
    tenders = [factories.person(role, place.school) for role in ("administrator", "editor")]
    others = [
        factories.teacher(place),
        factories.person("administrator", place.other_school),
        factories.person("administrator", place.county),
        factories.pupil(place),
    ]
    for space in (ensure_school_space(place.school), ensure_subject_space(place.school, place.subject)):
        address = f"/space/?space={space.uuid}"
        for number, tender in enumerate(tenders):
            answer = signed_in(tender).post(address, {"introduction": f"第 {number} 版"})
            assert (answer.status_code, answer.headers["Location"]) == (302, address)
            assert said(space) == f"第 {number} 版"
        for other in others:
            assert signed_in(other).post(address, {"introduction": "别人写的"}).status_code == 404
            answer = Caller(other).send("put", f"/spaces/{space.uuid}/introduction", {"introduction": "别人写的"})
            assert answer.status_code == 404
            with pytest.raises(NotYourSpace):
                introduce(space, "别人写的", by=other)
        assert said(space) == "第 1 版"


def test_pupil_is_told_that_nobody_else_sees_it(place: Province) -> None:
    pupil = factories.pupil(place)
    space = ensure_personal_space(pupil)
    introduce(space, "我爱数学", by=pupil)
    assert "只有您本人看得到。" in signed_in(pupil).get("/space/").content.decode()
    assert signed_in(factories.teacher(place)).get(f"/spaces/{space.uuid}/").status_code == 404


def test_too_long_is_refused_with_a_sentence_and_what_was_typed_stays(place: Province) -> None:
    user = factories.teacher(place)
    space = ensure_personal_space(user)
    text = "长" * (MOST_INTRODUCED + 1)
    answer = signed_in(user).post("/space/", {"introduction": text})
    assert answer.status_code == 400
    assert "简介最多 1000 个字" in answer.content.decode()
    assert text in answer.content.decode()
    answer = signed_in(user).post("/space/", {"introduction": "空\0字符"})
    assert answer.status_code == 400
    address = f"/spaces/{space.uuid}/introduction"
    refused = Caller(user).send("put", address, {"introduction": text})
    assert (refused.status_code, refused.json()["code"]) == (422, "introduction_too_long")
    assert said(space) == ""
    assert Caller(user).send("put", address, {"introduction": "\n".join("行" * 500)}).status_code == 204
    assert Caller(user).get("/spaces").json()[0]["introduction"] == said(space) != ""
