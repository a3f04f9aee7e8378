"""One person on one machine: `bin/demo` and `manage.py` by default."""

import secrets
from pathlib import Path

from cms.config.env import env
from cms.config.settings.base import *  # noqa: F403
from cms.config.settings.base import DATA_DIR


def own_secret_key(path: Path) -> str:
    """The key of this installation: made once, readable by its owner only."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


DEBUG = False
DEMO_ALLOWED = True
SECRET_KEY = env("SECRET_KEY") or own_secret_key(DATA_DIR / "secret_key")
ALLOWED_HOSTS = env("ALLOWED_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS")
