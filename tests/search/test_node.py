"""`bin/elasticsearch`: says what is missing, and never outlives the one it was started for."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from elastic_transport import TransportError
from elasticsearch import Elasticsearch

from tests.search.server import LAUNCHER
from tests.services import need


def test_what_is_missing_is_said_in_one_sentence(tmp_path: Path) -> None:
    for name in ("bash", "sed", "dirname", "readlink"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    surroundings = {name: value for name, value in os.environ.items() if name not in ("JAVA_HOME", "ES_JAVA_HOME")}

    done = subprocess.run(
        [LAUNCHER, "--missing"],
        env={**surroundings, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "apt-get install maven" in done.stderr


@pytest.mark.elasticsearch
@pytest.mark.slow
def test_node_ends_with_its_owner_and_leaves_nothing(tmp_path: Path) -> None:
    need("maven")
    owner = subprocess.Popen(["sleep", "600"])
    node = subprocess.Popen(
        [LAUNCHER, "--port", "0", "--owner", str(owner.pid)],
        env={**os.environ, "TMPDIR": str(tmp_path), "ES_HEAP": "300m"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert node.stdout is not None
        address = node.stdout.readline().strip()
        with Elasticsearch(address) as client:
            assert client.info()["tagline"] == "You Know, for Search"
            assert list(tmp_path.iterdir())

            owner.kill()
            owner.wait()
            node.wait(30)
            with pytest.raises(TransportError):
                client.options(max_retries=0).info()
        node.stdout.close()
    finally:
        owner.kill()
        node.kill()
        node.wait()
    until = time.monotonic() + 5
    while list(tmp_path.iterdir()) and time.monotonic() < until:
        time.sleep(0.1)
    assert list(tmp_path.iterdir()) == []
