"""A page in English: what is ours is translated, names and content stay as people wrote them."""

import html
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.test import Client

ENGLISH = {"accept-language": "en-GB,en;q=0.9"}
CHINESE = re.compile(r"[^<>\n]*[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef][^<>\n]*")
OURS = ("cms", "workflows", "search", "taggit")
CARVED = re.compile(r'<span class="seal-stamp" aria-hidden="true"><span>[^<]*</span></span>')
SAID_IN_CHINESE = re.compile(r'lang="zh-Hans"[^<]*|分数 \(fractions\)|浮力 \(buoyancy\)')
"""The way back, for whoever reads no English; and words to search for, as works have them."""
ENDS = re.compile(r"<[^>]*>|\n|\.\w{1,4}$")  # of a block, or of the name of a file


def read_in_english(client: Client, address: str) -> str:
    """The page, asked for in English: it says that it is, and its only Chinese is what the database holds."""
    answer = client.get(address, headers=ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 200, address
    assert '<html lang="en">' in page, address
    left = chinese_of_ours(page)
    assert not left, (address, left)
    return page


def chinese_of_ours(page: str) -> list[str]:
    """What stands in no row of the database; what is carved in a seal is a picture."""
    left = html.unescape(SAID_IN_CHINESE.sub("", CARVED.sub("", page)))
    for text in sorted(written(), key=len, reverse=True):
        left = left.replace(text, "")
    return [line.strip() for line in CHINESE.findall(left)]


def written() -> set[str]:
    """The Chinese that people wrote: whole texts of our tables, rich ones block by block."""
    found: set[str] = set()
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if holds_text(field)]
        if names and model.__module__.startswith(OURS):
            rows = model._default_manager.values_list(*names)
            texts = (text for row in rows for value in row for text in texts_of(value))
            found |= {piece.strip() for text in texts for piece in (text, *ENDS.split(html.unescape(text)))}
    return {text for text in found if CHINESE.search(text)}


def holds_text(field: Any) -> bool:
    return isinstance(field, (models.CharField, models.TextField, models.JSONField)) and not field.choices


def texts_of(value: Any) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_of(each)
