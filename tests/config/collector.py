"""An application that says how its process collects garbage."""

import gc
from collections.abc import Callable, Iterable
from typing import Any


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{gc.get_freeze_count()} {gc.get_threshold()[0]}".encode()]
