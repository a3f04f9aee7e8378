"""Where none of the words were found, the page and the interface offer those that find something alone."""

import pytest
from django.test import Client

from cms.outbox import worker
from tests import factories

pytestmark = pytest.mark.django_db


def test_page_and_interface_offer_a_word_to_who_may_see_what_it_finds() -> None:
    place = factories.province()
    author = factories.teacher(place)
    factories.shared(place, author, factories.resource(place, author, title="跳绳的起源"), openly=True)
    factories.shared(place, author, factories.resource(place, author, title="花式咖啡"))  # with its county
    worker.drain()
    visitor, member = Client(), Client()
    member.force_login(author)

    page = visitor.get("/search/", {"q": "花式跳绳", "sort": "newest"}).content.decode()
    assert ">没有找到</h2>" in page
    assert '<a href="?q=%E8%B7%B3%E7%BB%B3&amp;sort=newest">只搜“跳绳”</a>' in page
    assert "只搜“花式”" not in page
    assert visitor.get("/api/v1/search", {"q": "花式跳绳"}).json()["offers"] == [{"q": "跳绳", "total": 1}]

    assert "只搜“花式”" in member.get("/search/", {"q": "花式跳绳"}).content.decode()
    assert "只搜" not in visitor.get("/search/", {"q": "跳绳"}).content.decode()
