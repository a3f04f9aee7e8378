"""A real Elasticsearch for the suite: the one of ELASTICSEARCH_URL, or a node of ours for as long as the run lasts."""

import fcntl
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from tests.services import path_of, without

LAUNCHER = Path(__file__).resolve().parents[2] / "bin" / "elasticsearch"
SETTINGS = ["thread_pool.estimated_time_interval=0"]  # the clock by which searches time out is exact
PATIENCE = 420  # seconds: the first start of all builds the node and fetches what it needs


def where(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    mine = factory.getbasetemp()
    return mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine


def url_of(shared: Path, *flags: str) -> str:
    """The address of a server that answers. Skips the test without one, or fails it under REQUIRE_SERVICES=1.

    shared  a folder that every process of this run has; whoever comes first starts the node, the others wait
    """
    named = os.environ.get("ELASTICSEARCH_URL", "")
    if named and not flags:
        return named
    if path_of("maven") is None:
        without("no Elasticsearch: set ELASTICSEARCH_URL, or apt-get install maven for a node that starts by itself")
    kind = "-".join(["elasticsearch", *(flag.strip("-") for flag in flags)])
    with _alone(shared / f"{kind}.lock"):
        address, trouble = shared / f"{kind}.url", shared / f"{kind}.err"
        if not address.exists():
            url = _started(address.with_suffix(".out"), trouble, flags)
            address.write_text(url, "utf-8")
    url = address.read_text("utf-8")
    if not url:
        last = trouble.read_text("utf-8", "replace").strip().splitlines()[-1:]
        without(f"bin/elasticsearch does not start: {' '.join(last)}")
    return url


def _started(out: Path, trouble: Path, flags: tuple[str, ...]) -> str:
    """The address of a node that was started now; empty when it does not start."""
    # The run, not this process, owns the node: another process of the run may need it longer.
    owner = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    command = [str(LAUNCHER), *flags, "--port", "0", "--owner", str(owner), *SETTINGS]
    with out.open("wb") as stdout, trouble.open("wb") as stderr:
        # A shell in between, which ends at once: nobody here has to wait for the node's end.
        shell = subprocess.run(
            ["sh", "-c", '"$@" & echo $! >&2', "sh", *command],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            check=True,
        )
    assert shell.returncode == 0
    pid = int(trouble.read_text("utf-8").split()[0])
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        address = out.read_text("utf-8").strip()
        if address:
            return address
        if not Path(f"/proc/{pid}").exists():
            return ""
        time.sleep(0.2)
    return ""


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def drop(url: str, prefix: str) -> None:
    """Nothing of this prefix is left on the server."""
    with Elasticsearch(url.split(",")) as client:
        for name in client.indices.get_alias(index=f"{prefix}-*", allow_no_indices=True):
            client.indices.delete(index=name, ignore_unavailable=True)
