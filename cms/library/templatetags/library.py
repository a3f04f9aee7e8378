"""What templates ask the library for."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from cms.library.body import Body, body_of
from cms.library.html import clean_html
from cms.library.models import Work

register = template.Library()


@register.simple_tag
def work_body(work: Work, brief: bool = False) -> Body:
    """`{% work_body work as shown %}`: files, lessons and parts of a live work or of a revision as an object."""
    return body_of(work, brief=bool(brief))


@register.filter
def rich(text: Any) -> SafeString:
    """Rich text, cleaned once more at the last door: what was stored before a rule grew stricter is held to it."""
    return mark_safe(clean_html(str(text or "")))  # noqa: S308  cleaned in this very line
