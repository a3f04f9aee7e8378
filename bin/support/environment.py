"""Make .venv hold exactly what a lock file names. Standard library only: this runs before anything is installed.

python3 bin/support/environment.py requirements-development.lock
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MEGABYTE = 1_000_000
NEEDED = 600 * MEGABYTE  # the packages and what pip unpacks on the way
SHOW_EVERY = 10  # packages between two lines of progress


class EnvironmentNotMade(Exception):
    """The environment could not be made; the text says what to do."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def mark(lock: Path) -> Path:
    """Where the environment notes which version of this lock it holds."""
    return VENV / f".holds-{lock.name}"


def is_ready(lock: Path) -> bool:
    """The environment stands and holds this very lock."""
    try:
        return PYTHON.exists() and mark(lock).read_text(encoding="utf-8") == digest(lock)
    except OSError:
        return False


def ensure(lock: Path) -> None:
    """The environment holds what `lock` names, each file checked by its hash. Does nothing when it does already.

    Raises  EnvironmentNotMade with a sentence for people
    """
    if is_ready(lock):
        return
    free = shutil.disk_usage(ROOT).free
    if free < (NEEDED if not PYTHON.exists() else NEEDED // 4):
        raise EnvironmentNotMade(
            f"磁盘空间不够：{ROOT} 所在的磁盘只剩 {free // MEGABYTE} MB，软件包需要约 {NEEDED // MEGABYTE} MB。"
            "请腾出空间后再运行一次。  (the disk is full)"
        )
    _make_venv()
    _install(lock)
    mark(lock).write_text(digest(lock), encoding="utf-8")


def _make_venv() -> None:
    works = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", works], capture_output=True, check=False).returncode == 0:
        return
    say("making .venv …")
    # A folder left by an interrupted try, or by a Python that is gone, is made anew.
    try:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        raise EnvironmentNotMade(
            f"无法建立 {VENV}：{error}。请运行：sudo apt-get install python3-venv  (.venv could not be made)"
        ) from error


def _install(lock: Path) -> None:
    total = len(re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    say(f"installing {total} packages of {lock.name} …")
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps", "--progress-bar", "off"]
    command += ["--disable-pip-version-check", "--no-input", "-r", str(lock)]
    started = time.monotonic()
    tail: list[str] = []
    seen = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        try:
            for line in pip.stdout or ():
                tail = [*tail[-30:], line.rstrip()]
                if line.startswith(("Collecting ", "Requirement already satisfied", "Ignoring ")):
                    seen += 1
                    if seen % SHOW_EVERY == 0:
                        say(f"  {min(seen, total)} of {total}")
                if line.startswith("Installing collected"):
                    say("  unpacking …")
        except BaseException:
            pip.terminate()
            raise
    if pip.returncode:
        reasons = "\n".join(line for line in tail if "ERROR" in line or "error" in line) or "\n".join(tail)
        raise EnvironmentNotMade(
            f"{reasons}\n软件包没有装全。请检查网络或 pip 的源（pip config list），然后再运行一次；"
            "已下载的会留用。  (Packages are missing: check the network or pip's index, then run this again.)"
        )
    say(f"  {total} of {total}, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    try:
        ensure(ROOT / sys.argv[1])
    except EnvironmentNotMade as error:
        say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
