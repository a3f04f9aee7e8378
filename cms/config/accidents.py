"""What is answered when something broke that no room foresaw: a page for people, for programs the shape of refusals.

A full or read-only disk has a sentence of its own, for there is somebody who can mend it.
"""

import errno
import sqlite3
import sys
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

API = "/api/"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
NO_ROOM_SQLITE = ("SQLITE_FULL", "SQLITE_READONLY")
NO_ROOM_POSTGRESQL = ("53100", "25006")  # disk_full, read_only_sql_transaction

SENTENCES = {
    500: ("server_error", _("服务器出了差错，已经记下。刚才这一步可能没有做成，请过一两分钟再试。")),
    507: ("disk_full", _("服务器存储空间已满或不能写入，刚才这一步没有保存。请联系管理员，稍后再试。")),
}


def accident(request: HttpRequest) -> HttpResponse:
    """The answer to an error that nobody caught; Django calls it while that error is being handled."""
    status = 507 if wants_room(sys.exc_info()[1]) else 500
    if request.path.startswith(API):
        code, message = SENTENCES[status]
        return JsonResponse({"code": code, "message": gettext(message)}, status=status)
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def wants_room(error: BaseException | None) -> bool:
    """The error comes from a disk, or a database, that takes no more."""
    return any(_is_want_of_room(cause) for cause in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_want_of_room(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "").startswith(NO_ROOM_SQLITE)
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    return getattr(error, "sqlstate", None) in NO_ROOM_POSTGRESQL
