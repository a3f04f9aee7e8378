"""The Elasticsearch of a benchmark: the one of ELASTICSEARCH_URL, or a node of ours that ends with this process."""

import os
import subprocess
from pathlib import Path

HEAP = "2g"


def at_hand() -> str:
    """The address of a server that answers. Import it before Django is configured: the settings read it."""
    named = os.environ.get("ELASTICSEARCH_URL", "")
    if named:
        return named
    launcher = Path(__file__).resolve().parents[2] / "bin" / "elasticsearch"
    node = subprocess.Popen(
        [launcher, "--port", "0", "--owner", str(os.getpid())],
        env={**os.environ, "ES_HEAP": os.environ.get("ES_HEAP", HEAP)},
        stdout=subprocess.PIPE,
        text=True,
    )
    url = node.stdout.readline().strip() if node.stdout else ""
    if not url:
        raise SystemExit("Elasticsearch does not start; `bin/elasticsearch` says why")
    os.environ["ELASTICSEARCH_URL"] = url
    return url
