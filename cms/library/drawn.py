"""What can be seen of a text: titles of blanks, of zero width or of direction marks alone are none."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs by category, drawn as nothing."""


def drawn(text: str) -> str:
    """The characters that leave a mark by themselves: no blanks, controls, format characters, lone accents. Pure."""
    return "".join(char for char in text if _leaves_a_mark(char))


def _leaves_a_mark(char: str) -> bool:
    category = unicodedata.category(char)
    return char not in FILLERS and (category[0] not in "CZM" or category == "Co")  # a private one may have its font


def require_drawn(text: str) -> None:
    """Raises ValidationError when nothing of the text can be seen."""
    if not drawn(text):
        raise ValidationError(_("标题里没有看得见的文字，请重新填写。"), code="unseen")
