"""`bin/demo` from outside: what it prints, what it refuses, and that nothing it starts outlives it."""

import ast
import importlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cms.people.enums import Role

ROOT = Path(__file__).resolve().parents[2]
SUPPORT = ROOT / "bin" / "support"

OWNER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from children import ChildDied, Children, Ended, ends_on_signals
children = Children()
try:
    with ends_on_signals():
        child = children.start("one", ["sh", "-c", "sleep 600 & echo $! && wait"], {"PATH": "/usr/bin:/bin"})
        sys.stdout.write(f"{child.pid}\\n")  # in one piece: the shell writes there too
        sys.stdout.flush()
        children.watch()
except Ended:
    print("ended", flush=True)
except ChildDied as error:
    print(error, flush=True)
finally:
    children.end()
"""


def demo(*arguments: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "bin" / "demo", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **surroundings},
    )


def alive(pid: int) -> bool:
    """The process runs; one that is dead and waits to be noticed does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def gone(*pids: int, within: float = 12.0) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def owner() -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """A process that holds one child, which has started another: (process, child, grandchild)."""
    process = subprocess.Popen([sys.executable, "-c", OWNER, str(SUPPORT)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    pids = sorted(int(process.stdout.readline()) for _line in range(2))
    yield process, pids[0], pids[1]
    if alive(pids[1]):
        os.kill(pids[1], signal.SIGKILL)  # one test kills only who would end it
    process.kill()
    process.wait()
    process.stdout.close()


def test_accounts_are_json_and_nothing_else() -> None:
    done = demo("--accounts")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert done.stderr == ""
    assert {account["role"] for account in found} == set(Role)
    assert all(set(account) == {"role", "username", "password", "organisation"} for account in found)
    assert all(account["organisation"] for account in found)


def test_accounts_are_read_as_they_are_written_whatever_the_encoding_of_the_machine() -> None:
    """As with LC_ALL=zh_CN.GBK, a locale that few machines have: no file is UTF-8 by itself, the terminal is GBK."""
    machine = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk"}
    strict = {"PYTHONWARNDEFAULTENCODING": "1", "PYTHONWARNINGS": "error::EncodingWarning"}
    done = subprocess.run(
        [ROOT / "bin" / "demo", "--accounts"],
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, **machine, **strict},
    )
    assert done.stderr.decode("gbk") == ""
    assert json.loads(done.stdout.decode("gbk")) == json.loads(demo("--accounts").stdout)


def test_every_file_of_the_demo_names_its_encoding() -> None:
    """What --accounts does not come by is not run without a server."""
    for path in SUPPORT.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in ("read_text", "write_text") or (
                node.func.attr == "open" and ast.unparse(node.func.value) != "DIRECT"
            ):
                assert "encoding" in {keyword.arg for keyword in node.keywords}, f"{path.name}:{node.lineno}"


WAITER = """
import sys
sys.path.insert(0, sys.argv[1])
from children import Children
Children().wait_for(sys.argv[2], within=float(sys.argv[3]))
print("ready")
"""


def test_own_server_is_asked_past_a_proxy() -> None:
    """A proxy leads out of this machine; it is not there, or knows nothing of a port here."""
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:  # answers 404: it speaks
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/readyz"
        surroundings = {"PATH": os.environ["PATH"], "http_proxy": "http://127.0.0.1:1"}
        done = subprocess.run(
            [sys.executable, "-c", WAITER, str(SUPPORT), address, "3"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=surroundings,
        )
        server.shutdown()
        thread.join()
    assert done.stdout == "ready\n", done.stderr[-300:]


def test_busy_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = demo("--port", str(port), DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert f"端口 {port} 已被占用" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("--port", "0"), ("--port", "eight"), ("--works", "-1"), ("--nonsense",)])
def test_wrong_option_is_refused(arguments: tuple[str, ...]) -> None:
    done = demo(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_reset_does_not_touch_a_database_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "gongjian.sqlite3").write_text("precious")
    done = demo("--reset", "--port", "8999", DATA_DIR=str(tmp_path), DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert (tmp_path / "gongjian.sqlite3").read_text() == "precious"


def test_data_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = demo("--port", "8998", DATA_DIR=str(tmp_path / "file" / "below"))
    assert done.returncode == 1
    assert "不能写入数据目录" in done.stderr


def test_full_disk_is_said_before_anything_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure itself cannot be met, which is all that a full disk is to it."""
    monkeypatch.syspath_prepend(str(SUPPORT))
    preparing = importlib.import_module("preparing")
    children = importlib.import_module("children")
    with pytest.raises(preparing.NotPrepared, match=r"磁盘空间不够.*DATA_DIR"):
        preparing.prepare(tmp_path, {}, works=10**12, children=children.Children())


def test_old_python_is_said_in_one_sentence(tmp_path: Path) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        old = tmp_path / name
        old.write_text("#!/bin/sh\nexit 1\n")
        old.chmod(0o755)
    for name in ("bash", "dirname", "env"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    done = demo("--accounts", PATH=str(tmp_path), PYTHON="")
    assert done.returncode == 1
    assert "sudo apt-get install python3" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signal_ends_children_and_what_they_started(
    owner: tuple[subprocess.Popen[str], int, int], number: signal.Signals
) -> None:
    process, child, grandchild = owner
    process.send_signal(number)
    assert gone(child, grandchild)
    assert process.stdout is not None
    assert process.stdout.readline() == "ended\n"
    assert process.wait(timeout=10) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_children_end_when_the_demo_is_killed(owner: tuple[subprocess.Popen[str], int, int]) -> None:
    process, child, _grandchild = owner
    process.kill()
    assert gone(child)


def test_child_that_ends_by_itself_is_named_and_the_rest_ended(owner: tuple[subprocess.Popen[str], int, int]) -> None:
    process, child, grandchild = owner
    os.kill(child, signal.SIGKILL)
    assert process.stdout is not None
    assert "one 意外退出" in process.stdout.readline()
    assert gone(grandchild)


POLLED = OWNER.replace(
    "        children.watch()",
    """
        class Lock:
            def __init__(self, lock): self.lock = lock
            def __enter__(self): return self.lock.__enter__()
            def __exit__(self, *error): return self.lock.__exit__(*error)
            def release(self): self.lock.release()
            def acquire(self, blocking=True):
                got = self.lock.acquire(blocking)
                signal.raise_signal(signal.SIGTERM)
                return got
        child._waitpid_lock = Lock(child._waitpid_lock)
        children.watch()""",
).replace("import sys, time", "import signal, sys, time")


def test_demo_that_is_ended_while_it_looks_at_a_child_ends_too() -> None:
    """The signal comes the moment `Popen.poll` has its lock."""
    done = subprocess.run(
        [sys.executable, "-c", POLLED, str(SUPPORT)], capture_output=True, text=True, timeout=30, check=False
    )
    assert "ended" in done.stdout
    assert gone(*(int(number) for number in re.findall(r"\d+", done.stdout)))  # the shell writes there too
    assert not done.stderr


AGAIN = OWNER.replace(
    "Children()", "Children()\nimport children as module\nmodule.STEADY = float(sys.argv[2])"
).replace('"PATH": "/usr/bin:/bin"})', '"PATH": "/usr/bin:/bin"}, again=True)')


def test_worker_that_is_killed_is_started_again_and_one_that_cannot_live_is_not() -> None:
    for steady, said in (("0", "已重新启动"), ("600", "演示已停止")):
        process = subprocess.Popen(
            [sys.executable, "-c", AGAIN, str(SUPPORT), steady],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        first, grandchild = sorted(int(process.stdout.readline()) for _line in range(2))
        os.kill(first, signal.SIGKILL)
        assert said in process.stdout.readline()
        assert gone(first, grandchild)
        if steady == "0":
            second = int(process.stdout.readline())  # what the new one has started
            process.send_signal(signal.SIGTERM)
            assert gone(second)
        process.wait(timeout=10)
        process.stdout.close()


def test_elasticsearch_without_maven_is_said_with_what_mends_it(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "sed", "dirname", "readlink", "env"):
        (folder / name).symlink_to(str(shutil.which(name)))
    done = demo(
        *("--elasticsearch", "--port", "8997"),
        DATA_DIR=str(tmp_path / "data"),
        PATH=str(folder),
        PYTHON=sys.executable,
        ELASTICSEARCH_URL="",
        JAVA_HOME="",
        ES_JAVA_HOME="",
    )
    assert done.returncode == 1
    assert "sudo apt-get install maven" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "data").exists()


def test_elasticsearch_beside_another_server_is_refused(tmp_path: Path) -> None:
    done = demo(*("--elasticsearch", "--port", "8996"), DATA_DIR=str(tmp_path), ELASTICSEARCH_URL="http://127.0.0.1:1")
    assert done.returncode == 1
    assert "请去掉 --elasticsearch" in done.stderr
    assert "Traceback" not in done.stderr


RESTING = OWNER.replace(
    "        children.watch()", "        children.replace_after(child, 1.0)\n        children.watch()"
)


def test_child_with_a_pause_is_away_and_comes_back() -> None:
    """However soon it ended: the demo goes on without it."""
    process = subprocess.Popen(
        [sys.executable, "-c", RESTING, str(SUPPORT)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    for _time in range(2):
        numbers: list[int] = []
        while len(numbers) < 2 - _time:  # the child's own number is printed for the first only
            line = process.stdout.readline()
            assert line, "it has ended"
            numbers += [int(line)] if line.strip().isdigit() else []
        if _time == 0:
            os.kill(min(numbers), signal.SIGKILL)
            assert "1 秒后重新启动" in process.stdout.readline()
            assert gone(*numbers)
    process.send_signal(signal.SIGTERM)
    assert gone(*numbers)
    process.wait(timeout=10)
    process.stdout.close()


def test_index_step_is_taken_again_when_the_server_was_not_there_last_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was done without the server is in the database and the file only; a second start with it asks nothing."""
    monkeypatch.syspath_prepend(str(SUPPORT))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("ELASTICSEARCH_URL", raising=False)
    preparing = importlib.import_module("preparing")
    noted = {"sources": "1", "works": 5, "server": False}
    stamp = {"sources": "1", "works": 0, "server": True}
    for name in ("gongjian.sqlite3", "static", "index"):
        (tmp_path / name).touch()
    monkeypatch.setattr(preparing, "CATALOGUE", tmp_path / "static")
    assert preparing._is_prepared(tmp_path, noted, stamp)
    assert not preparing._is_prepared(tmp_path, {**noted, "server": True}, stamp)  # its data are gone
    (tmp_path / "elasticsearch").mkdir()
    assert preparing._is_prepared(tmp_path, {**noted, "server": True}, stamp)
    monkeypatch.setenv("ELASTICSEARCH_URL", "http://127.0.0.1:1")
    assert not preparing._is_prepared(tmp_path, noted, stamp)
