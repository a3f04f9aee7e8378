"""What the suite uses of the machine beyond Python, and what happens when it is not there.

A test that is marked `browser` needs Chromium, `media` needs ffmpeg and LibreOffice (or what the mark names:
`media("ffmpeg")`), `postgres` runs when the suite's database is PostgreSQL, `elasticsearch` needs the server of
ELASTICSEARCH_URL, or Maven, with which tests/search/server.py starts one. Without them the test is skipped;
under REQUIRE_SERVICES=1 it fails instead. `python -m tests.services` says what this machine has.
"""

import os
import shutil
from typing import NoReturn

import pytest

NAMES = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "ffmpeg": ("ffmpeg",),
    "libreoffice": ("soffice", "libreoffice"),
    "gettext": ("xgettext",),
    "maven": ("mvn",),
}
DEBIAN = {
    "chromium": "chromium",
    "ffmpeg": "ffmpeg",
    "libreoffice": "libreoffice-writer-nogui",
    "gettext": "gettext",
    "maven": "maven",
}
OF_MARK = {"browser": ("chromium",), "media": ("ffmpeg", "libreoffice")}


def path_of(service: str) -> str | None:
    """Where the program of this service is; None when the machine has none. CHROMIUM=/path names another Chromium."""
    named = os.environ.get(service.upper())
    found = (shutil.which(name) for name in ([named] if named else NAMES[service]))
    return next((path for path in found if path), None)


def need(*services: str) -> None:
    """Skip the running test when one of these is missing; fail it under REQUIRE_SERVICES=1."""
    missing = [service for service in services if path_of(service) is None]
    if not missing:
        return
    without(f"missing: {', '.join(missing)} (apt-get install {' '.join(DEBIAN[name] for name in missing)})")


def required() -> bool:
    """Whether this run is CI's: every service is there, and what is missing is a failure."""
    return os.environ.get("REQUIRE_SERVICES") == "1"


def without(reason: str) -> NoReturn:
    """Skip the running test for this reason; fail it under REQUIRE_SERVICES=1."""
    if required():
        pytest.fail(reason)
    pytest.skip(reason)


def need_of_marks(item: pytest.Item) -> None:
    """Ask for what the marks of this test say."""
    for name, services in OF_MARK.items():
        for mark in item.iter_markers(name):
            need(*(mark.args or services))
    if item.get_closest_marker("postgres") and not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("runs when DATABASE_URL names a PostgreSQL database")


def report() -> str:
    """One line a service, for the head of a run."""
    lines = []
    for service in NAMES:
        path = path_of(service)
        lines.append(f"{service:12} {path or f'missing: apt-get install {DEBIAN[service]}'}")
    database = os.environ.get("DATABASE_URL", "")
    postgres = "yes, DATABASE_URL" if database.startswith("postgres") else "not used: set DATABASE_URL=postgres://…"
    lines.append(f"{'postgresql':12} {postgres}")
    server = "yes, ELASTICSEARCH_URL" if os.environ.get("ELASTICSEARCH_URL") else "a node of ours, with maven"
    lines.append(f"{'elasticsearch':12} {server}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())  # noqa: T201  a command's output
