"""搜索用词 in the workbench: one sentence for one mistake, when a change holds, and natural names in both languages."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from cms.outbox.handlers import handler_for, topics
from search.models import Synonym
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province

pytestmark = pytest.mark.django_db
HAN = re.compile("[\u3400-\u9fff]")


@pytest.fixture
def place() -> Province:
    return factories.province()


@pytest.fixture
def governor(place: Province) -> Client:
    return signed_in(factories.person("administrator", place.province))


@pytest.mark.parametrize(("words", "fields"), [("synonym", {"words": ""}), ("alias", {"text": "", "target": ""})])
def test_an_empty_field_is_told_once(governor: Client, words: str, fields: dict[str, str]) -> None:
    page = governor.post(reverse(f"words-{words}:add"), fields)
    errors = page.context["form"].errors
    assert {name: len(said) for name, said in errors.items()} == dict.fromkeys(fields, 1)


def test_pages_say_when_a_change_holds_and_whose_they_are(governor: Client) -> None:
    page = governor.get(reverse("words-synonym:add")).content.decode()
    assert "下一次搜索就按它理解" in page
    assert re.search(r"<title>[^<]*- 共建</title>", page)


@pytest.mark.parametrize(("words", "said"), [("alias", "colloquial names"), ("synonym", "synonyms")])
def test_things_have_natural_english_names(governor: Client, words: str, said: str) -> None:
    Synonym.objects.all().delete()
    page = governor.get(reverse(f"words-{words}:index"), headers={"accept-language": "en"}).content.decode()
    assert f"There are no {said} to display" in page


def test_operators_read_every_topic_of_the_outbox_in_their_language() -> None:
    with override("en"):
        labels = [str(getattr(handler_for(topic), "label", "")) for topic in topics()]
    assert [label for label in labels if HAN.search(label)] == []
