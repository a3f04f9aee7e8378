"""Numbers that the header of every page tells whoever signed in."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.people.models import User


def asked_once(request: HttpRequest, name: str, count: Callable[[User], str]) -> SimpleLazyObject:
    """What `count` says, empty for visitors: asked when it is drawn, and once a request, which keeps it as `name`;
    templates may be rendered many times in one."""
    user = getattr(request, "user", None)  # an error page may be drawn before anybody is known

    def number() -> str:
        if not isinstance(user, User):
            return ""
        if not hasattr(request, name):
            setattr(request, name, count(user))
        said: str = getattr(request, name)
        return said

    return SimpleLazyObject(number)


def up_to(number: int, most: int) -> str:
    """A number as a person reads it, where nobody counts further than one more than `most`; empty for none."""
    return f"{most}+" if number > most else str(number or "")
