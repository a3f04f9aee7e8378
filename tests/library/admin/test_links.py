"""Links in rich text: what the editor offers is what saving keeps."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from cms.library.html import clean_html
from cms.library.models.work import RICH_TEXT
from tests.library.admin.conftest import Cast, draft
from tests.library.admin.pages import draft_of, edit_url, open_form

OFFERED: dict[str, tuple[str, dict[str, str], str]] = {
    "work_link_web": ("external-link-chooser", {"url": "https://www.moe.gov.cn/jyb/"}, "https://www.moe.gov.cn/jyb/"),
    "work_link_email": (
        "email-link-chooser",
        {"email_address": "zhang@example.com", "subject": "分数"},
        "mailto:zhang@example.com?subject=%E5%88%86%E6%95%B0",
    ),
    "work_link_anchor": ("anchor-link-chooser", {"url": "lessons"}, "#lessons"),
}
"""Each chooser: the prefix of its form, what is filled in, the address it answers."""


def choose(client: Client, name: str, given: dict[str, str]) -> dict[str, Any]:
    prefix = OFFERED[name][0]
    answer = client.post(reverse(name), {f"{prefix}-{field}": value for field, value in given.items()})
    found: dict[str, Any] = answer.json()
    return found


def as_draftail(address: str) -> str:
    """A paragraph with one link, as the editor sends it."""
    block: dict[str, Any] = {"key": "a", "type": "unstyled", "text": "看这里", "inlineStyleRanges": []}
    block["entityRanges"] = [{"offset": 1, "length": 2, "key": 0}]
    entity = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": address}}
    return json.dumps({"blocks": [block], "entityMap": {"0": entity}})


@pytest.mark.django_db
@pytest.mark.parametrize("name", list(OFFERED))
def test_chosen_link_is_kept_when_saved_and_offered_again(cast: Cast, name: str) -> None:
    work, client = draft(cast, "resource"), cast.client("owner")
    _prefix, given, address = OFFERED[name]
    chosen = choose(client, name, given)
    assert (chosen["step"], chosen["result"]["url"]) == ("external_link_chosen", address)
    data = open_form(client, edit_url(work))
    client.post(edit_url(work), {**data, "body": as_draftail(address)})
    assert f'href="{address}"' in draft_of(work).body
    assert address in open_form(client, edit_url(work))["body"][0]


@pytest.mark.django_db
def test_editor_offers_neither_pages_of_wagtail_nor_telephones(cast: Cast) -> None:
    client = cast.client("owner")
    page = client.get(edit_url(draft(cast, "resource"))).content.decode()
    asked = set(re.findall(r"Chooser&quot;: &quot;([^&]+)&quot;", page))
    assert asked == {reverse(name) for name in OFFERED}
    for name in OFFERED:
        shown = client.get(reverse(name), {"allow_phone_link": "true", "link_text": "看"}).json()
        others = {reverse(other) for other in OFFERED} - {reverse(name)}
        assert set(re.findall(r'<a href="([^"?]+)\?', shown["html"])) == others
        assert 'value="看"' in shown["html"]
        assert "link_text=%E7%9C%8B" in shown["html"], "what was marked goes along to the other choosers"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["ftp://example.com/a", "javascript:alert(1)", "tel:110"])
def test_chooser_refuses_what_would_be_lost(cast: Cast, address: str) -> None:
    answer = choose(cast.client("owner"), "work_link_web", {"url": address})
    assert answer["step"] == "external_link"
    assert 'class="error-message"' in answer["html"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "http://localhost/"])
def test_address_of_this_site_stays_an_address(cast: Cast, address: str) -> None:
    """Wagtail makes a link to its own page of it."""
    result = choose(cast.client("owner"), "work_link_web", {"url": address})["result"]
    assert (result["url"], "id" in result) == (address, False)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('<p>见<a linktype="page" id="3">第<b>三</b>页</a>。</p>', "<p>见第<b>三</b>页。</p>"),
        ('<p><a href="tel:110">电话</a></p>', "<p>电话</p>"),
        ('<p><a href="javascript:alert(1)">x</a></p>', "<p>x</p>"),
        ('<p><a rel="noopener noreferrer">从前</a></p>', "<p>从前</p>"),  # as it was stored once
        ('<p><a>无</a><a href="#b">有</a></p>', '<p>无<a href="#b" rel="noopener noreferrer">有</a></p>'),
        ('<p data-block-key="</a>"><a>x</a></p>', '<p data-block-key="&lt;/a&gt;">x</p>'),
    ],
)
def test_link_without_an_allowed_address_is_only_its_words(given: str, kept: str) -> None:
    assert clean_html(given) == kept
    assert clean_html(kept) == kept


def test_editor_opens_what_was_stored_before() -> None:
    converter = ContentstateConverter(features=RICH_TEXT)
    for old in ('<p><a rel="noopener noreferrer">从前</a></p>', '<p><a linktype="page" id="3">从前</a></p>'):
        assert json.loads(converter.from_database_format(old))["blocks"][0]["text"] == "从前"
