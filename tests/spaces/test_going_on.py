"""Where a form goes on to, as its `next` says."""

import pytest
from django.test import RequestFactory

from cms.spaces.frame import back_to


@pytest.mark.parametrize(
    "wanted", ["", "foo", "撤回试", "foo:bar", "//elsewhere.example", "https://elsewhere.example/"]
)
def test_what_is_no_address_of_this_site_is_not_followed(wanted: str) -> None:
    assert back_to(RequestFactory().post("/", {"next": wanted}), "/space/inbox/") == "/space/inbox/"


def test_an_address_of_this_site_is() -> None:
    assert back_to(RequestFactory().post("/", {"next": "/space/?a=1"}), "/") == "/space/?a=1"
