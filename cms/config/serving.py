"""The worker that gunicorn uses: what never reaches Django is answered in our words too."""

from contextlib import suppress
from typing import Any

from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

TOO_LONG = (
    '<!DOCTYPE html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>网址太长 · 共建</title><h1>网址太长</h1>"
    "<p>要找的话请缩短到 200 字以内，或者少选几个条件，再试一次。</p>"
    '<p lang="en">The address is too long. Please search for fewer words or conditions.</p>'
    '<p><a href="/search/">回到搜索 Back to search</a></p></html>'
).encode()


class Worker(ThreadWorker):
    """gunicorn's own, but for an address that is too long to be read."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        head = (
            "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Length: {len(TOO_LONG)}\r\n\r\n"
        )
        with suppress(OSError):  # whoever asked has gone
            client.sendall(head.encode() + TOO_LONG)
