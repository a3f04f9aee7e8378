"""The suite: quick passwords, mail in memory, files and index in a folder that pytest makes and removes."""

import tempfile
from pathlib import Path

from cms.config.env import env
from cms.config.settings.base import *  # noqa: F403
from cms.config.settings.base import STORAGES, database

DEBUG = False
DEMO_ALLOWED = True
SECRET_KEY = "tests only"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES = {"default": database(env("DATABASE_URL") or "sqlite://:memory:")}
DATABASES["default"].pop("CONN_MAX_AGE", None)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SCRATCH = Path(tempfile.mkdtemp(prefix="gongjian-test-"))
MEDIA_ROOT = SCRATCH / "media"
STATIC_ROOT = SCRATCH / "static"
STATIC_ROOT.mkdir()
SEARCH = {"engine": "embedded", "path": str(SCRATCH / "index")}
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
