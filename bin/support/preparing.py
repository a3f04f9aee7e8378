"""From a fresh clone to a province that can be opened: translations, tables, province, static files, index.

Each step can be run again and then changes nothing. When nothing has changed since the last start, none is run.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from children import Children
from environment import PYTHON, ROOT
from node import FOLDER

CATALOGUE = ROOT / "locale_wagtail" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
SOURCES = ("cms", "workflows", "search", "theme", "fixtures", "locale", "locale_wagtail", "requirements.lock")
NOTE = "demo.json"
IGNORED = {"__pycache__"}
MEGABYTE = 1_000_000
NEEDED = 150 * MEGABYTE  # tables, media, static files and index, with their journals while they are made
NEEDED_A_WORK = 12_000  # bytes, of a large province
FULL = 5 * MEGABYTE  # with less left, what failed has failed for want of room


class NotPrepared(Exception):
    """A step failed; the text says which, and what to do."""


@dataclass(frozen=True)
class Step:
    """Commands for our Python, under a name that is printed."""

    name: str
    commands: list[list[str]]


REBUILD = ["manage.py", "search", "rebuild", "--if-needed"]
INDEX_FILE = Step("5/6 检索索引 search index", [REBUILD])
# A server's index may be sound and yet lack what happened while nobody wrote to it.
INDEX = Step(INDEX_FILE.name, [REBUILD, ["manage.py", "search", "check"]])


def prepare(
    data: Path,
    surroundings: dict[str, str],
    *,
    works: int,
    children: Children,
    server: Callable[[], None] | None = None,
) -> None:
    """The tables, the province, static files and index are as this version of the product wants them.

    server  waits until the search server of this start answers; without it the index is a file
    """
    noted = _noted(data)
    stamp = {"sources": sources_digest(), "works": works, "server": server is not None}
    if _is_prepared(data, noted, stamp):
        print("2–5/6 没有变化 nothing has changed", flush=True)
        if stamp["server"] != bool(noted.get("server")):
            if server is not None:
                server()
                _take(INDEX, data, surroundings, children)  # it knows nothing of what was done without it
            _note(data, {**noted, "server": stamp["server"]})
        return
    if not noted:
        _require_room(data, NEEDED + works * NEEDED_A_WORK)
    province = ["load_province", *(["--works", str(works)] if works else [])]
    for step in (
        Step(
            "2/6 界面语言与数据表 translations, tables", [["bin/support/messages.py"], ["manage.py", "migrate", "-v0"]]
        ),
        Step("3/6 演示省 province", [["manage.py", *province]]),
        Step("4/6 静态文件 static files", [["manage.py", "collectstatic", "--no-input", "-v0"]]),
    ):
        _take(step, data, surroundings, children)
    if server is not None:
        server()
    _take(INDEX if _has_server(surroundings) else INDEX_FILE, data, surroundings, children)
    _note(data, stamp)


def _take(step: Step, data: Path, surroundings: dict[str, str], children: Children) -> None:
    print(step.name, flush=True)
    for command in step.commands:
        code = children.run(step.name, [PYTHON, *command], surroundings)
        if code:
            _require_room(data, FULL)
            raise NotPrepared(
                f"“{step.name}”没有完成（代码 {code}），原因见上。改正后再运行一次；要从头开始：bin/demo --reset"
            )


def _require_room(data: Path, needed: int) -> None:
    """Raises NotPrepared when the disk of the data folder has less room than that."""
    free = shutil.disk_usage(data).free
    if free < needed:
        raise NotPrepared(
            f"磁盘空间不够：{data} 所在的磁盘只剩 {free // MEGABYTE} MB，需要 {needed // MEGABYTE} MB。"
            "请腾出空间，或换一个目录：DATA_DIR=~/gongjian bin/demo  (the disk is full)"
        )


def sources_digest() -> str:
    """Changes when a file of the product does: by name, size and time, since reading them all would take seconds."""
    digest = hashlib.sha256()
    for source in SOURCES:
        start = ROOT / source
        if start.is_file():
            files = [start]
        else:
            files = [
                Path(folder) / name
                for folder, folders, names in os.walk(start)
                for name in names
                if not IGNORED.intersection(Path(folder).parts) and not name.endswith(".mo")
            ]
        for path in sorted(files):
            facts = path.stat()
            digest.update(f"{path.relative_to(ROOT)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _has_server(surroundings: dict[str, str]) -> bool:
    return bool(surroundings.get("ELASTICSEARCH_URL"))


def _noted(data: Path) -> dict[str, Any]:
    """What the last start has noted; empty before the first."""
    try:
        noted = json.loads((data / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _note(data: Path, stamp: dict[str, Any]) -> None:
    (data / NOTE).write_text(json.dumps(stamp), encoding="utf-8")


def _is_prepared(data: Path, noted: dict[str, Any], stamp: dict[str, Any]) -> bool:
    """The last start ended with this very stamp, and what it made lies there still."""
    if os.environ.get("DATABASE_URL") or os.environ.get("ELASTICSEARCH_URL"):
        return False  # a server elsewhere may have been changed by somebody else
    made = [data / "gongjian.sqlite3", data / "static", data / "index", CATALOGUE]
    if stamp["server"] and noted.get("server"):
        made.append(data / FOLDER)
    enough = isinstance(noted.get("works"), int) and noted["works"] >= stamp["works"]
    return bool(enough and noted.get("sources") == stamp["sources"] and all(path.exists() for path in made))
