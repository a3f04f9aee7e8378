"""From a fresh clone to a province that can be opened: translations, tables, province, static files, index.

Each step can be run again and then changes nothing. When nothing has changed since the last start, none is run.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

from children import Children
from environment import PYTHON, ROOT

CATALOGUE = ROOT / "locale_wagtail" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
SOURCES = ("cms", "workflows", "search", "theme", "fixtures", "locale", "locale_wagtail", "requirements.lock")
IGNORED = {"__pycache__"}
MEGABYTE = 1_000_000
NEEDED = 150 * MEGABYTE  # tables, media, static files and index, with their journals while they are made
NEEDED_A_WORK = 12_000  # bytes, of a large province
FULL = 5 * MEGABYTE  # with less left, what failed has failed for want of room


class NotPrepared(Exception):
    """A step failed; the text says which, and what to do."""


def prepare(data: Path, surroundings: dict[str, str], *, works: int, children: Children) -> None:
    """The tables, the province, static files and index are as this version of the product wants them."""
    stamp = {"sources": sources_digest(), "works": works}
    if _is_prepared(data, stamp):
        print("2–5/6 没有变化 nothing has changed", flush=True)
        return
    if not (data / "demo.json").exists():
        _require_room(data, NEEDED + works * NEEDED_A_WORK)
    province = ["load_province", *(["--works", str(works)] if works else [])]
    steps = [
        (
            "2/6 界面语言与数据表 translations, tables",
            [["bin/support/messages.py"], ["manage.py", "migrate", "-v0"]],
        ),
        ("3/6 演示省 province", [["manage.py", *province]]),
        ("4/6 静态文件 static files", [["manage.py", "collectstatic", "--no-input", "-v0"]]),
        ("5/6 检索索引 search index", [["manage.py", "search", "rebuild", "--if-needed"]]),
    ]
    for name, commands in steps:
        print(name, flush=True)
        for command in commands:
            code = children.run(name, [PYTHON, *command], surroundings)
            if code:
                _require_room(data, FULL)
                raise NotPrepared(
                    f"“{name}”没有完成（代码 {code}），原因见上。改正后再运行一次；要从头开始：bin/demo --reset"
                )
    (data / "demo.json").write_text(json.dumps(stamp))


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


def _is_prepared(data: Path, stamp: dict[str, object]) -> bool:
    """The last start ended with this very stamp, and what it made lies there still."""
    if os.environ.get("DATABASE_URL"):
        return False  # a database elsewhere may have been changed by somebody else
    made = (
        data / "gongjian.sqlite3",
        data / "static",
        data / "index",
        CATALOGUE,
    )
    try:
        noted = json.loads((data / "demo.json").read_text())
    except (OSError, ValueError):
        return False
    enough = isinstance(noted.get("works"), int) and noted["works"] >= stamp["works"]
    return bool(enough and noted.get("sources") == stamp["sources"] and all(path.exists() for path in made))
