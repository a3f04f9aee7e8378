"""Why a work stands in an inbox is said with the names of what brought it, and three cost what one costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.outbox.worker import drain
from cms.people.models import User
from cms.spaces.actions import add_interest, ensure_personal_space, ensure_school_space, follow
from cms.spaces.inbox import inbox_page
from cms.spaces.models import Space
from search.saved.actions import rename_search, save_search
from search.saved.following import follow_search
from tests import factories
from tests.factories.province import Province

pytestmark = pytest.mark.django_db


def person_of(place: Province) -> tuple[User, Space]:
    """Nobody who has interests by a profile."""
    user = factories.person("teacher", place.school)
    return user, ensure_personal_space(user)


def why(user: User, space: Space) -> list[str]:
    return [item.why for item in inbox_page(space, user, tiers=False)]


def test_each_reason_names_what_was_asked_for() -> None:
    place = factories.province()
    author = factories.teacher(place)
    by_author, by_space, by_place, by_search = (person_of(place) for _ in range(4))
    follow(by_author[1], by=by_author[0], author=author)
    school = ensure_school_space(place.school)
    follow(by_space[1], by=by_space[0], followed=school)
    add_interest(by_place[1], by=by_place[0], organisation_id=place.school.pk)
    search = save_search(by_search[0], f"{place.subject.name} 浮力", chosen={})
    follow_search(search)
    rename_search(search, "浮力的好课")
    factories.shared(place, author, factories.resource(place, author, title="浮力的测量"))
    drain()
    assert why(*by_author) == [f"关注的作者：{author.name}"]
    assert why(*by_space) == [f"关注的空间：{school.name}"]
    assert why(*by_place) == [f"关注的内容：{place.school.name}"]
    assert why(*by_search) == ["关注的搜索：浮力的好课"]


def test_what_was_asked_for_by_name_is_said_first_and_two_are_enough() -> None:
    place = factories.province()
    author = factories.teacher(place)
    user, space = person_of(place)
    add_interest(space, by=user, subject_id=place.subject.pk)
    follow(space, by=user, author=author)
    follow_search(save_search(user, "浮力", chosen={}))
    factories.shared(place, author, factories.resource(place, author, title="浮力的测量"))
    drain()
    assert why(user, space) == [f"关注的搜索：浮力；关注的作者：{author.name}"]


def test_reasons_cost_the_same_with_one_and_with_three() -> None:
    place = factories.province()
    user, space = person_of(place)
    costs = []
    for number in (1, 3):
        while len(why(user, space)) < number:
            author = factories.teacher(place)
            follow(space, by=user, author=author)
            factories.shared(place, author)
            drain()
        with CaptureQueriesContext(connection) as asked:
            why(user, space)
        costs.append(len(asked))
    assert costs[0] == costs[1]
