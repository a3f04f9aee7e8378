"""Every environment variable the product reads, in one typed place."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env(
    SECRET_KEY=(str, ""),
    ALLOWED_HOSTS=(list, []),
    CSRF_TRUSTED_ORIGINS=(list, []),
    SITE_URL=(str, "http://127.0.0.1:8000"),  # absolute address used in mails
    DATA_DIR=(str, str(BASE_DIR / "var")),  # database, media, index, mail, secret key of one installation
    DATABASE_URL=(str, ""),  # empty: SQLite in DATA_DIR
    DATABASE_POOL=(bool, False),  # psycopg's connection pool, PostgreSQL only
    CACHE_URL=(str, "locmemcache://"),  # rediscache://host:port/0 when several servers share it
    EMAIL_URL=(str, ""),  # empty: one file a mail in DATA_DIR/mail
    DEFAULT_FROM_EMAIL=(str, "gongjian@localhost"),
    S3_BUCKET=(str, ""),  # empty: files in DATA_DIR/media
    S3_ENDPOINT_URL=(str, ""),
    S3_ACCESS_KEY=(str, ""),
    S3_SECRET_KEY=(str, ""),
    ACCEL_REDIRECT=(str, ""),  # nginx internal location, for example /protected/; empty: Django sends the bytes
    UPLOAD_MAX_BYTES=(int, 500 * 1024 * 1024),
    SECURE=(bool, True),  # HTTPS only cookies and redirects, production
)


def data_dir() -> Path:
    """The folder of one installation's data; made when it is missing."""
    path = Path(env("DATA_DIR"))
    path.mkdir(parents=True, exist_ok=True)
    return path
