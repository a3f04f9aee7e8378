"""Tags that are offered while one types: none of a draft that the person may not see."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.library.models import Work
from cms.library.queries import draft_of
from tests import factories
from tests.browsing import queries_of
from tests.library.admin.conftest import Cast

pytestmark = pytest.mark.django_db


def address() -> str:
    return reverse("wagtailadmin_tag_model_autocomplete", args=("taxonomy", "tag"))


def tagged(work: Work, *words: str) -> Work:
    draft: Any = draft_of(Work.objects.get(pk=work.pk))
    draft.tags.set(words)
    draft.save()
    draft.save_revision()
    return work


def offered(client: Client, term: str) -> list[str]:
    found: list[str] = client.get(address(), {"term": term}).json()
    return found


def test_tags_of_other_peoples_drafts_are_not_offered(cast: Cast) -> None:
    secret = tagged(factories.resource(cast.place, cast.owner), "甲校内部卷")
    for who, seen in (("owner", True), ("colleague", False), ("stranger", False), ("reviewer", False)):
        assert bool(offered(cast.client(who), "甲校")) == seen, who
    tagged(secret)  # taken off again
    assert offered(cast.client("owner"), "甲校") == []


def test_tags_of_what_one_may_see_are_offered(cast: Cast) -> None:
    work = tagged(factories.resource(cast.place, cast.owner), "分数墙")
    factories.published(cast.place, cast.owner, work)
    for who, seen in (("owner", True), ("colleague", True), ("stranger", False)):
        assert (offered(cast.client(who), "分数") == ["分数墙"]) == seen, who


def test_address_is_for_the_workbench_and_bears_anything(cast: Cast) -> None:
    assert Client().get(address(), {"term": "分"}).status_code == 302
    client = cast.client("owner")
    for term in ("", "\x00", "%", "分" * 5000):
        assert offered(client, term) == []
    for other in ("/admin/tag-autocomplete/?term=a", "/admin/tag-autocomplete/people/user/?term=a"):
        assert client.get(other).status_code == 404
    assert client.post(address()).status_code == 405


def test_offer_costs_the_same_with_one_tag_and_with_three(cast: Cast) -> None:
    client, counts = cast.client("owner"), []
    for words in (("分数一",), ("分数一", "分数二", "分数三")):
        tagged(factories.resource(cast.place, cast.owner), *words)
        counts.append(queries_of(client, f"{address()}?term=分数"))
    assert counts[0] == counts[1]
