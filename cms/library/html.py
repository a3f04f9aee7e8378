"""Rich text kept to what the editor offers: tags and links of a list, nothing that runs. Pure."""

from typing import Any

import nh3

TAGS = {"p", "br", "h2", "h3", "b", "strong", "i", "em", "ol", "ul", "li", "a", "hr", "blockquote", "sup", "sub"}
ATTRIBUTES = {"a": {"href"}, "*": {"data-block-key"}}
SCHEMES = {"http", "https", "mailto"}

RICH_FIELDS = ("body", "task_sheet")


def clean_html(text: str) -> str:
    """The text with every tag and attribute outside the list removed; scripts and styles with their content."""
    return nh3.clean(text, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer")


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
