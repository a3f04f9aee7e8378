"""Rich text kept to what the editor offers: tags and links of a list, nothing that runs. Pure."""

import re
from typing import Any

import nh3

TAGS = {"p", "br", "h2", "h3", "b", "strong", "i", "em", "ol", "ul", "li", "a", "hr", "blockquote", "sup", "sub"}
ATTRIBUTES = {**{tag: {"data-block-key"} for tag in TAGS}, "a": {"href"}}
SCHEMES = {"http", "https", "mailto"}
NO_OPENER = "noopener noreferrer"
NOWHERE = re.compile(f'<a rel="{NO_OPENER}">(.*?)</a>', re.DOTALL)
"""A link whose address was not allowed, as nh3 leaves it: it looks like one and leads nowhere."""

RICH_FIELDS = ("body", "task_sheet")


def clean_html(text: str) -> str:
    """The text with every tag and attribute outside the list removed; scripts and styles with their content. Of a link
    whose address is outside the list, only the words stay."""
    cleaned = _cleaned(text)
    if NOWHERE.search(cleaned):
        return _cleaned(NOWHERE.sub(r"\1", cleaned))  # once more: what an expression cuts may be anything
    return cleaned


def _cleaned(text: str) -> str:
    return nh3.clean(text, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=NO_OPENER)


def clean_rich_text(work: Any) -> None:
    """Clean every rich text of a work and its children in place, before it is kept in a revision."""
    things = [work]
    for relation in ("lessons", "parts"):
        if hasattr(work, relation):
            things += getattr(work, relation).all()
    for thing in things:
        for name in RICH_FIELDS:
            text = getattr(thing, name, "")
            if text and "<" in text:
                setattr(thing, name, clean_html(text))
