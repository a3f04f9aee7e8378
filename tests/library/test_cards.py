"""A card is the same however its work was read, and costs no query beside the list's own."""

from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cms.library.cards import COLUMNS, addresses, card_of, curriculum_of, row_from
from cms.library.models import Work
from cms.library.queries import for_cards, get_visible
from tests import factories

pytestmark = pytest.mark.django_db


def with_a_cover() -> Work:
    place = factories.province()
    author = factories.teacher(place)
    work = factories.shared(place, author, openly=True).work
    Work.objects.filter(pk=work.pk).update(cover=factories.stored_file(author, name="封面.png", kind="image"))
    return Work.objects.get(pk=work.pk)


def test_columns_and_objects_make_the_same_card(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    work = with_a_cover()
    row = row_from(Work.objects.values_list(*COLUMNS).get(pk=work.pk))
    listed = for_cards(Work.objects.all()).get(pk=work.pk)
    with django_assert_num_queries(0):
        assert card_of(row) == card_of(listed)
    card = card_of(row)
    assert card["url"] == work.get_absolute_url()
    assert work.cover is not None
    assert str(work.cover.uuid) in card["cover"]
    assert [part["label"] for part in card["curriculum"]][:2] == [str(work.stage), str(work.subject)]


def test_the_curriculum_line_of_a_work_in_hand_reads_nothing_else(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    work = with_a_cover()
    found = get_visible(AnonymousUser(), work.uuid)
    with django_assert_num_queries(0):
        line = curriculum_of(found)
    assert line == card_of(work)["curriculum"]


def test_addresses_of_many_are_those_of_each() -> None:
    some = [UUID(int=number) for number in (0, 1, 2**127)]
    for name in ("review:history", "search:why"):
        assert list(map(addresses(name), some)) == [reverse(name, args=[uuid]) for uuid in some]
