"""The product behind gunicorn, as bin/demo starts it."""

import http.client
import os
import subprocess
import sys
import time

PORT = 8765


def serve(workers: int) -> subprocess.Popen[bytes]:
    """gunicorn as bin/demo starts it; returns when it answers."""
    command = [sys.executable, "-m", "gunicorn", "cms.config.wsgi", "--workers", str(workers), "--threads", "4"]
    command += ["--worker-class", "cms.config.serving.Worker"]
    command += ["--bind", f"127.0.0.1:{PORT}", "--log-level", "warning", "--timeout", "120"]
    server = subprocess.Popen(command, env=dict(os.environ))
    for _ in range(300):
        try:
            if fetch("/empty/") == 200:
                return server
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise SystemExit("gunicorn did not start")


def fetch(path: str) -> int:
    """One request by a fresh connection; returns its status."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status
