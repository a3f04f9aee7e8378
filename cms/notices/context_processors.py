"""What every page of the site says about notices."""

from typing import Any

from django.http import HttpRequest

from cms.notices.queries import said, unread_count
from cms.people.header import asked_once


def notices(request: HttpRequest) -> dict[str, Any]:
    """`notices_new` for the account menu, at the cost of one query."""
    return {"notices_new": asked_once(request, "_notices_new", lambda user: said(unread_count(user)))}
