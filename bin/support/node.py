"""The demo's own Elasticsearch: `bin/elasticsearch` as one of its children, with its data beside the demo's."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

from children import Children
from environment import ROOT

LAUNCHER = ROOT / "bin" / "elasticsearch"
NAME = "检索服务器 Elasticsearch"
FOLDER = "elasticsearch"
PORTS = range(9200, 9300)  # where people look for it; none that the system gives away while the node is down
STARTS_WITHIN = 600.0  # seconds: the first start of all builds the node and fetches what it needs
PAUSE = 30.0  # seconds that a node which has ended is away: long enough to see that the site goes on without it


class NodeRefused(Exception):
    """The node cannot start here; the text says what to do."""


class Node:
    """Started by `start`; ends with the demo, and is started again when it ends alone."""

    def __init__(self, data: Path, children: Children) -> None:
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._data = data / FOLDER
        self._children = children

    def surroundings(self) -> dict[str, str]:
        """What makes the product use this node, and the embedded index while it is away."""
        return {
            "ELASTICSEARCH_URL": self.url,
            "ELASTICSEARCH_CA": "",
            "ELASTICSEARCH_API_KEY": "",
            "SEARCH_STANDBY": "1",
        }

    def start(self) -> None:
        port = self.url.rsplit(":", 1)[1]
        command: list[str | Path] = [LAUNCHER, "--port", port, "--data", self._data, "--owner", str(os.getpid())]
        self._process = self._children.start(NAME, command, {**os.environ}, quiet=True)

    def wait(self) -> None:
        """Return when it answers. Raises ChildDied."""
        self._children.wait_for(f"{self.url}/", within=STARTS_WITHIN, who=NAME)
        self._children.replace_after(self._process, PAUSE)


def refuse_what_is_missing() -> None:
    """Raises NodeRefused with the launcher's own sentence, or when another server is named already."""
    if os.environ.get("ELASTICSEARCH_URL"):
        raise NodeRefused(
            "ELASTICSEARCH_URL 已指定一台服务器：要用它，请去掉 --elasticsearch；要用演示自带的，请先运行 "
            "unset ELASTICSEARCH_URL  (leave out the option, or unset the variable)"
        )
    asked = subprocess.run([LAUNCHER, "--missing"], capture_output=True, encoding="utf-8", check=False)
    if asked.returncode:
        raise NodeRefused(asked.stderr.strip())


def _free_port() -> int:
    for port in PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NodeRefused(f"端口 {PORTS[0]}–{PORTS[-1]} 都已被占用，请先结束其中一个  (no port for Elasticsearch is free)")
