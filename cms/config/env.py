"""Every environment variable the product reads, in one typed place."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]

KINDS = {int: "a whole number", float: "a number", bool: "true or false"}
SAID = frozenset({*environ.Env.BOOLEAN_TRUE_STRINGS, "false", "off", "no", "n", "0", ""})


class Variables(environ.Env):
    """As they come; a value of the wrong kind stops whoever starts, and names its variable."""

    def get_value(self, var: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError as error:
            kind = KINDS.get(self.scheme.get(var, (str,))[0], "something else")
            raise ImproperlyConfigured(f"{var} must be {kind}, not {self.ENVIRON[var]!r}.") from error

    @classmethod
    def parse_value(cls, value: Any, cast: Any) -> Any:
        if cast is bool and value.strip().lower() not in SAID:  # SECURE=ture would be false
            raise ValueError(value)
        return super().parse_value(value, cast)


env = Variables(
    SECRET_KEY=(str, ""),
    ALLOWED_HOSTS=(list, []),
    CSRF_TRUSTED_ORIGINS=(list, []),
    SITE_URL=(str, "http://127.0.0.1:8000"),  # absolute address used in mails; a slash at its end is left out
    DATA_DIR=(str, str(BASE_DIR / "var")),  # database, media, index, mail, secret key of one installation
    DATABASE_URL=(str, ""),  # empty: SQLite in DATA_DIR
    DATABASE_POOL=(bool, False),  # psycopg's connection pool, PostgreSQL only
    CACHE_URL=(str, "locmemcache://"),  # rediscache://host:port/0: several processes or servers share it
    EMAIL_URL=(str, ""),  # empty: one file a mail in DATA_DIR/mail
    DEFAULT_FROM_EMAIL=(str, "gongjian@localhost"),
    S3_BUCKET=(str, ""),  # empty: files in DATA_DIR/media
    S3_ENDPOINT_URL=(str, ""),
    S3_ACCESS_KEY=(str, ""),
    S3_SECRET_KEY=(str, ""),
    ELASTICSEARCH_URL=(str, ""),  # addresses with commas between them; empty: the index is a file in DATA_DIR
    ELASTICSEARCH_CA=(str, ""),  # file with the certificate of the authority that signed the cluster's
    # Of a key with the cluster privilege `monitor`, and the index privilege `all` where a name begins with the prefix.
    ELASTICSEARCH_API_KEY=(str, ""),
    ELASTICSEARCH_PREFIX=(str, "gongjian"),  # one for each installation on the cluster
    ELASTICSEARCH_SHARDS=(int, 1),
    ELASTICSEARCH_REPLICAS=(int, 1),  # at most; fewer where there are fewer nodes
    ELASTICSEARCH_TIMEOUT=(float, 5.0),  # seconds one search may take
    SEARCH_STANDBY=(bool, False),  # an embedded index too, on this machine: it answers while the cluster is away
    ACCEL_REDIRECT=(str, ""),  # nginx internal location, for example /protected/; empty: Django sends the bytes
    UPLOAD_MAX_BYTES=(int, 500 * 1024 * 1024),
    TRUSTED_PROXIES=(int, 0),  # ours before the site, each of which adds whom it heard to X-Forwarded-For
    SECURE=(bool, True),  # HTTPS only cookies and redirects, production
)


def data_dir() -> Path:
    """The folder of one installation's data; made when it is missing."""
    path = Path(env("DATA_DIR"))
    path.mkdir(parents=True, exist_ok=True)
    return path


def site_url() -> str:
    """The site's absolute address without a slash at its end: every path put behind it begins with one."""
    return str(env("SITE_URL")).rstrip("/")


def cache_at(url: str) -> dict[str, Any]:
    """One of Django's CACHES; a page does without a Redis that is away."""
    entry: dict[str, Any] = env.cache_url_config(url)
    if entry["BACKEND"].endswith(".RedisCache"):
        entry["BACKEND"] = "cms.config.caching.SharedCache"
    return entry


def search_engine(index: Path) -> dict[str, Any]:
    """Django's setting SEARCH: the cluster of ELASTICSEARCH_URL, else the embedded engine in the folder `index`."""
    if not env("ELASTICSEARCH_URL"):
        return {"engine": "embedded", "path": str(index)}
    return {
        "engine": "elasticsearch",
        "hosts": env("ELASTICSEARCH_URL"),
        "ca": env("ELASTICSEARCH_CA"),
        "api_key": env("ELASTICSEARCH_API_KEY"),
        "prefix": env("ELASTICSEARCH_PREFIX"),
        "shards": env("ELASTICSEARCH_SHARDS"),
        "replicas": env("ELASTICSEARCH_REPLICAS"),
        "timeout": env("ELASTICSEARCH_TIMEOUT"),
        **({"standby": {"engine": "embedded", "path": str(index)}} if env("SEARCH_STANDBY") else {}),
    }
