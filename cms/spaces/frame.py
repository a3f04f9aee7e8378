"""What the pages of one space share: whose it is, who asks, and how the tabs lead on."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from cms.people.models import User
from cms.spaces.actions import ensure_personal_space
from cms.spaces.enums import SpaceKind
from cms.spaces.models import Space
from cms.spaces.queries import get_space


def person_of(request: HttpRequest) -> User:
    """Who asks; views behind `login_required` have somebody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def uuid_of(text: str | None) -> UUID | None:
    """A uuid somebody sent, or None; raises Http404 for text that is none."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def space_of(request: HttpRequest) -> Space:
    """The space a page is about: `?space=` (or the form's `space`) when the person tends it, else the own one."""
    person = person_of(request)
    asked = uuid_of(request.POST.get("space") or request.GET.get("space"))
    return get_space(person, asked, "tend") if asked else ensure_personal_space(person)


def argument(space: Space) -> str:
    """What addresses of this space's pages end with."""
    return "" if space.kind == SpaceKind.PERSONAL else f"?space={space.uuid}"


def framed(space: Space, tab: str, **more: Any) -> dict[str, Any]:
    """The context of a page of a tended space."""
    return {"space": space, "tab": tab, "argument": argument(space), **more}


def address(name: str, space: Space) -> str:
    return reverse(f"spaces:{name}") + argument(space)
