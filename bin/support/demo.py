"""`bin/demo`: the product on this machine, with a demo province. Standard library only; bin/demo finds the Python."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import sys
from pathlib import Path
from typing import TextIO

from accounts import accounts
from children import ChildDied, Children, Ended, ends_on_signals
from environment import PYTHON, ROOT, EnvironmentNotMade, ensure
from node import FOLDER, Node, NodeRefused, refuse_what_is_missing
from preparing import NotPrepared, prepare
from welcome import welcome

LOCK = ROOT / "requirements.lock"
OWN_DATA: tuple[str, ...] = (
    "gongjian.sqlite3",
    "gongjian.sqlite3-wal",
    "gongjian.sqlite3-shm",
    "media",
    "index",
    "static",
    "mail",
)
OWN_DATA += ("secret_key", "demo.json", FOLDER)
READY_WITHIN = 60.0  # seconds
GUNICORN = [str(PYTHON), "-m", "gunicorn", "cms.config.wsgi", "--workers", "1", "--threads", "4"]
GUNICORN += ["--worker-class", "cms.config.serving.Worker", "--limit-request-line", "8190"]
GUNICORN += ["--timeout", "120", "--graceful-timeout", "3", "--log-level", "warning"]
GUNICORN += ["--no-control-socket"]  # it would lie in the home folder, which two demos share and a service has not


class Refused(Exception):
    """The demo cannot start; the text says what to do."""


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/demo", description="共建的演示省。 The product with a demo province.")
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")
    parser.add_argument("--works", type=int, default=0, metavar="N", help="fill up to N works, for measuring")
    parser.add_argument(
        "--elasticsearch", action="store_true", help="search on a real Elasticsearch, started with the demo (Maven)"
    )
    parser.add_argument("--reset", action="store_true", help="start over: deletes what was entered")
    parser.add_argument("--accounts", action="store_true", help="print the accounts as JSON and end")
    found = parser.parse_args(arguments)
    if not 0 < found.port < 65536:
        parser.error("--port: 1–65535")
    if not 0 <= found.works <= 200_000:
        parser.error("--works: 0–200000")
    return found


def main(arguments: list[str]) -> int:
    chosen = options(arguments)
    if chosen.accounts:
        print(json.dumps(accounts(), ensure_ascii=False, indent=2))
        return 0
    data = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    children = Children()
    try:
        with ends_on_signals():
            return _run(chosen, data, children)
    except Ended:
        print("\n正在结束… (stopping)", flush=True)
        return 0
    except (Refused, NodeRefused, EnvironmentNotMade, NotPrepared, ChildDied) as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        print(f"\n不能读写{where}：{error.strerror}。请检查磁盘空间和权限后再运行一次。", file=sys.stderr, flush=True)
        return 1
    finally:
        children.end()


def _run(chosen: argparse.Namespace, data: Path, children: Children) -> int:
    _refuse_busy(chosen.port)
    if chosen.elasticsearch:
        refuse_what_is_missing()
    lock = _own(data)
    if chosen.reset:
        _reset(data)
    print("1/6 运行环境 environment", flush=True)
    ensure(LOCK)
    surroundings = _surroundings(data, chosen.port)
    node = Node(data, children) if chosen.elasticsearch else None
    if node is not None:
        node.start()  # it comes up while the rest is prepared
        surroundings |= node.surroundings()
    prepare(data, surroundings, works=chosen.works, children=children, server=node.wait if node else None)
    address = f"http://127.0.0.1:{chosen.port}"
    print("6/6 启动服务 server and worker", flush=True)
    children.start(
        "网站服务 web server",
        [*GUNICORN, "--bind", f"127.0.0.1:{chosen.port}", "--worker-tmp-dir", _fast_folder()],
        surroundings,
    )
    if node is not None:
        node.wait()
    children.start("后台任务 outbox worker", [str(PYTHON), "manage.py", "outbox_worker"], surroundings, again=True)
    children.wait_for(f"{address}/readyz", within=READY_WITHIN)
    print(f"\nready {address}\n", flush=True)
    print(welcome(address, accounts(), search=node.url if node else ""), flush=True)
    children.watch()  # until a signal ends us, or a child dies
    lock.close()
    return 0


def _surroundings(data: Path, port: int) -> dict[str, str]:
    own = {
        "DJANGO_SETTINGS_MODULE": "cms.config.settings.development",
        "DATA_DIR": str(data),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }
    return {**os.environ, **own}


def _fast_folder() -> str:
    """Where gunicorn keeps its heartbeat: in memory, so that a slow disk does not look like a hung worker."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"  # noqa: S108  gunicorn makes a private file in it


def _refuse_busy(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Refused(
                f"没有权限使用端口 {port}，请换一个：bin/demo --port 8001  (no right to this port)"
            ) from error
        except OSError as error:
            other = port + 1 if port < 65535 else 8001
            raise Refused(f"端口 {port} 已被占用，请换一个：bin/demo --port {other}  (this port is busy)") from error


def _own(data: Path) -> TextIO:
    """Hold the data folder, so that two demos never write into one."""
    import fcntl  # Linux and macOS only, as the demo itself

    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = (data / "demo.lock").open("w", encoding="utf-8")
    except OSError as error:
        raise Refused(f"不能写入数据目录 {data}：{error.strerror}。请换一个：DATA_DIR=~/gongjian bin/demo") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Refused(
            f"另一个演示正在使用 {data}，请先结束它，或换一个目录：DATA_DIR=~/gongjian bin/demo  (another demo runs)"
        ) from error
    return lock


def _reset(data: Path) -> None:
    """Delete what the demo keeps in its data folder, and nothing else that may lie there."""
    if os.environ.get("DATABASE_URL"):
        raise Refused(
            "--reset 只清空本机的 SQLite；请自己清空 DATABASE_URL 指向的数据库。  (empty that database yourself)"
        )
    for name in OWN_DATA:
        path = data / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    print(f"已清空 {data}  (reset)", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
