"""What the pages of one space share: whose it is, who asks, and how the tabs lead on."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from cms.people.requests import person_of
from cms.spaces.actions import ensure_personal_space
from cms.spaces.enums import SpaceKind
from cms.spaces.models import ShelfItem, Space
from cms.spaces.queries import get_space


def uuid_of(text: str | None) -> UUID | None:
    """A uuid somebody sent, or None; raises Http404 for text that is none."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def moment_of(text: str | None) -> datetime | None:
    """A moment a page sent back, or None; raises Http404 for text that is none, and for one that no database holds."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise Http404
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
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
    """The context of a page of a tended space. A space that adopts nothing `keeps` a shelf and points only if it has
    something there from before."""
    keeps = not space.is_private or ShelfItem.objects.filter(space=space, removed_at=None).exists()
    return {"space": space, "tab": tab, "argument": argument(space), "keeps": keeps, **more}


def address(name: str, space: Space) -> str:
    return reverse(f"spaces:{name}") + argument(space)


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The form's `next` when it is an address of this site."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else otherwise  # `redirect` takes a mere word for a view's name
