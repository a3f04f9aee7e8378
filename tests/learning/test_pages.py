"""Courses, lessons and children on the site."""

from collections.abc import Callable
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from cms.learning.actions import complete_lesson, record_progress
from cms.learning.models import Enrolment, LessonProgress
from cms.library.models import Lesson, Work
from cms.people.models import Guardianship, PupilProfile
from cms.taxonomy.models import Grade, Stage
from tests import factories
from tests.api.test_chain_over_api import Caller
from tests.browsing import queries_of, signed_in
from tests.english import read_in_english
from tests.learning.test_progress import keys_of, live_course
from workflows.review.actions.publishing import retire
from workflows.sharing.actions import recall_share

pytestmark = pytest.mark.django_db


def lesson_url(course: Work, key: Any, deed: str = "") -> str:
    return f"/courses/{course.uuid}/lessons/{key}/{deed}"


def test_courses_lists_what_this_visitor_may_see_and_nothing_else() -> None:
    place = factories.province()
    live_course(place, title="开放的课程", openly=True)
    live_course(place, title="县内的课程")
    factories.micro_course(place, factories.teacher(place), title="草稿课程")
    factories.shared(place, openly=True)
    seen = {
        Client(): (True, False),
        signed_in(factories.pupil(place)): (True, True),
        signed_in(factories.pupil(place, place.other_school)): (True, False),
    }
    for client, (open_one, county_one) in seen.items():
        page = client.get("/courses/").content.decode()
        assert ("开放的课程" in page, "县内的课程" in page, "草稿课程" in page) == (open_one, county_one, False)


def test_courses_puts_the_grade_of_the_pupil_first() -> None:
    place = factories.province()
    other = Grade.objects.create(stage=place.stage, name="四年级", order=4)
    live_course(place, title="我的年级")
    live_course(place, title="别的年级", grade=other, textbook=None, chapter=None)
    pupil = factories.pupil(place)
    PupilProfile.objects.create(user=pupil, grade=place.grade)
    page = signed_in(pupil).get("/courses/").content.decode()
    assert page.index("我的年级") < page.index("别的年级")
    assert "别的年级" not in signed_in(pupil).get(f"/courses/?grade={place.grade.pk}").content.decode()


def test_home_of_a_pupil_shows_courses_of_the_grade_alone() -> None:
    place = factories.province()
    other = Grade.objects.create(stage=place.stage, name="四年级", order=4)
    live_course(place, title="我的年级")
    whole = live_course(place, title="整个学段")
    Work.objects.filter(pk=whole.pk).update(grade=None, textbook=None, chapter=None)
    live_course(place, title="别的年级", grade=other, textbook=None, chapter=None)
    pupil = factories.pupil(place)
    assert "适合我年级的课程" not in signed_in(pupil).get("/").content.decode()
    profile = PupilProfile.objects.create(user=pupil, grade=place.grade)
    page = signed_in(pupil).get("/").content.decode()
    assert "适合我年级的课程" in page
    assert ("我的年级" in page, "整个学段" in page, "别的年级" in page) == (True, True, False)
    fifth = Grade.objects.create(
        stage=Stage.objects.create(code="junior", name="初中", order=9), name="七年级", order=7
    )
    profile.grade = fifth
    profile.save()
    assert "适合我年级的课程" not in signed_in(pupil).get("/").content.decode()


@pytest.mark.parametrize("query", ["?grade=abc", "?subject=-1", "?page=99999", "?page=x", "?grade=9" + "9" * 40])
def test_courses_bears_any_query(query: str) -> None:
    factories.province()
    assert Client().get("/courses/" + query).status_code == 200


def test_courses_cost_the_same_with_one_and_with_three() -> None:
    place = factories.province()
    pupil = factories.pupil(place)
    client, counts = signed_in(pupil), []
    for number in (1, 2):
        for _more in range(number):
            course = live_course(place)
            record_progress(course, keys_of(course)[0], by=pupil, fraction=0.5)
        counts.append(queries_of(client, "/courses/"))
    assert counts[0] == counts[1]


def test_course_page_is_not_found_by_whom_it_is_not_shared_with() -> None:
    place = factories.province()
    course = live_course(place, title="圆的周长")
    key = keys_of(course)[0]
    for client in (Client(), signed_in(factories.pupil(place, place.other_school))):
        for address in (f"/courses/{course.uuid}/", lesson_url(course, key), f"/courses/{uuid4()}/"):
            answer = client.get(address)
            assert answer.status_code == 404
            assert "圆的周长" not in answer.content.decode()


def test_visitor_watches_an_open_course_without_progress() -> None:
    place = factories.province()
    course = live_course(place, openly=True)
    key = keys_of(course)[0]
    page = Client().get(lesson_url(course, key)).content.decode()
    assert "<video" in page
    assert "data-progress" not in page
    assert Client().get(f"/courses/{course.uuid}/").status_code == 200
    answer = Client().post(lesson_url(course, key, "progress/"), {"fraction": "0.5"})
    assert answer.status_code == 403
    assert Client().post(lesson_url(course, key, "complete/")).status_code == 302
    assert not Enrolment.objects.exists()


def test_learner_goes_through_a_course() -> None:
    place = factories.province()
    course, pupil = live_course(place), factories.pupil(place)
    client, keys = signed_in(pupil), keys_of(course)
    answer = client.post(f"/courses/{course.uuid}/enrol/")
    assert answer.headers["Location"] == lesson_url(course, keys[0])
    answer = client.post(lesson_url(course, keys[0], "progress/"), {"fraction": "0.5", "position": "61.5"})
    assert answer.json() == {"fraction": 0.5, "position": 61.5, "completed": False}
    page = client.get(lesson_url(course, keys[0])).content.decode()
    assert 'data-start="61.5"' in page
    answer = client.post(lesson_url(course, keys[0], "complete/"))
    assert answer.headers["Location"] == lesson_url(course, keys[1])
    page = client.get(f"/courses/{course.uuid}/").content.decode()
    assert "接着学第 2 课" in page
    assert "1 / 18 课" in page
    for key in keys[1:]:
        answer = client.post(lesson_url(course, key, "complete/"))
    assert answer.headers["Location"] == f"/courses/{course.uuid}/"
    assert "全部学完" in client.get(f"/courses/{course.uuid}/").content.decode()


def answered(ask: Callable[[], Any], *, before: Callable[[str], bool], deed: Callable[[], Any]) -> Any:
    """What `ask` answers when somebody does `deed` meanwhile: at the first statement of which `before` is true."""
    done: list[str] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not done and before(sql):
            done.append(sql)
            deed()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        answer = ask()
    assert done
    return answer


def test_course_retired_while_it_is_taken_is_not_found() -> None:
    place = factories.province()
    course, client = live_course(place), signed_in(factories.pupil(place))
    publisher, read = factories.person("publisher", place.county), []

    def taken(sql: str) -> bool:
        read.extend(["course"] if "library_microcourse" in sql else [])
        return bool(read) and sql.startswith("SAVEPOINT")

    answer = answered(
        lambda: client.post(f"/courses/{course.uuid}/enrol/"),
        before=taken,
        deed=lambda: retire(course.submissions.get(), by=publisher, reason="教材改版"),
    )
    assert answer.status_code == 404
    assert not Enrolment.objects.exists()


def test_lesson_made_anew_while_it_is_opened_is_shown() -> None:
    """As every publication does with the rows of the lessons."""
    place = factories.province()
    course = live_course(place, openly=True)
    key = keys_of(course)[0]

    def publish() -> None:
        lesson = Lesson.objects.get(course=course.pk, key=key)
        Lesson.objects.filter(pk=lesson.pk).delete()
        lesson.pk = None
        lesson.save()

    def read(sql: str) -> bool:
        return sql.startswith('SELECT "library_lesson"') and "library_storedfile" in sql

    address, client = lesson_url(course, key), Client()
    shown = answered(lambda: client.get(address), before=read, deed=publish)
    assert shown.status_code == 200


@pytest.mark.parametrize(
    "data", [{}, {"fraction": "x"}, {"fraction": "nan"}, {"fraction": "2"}, {"fraction": "1", "position": "-3"}]
)
def test_progress_answers_bad_numbers_with_a_sentence(data: dict[str, str]) -> None:
    place = factories.province()
    course = live_course(place)
    client = signed_in(factories.pupil(place))
    answer = client.post(lesson_url(course, keys_of(course)[0], "progress/"), data)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert client.post(lesson_url(course, uuid4(), "progress/"), {"fraction": "1"}).status_code == 404
    assert not LessonProgress.objects.exists()


def test_every_post_of_learning_refuses_get_and_needs_its_token() -> None:
    place = factories.province()
    course, pupil = live_course(place), factories.pupil(place)
    key = keys_of(course)[0]
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(pupil)
    for address in (
        f"/courses/{course.uuid}/enrol/",
        lesson_url(course, key, "progress/"),
        lesson_url(course, key, "complete/"),
    ):
        assert signed_in(pupil).get(address).status_code == 405
        assert strict.post(address, {"fraction": "1"}).status_code == 403
    assert not LessonProgress.objects.exists()


def test_parent_sees_the_own_child_and_nobody_elses() -> None:
    place = factories.province()
    course = live_course(place, title="认识几分之一")
    mine, other = (
        factories.person("pupil", place.school, name="周小禾"),
        factories.person("pupil", place.school, name="吴思远"),
    )
    mother = factories.parent(place, mine)
    for child in (mine, other):
        complete_lesson(course, keys_of(course)[0], by=child)
    client = signed_in(mother)
    page = client.get("/children/").content.decode()
    assert "周小禾" in page
    assert "认识几分之一" in page
    assert "吴思远" not in page
    page = client.get(f"/children/{mine.uuid}/").content.decode()
    assert "1 / 18 课" in page
    for user in (mother, factories.teacher(place), factories.person("administrator", place.province), other):
        answer = signed_in(user).get(f"/children/{other.uuid}/")
        assert answer.status_code == 404
        assert "吴思远" not in answer.content.decode().replace(getattr(user, "name", ""), "")
    assert Client().get("/children/").status_code == 302


def test_children_cost_the_same_with_one_and_with_three() -> None:
    place = factories.province()
    child = factories.pupil(place)
    parent = factories.parent(place, child)
    client, counts = signed_in(parent), []
    course = live_course(place)
    complete_lesson(course, keys_of(course)[0], by=child)
    for more in (0, 2):
        for _number in range(more):
            another = factories.pupil(place)
            Guardianship.objects.create(guardian=parent, pupil=another)
            complete_lesson(course, keys_of(course)[1], by=another)
        counts.append([queries_of(client, page) for page in ("/", "/children/", f"/children/{child.uuid}/")])
    assert counts[0] == counts[1]


def test_course_that_is_gone_stays_on_the_childs_page_without_a_link() -> None:
    place = factories.province()
    child = factories.pupil(place)
    parent = factories.parent(place, child)
    courses = [live_course(place, title=title) for title in ("还在的课程", "被下架的课程", "被收回的课程")]
    _here, retired, recalled = courses
    elsewhere = factories.person("parent", place.county)
    Guardianship.objects.create(guardian=elsewhere, pupil=child)
    for course in courses:
        complete_lesson(course, keys_of(course)[0], by=child)
    retire(retired.submissions.get(), by=factories.person("publisher", place.county), reason="教材改版")
    (share,) = recalled.shares.all()
    recall_share(share, by=share.shared_by, reason="教材改版")  # to the county: the school still has it
    for reader, gone in ((parent, {retired}), (elsewhere, {retired, recalled})):
        client = signed_in(reader)
        page = client.get(f"/children/{child.uuid}/").content.decode()
        for course in courses:
            address = f"/courses/{course.uuid}/"
            assert course.title in page
            assert (address in page) == (course not in gone) == (client.get(address).status_code == 200)
        assert page.count("已下架或收回，打不开了") == len(gone)


def test_course_that_the_reader_may_not_see_is_named_as_the_learner_saw_it() -> None:
    """Of the version that only its school has, pupil and parent elsewhere are told nothing."""
    place = factories.province()
    child = factories.pupil(place, place.other_school)
    parent = factories.person("parent", place.other_school)
    Guardianship.objects.create(guardian=parent, pupil=child)
    course = live_course(place, title="学的时候的名字", openly=True)
    complete_lesson(course, keys_of(course)[0], by=child)
    factories.renamed(place, course, "各处都看得到的名字")
    caller, pages = Caller(child), ("/", "/children/", f"/children/{child.uuid}/")
    assert [line["title"] for line in caller.get("/courses/mine").json()] == ["各处都看得到的名字"]
    (share,) = course.shares.all()
    recall_share(share, by=share.shared_by, reason="教材改版")
    factories.renamed(place, course, "只给本校看的名字")
    assert [line["title"] for line in caller.get("/courses/mine").json()] == ["学的时候的名字"]
    for page in pages:
        shown = signed_in(parent).get(page).content.decode()
        assert "学的时候的名字" in shown
        assert "只给本校看的名字" not in shown


def test_enrolments_of_before_are_given_the_title_that_was_live_then() -> None:
    place = factories.province()
    child = factories.pupil(place)
    course = live_course(place, title="学的时候的名字")
    complete_lesson(course, keys_of(course)[0], by=child)
    factories.renamed(place, course, "后来的名字")
    Enrolment.objects.update(title="")
    import_module("cms.learning.migrations.0004_titles_last_seen").fill_in(apps, None)
    assert Enrolment.objects.get().title == "学的时候的名字"


def test_childs_page_costs_the_same_with_one_course_and_with_three() -> None:
    place = factories.province()
    child = factories.pupil(place)
    client, counts = signed_in(factories.parent(place, child)), []
    for more in (1, 2):
        for _number in range(more):
            course = live_course(place)
            complete_lesson(course, keys_of(course)[0], by=child)
        counts.append(queries_of(client, f"/children/{child.uuid}/"))
    retire(course.submissions.get(), by=factories.person("publisher", place.county), reason="教材改版")
    counts.append(queries_of(client, f"/children/{child.uuid}/"))
    assert len(set(counts)) == 1


def test_lesson_page_escapes_what_authors_write() -> None:
    place = factories.province()
    course = live_course(place, title="<img src=x onerror=alert(1)>标题", openly=True)
    Lesson.objects.filter(course=course.pk).update(
        title="<script>alert(2)</script>课时",
        goal="<b>目标</b>",
        task_sheet='<p onclick="x()">任务</p><script>alert(3)</script>',
    )
    for address in ("/courses/", f"/courses/{course.uuid}/", lesson_url(course, keys_of(course)[0])):
        page = Client().get(address).content.decode()
        for bad in ("<img src=x", "<script>alert", "<b>目标", "onclick"):
            assert bad not in page


@pytest.mark.usefixtures("compiled")
def test_pages_of_learning_are_shown_in_english() -> None:
    place = factories.province()
    course, pupil = live_course(place, openly=True), factories.pupil(place)
    complete_lesson(course, keys_of(course)[0], by=pupil)
    client = signed_in(factories.parent(place, pupil))
    for address in (
        "/courses/",
        f"/courses/{course.uuid}/",
        lesson_url(course, keys_of(course)[0]),
        "/children/",
        f"/children/{pupil.uuid}/",
    ):
        read_in_english(client, address)
    for address in ("/", f"/courses/{course.uuid}/", lesson_url(course, keys_of(course)[0])):
        read_in_english(signed_in(pupil), address)


@pytest.mark.parametrize(
    ("class_name", "said"),
    [("三（2）班", "三（2）班"), ("2 班", "三年级 2 班"), ("三叶草班", "三年级 三叶草班"), ("", "三年级")],
)
def test_a_class_that_names_its_grade_is_said_once(class_name: str, said: str) -> None:
    place = factories.province()
    child = factories.pupil(place)
    PupilProfile.objects.create(user=child, grade=place.grade, class_name=class_name)
    assert f"<dd>{said}</dd>" in signed_in(child).get("/me/").content.decode()
    page = signed_in(factories.parent(place, child)).get("/children/").content.decode()
    assert f">{said}</p>" in page


def test_a_childs_courses_are_all_seen_at_once_or_led_to() -> None:
    place = factories.province()
    child = factories.pupil(place)
    client = signed_in(factories.parent(place, child))
    for number in range(6):
        course = live_course(place)
        record_progress(course, keys_of(course)[0], by=child, fraction=0.5)
        if number in (4, 5):
            assert ("看全部" in client.get("/children/").content.decode()) == (number == 5)


def test_what_a_teacher_leaves_open_is_said_in_words() -> None:
    page = signed_in(factories.teacher(factories.province())).get("/me/").content.decode()
    assert "不填" in page
    assert "---------" not in page
