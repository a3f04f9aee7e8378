"""What an operator sets, in environment variables, is understood: see `cms.config.env`."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import CacheHandler

from cms.config.env import cache_at

PRODUCTION = {"DJANGO_SETTINGS_MODULE": "cms.config.settings.production", "SECRET_KEY": "tests only"}
ADDRESSES = "from django.conf import settings as s; print(s.SITE_URL, s.WAGTAILADMIN_BASE_URL)"


def said(program: str, folder: Path, **surroundings: str) -> subprocess.CompletedProcess[str]:
    """What a process of its own says that has these variables."""
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **PRODUCTION, "DATA_DIR": str(folder), **surroundings},
    )


@pytest.mark.parametrize("address", ["locmemcache://", "rediscache://127.0.0.1:1/0"])
def test_cache_of_every_kind_of_address_can_be_made(address: str) -> None:
    """Its client is installed; that nobody listens there is found out only when something is kept."""
    cache: Any = CacheHandler({"default": cache_at(address)})["default"]
    assert cache._cache is not None
    if address.startswith("rediscache"):
        assert cache._cache.get_client().connection_pool.connection_kwargs["port"] == 1


def test_settings_take_the_cache_that_pages_can_do_without(tmp_path: Path) -> None:
    done = said(
        "from django.conf import settings as s; print(s.CACHES['default']['BACKEND'])",
        tmp_path,
        SITE_URL="https://gongjian.example",
        ALLOWED_HOSTS="gongjian.example",
        CACHE_URL="rediscache://127.0.0.1:1/0",
    )
    assert (done.stdout.strip(), done.stderr) == ("cms.config.caching.SharedCache", "")


@pytest.mark.parametrize(
    "given", ["https://gongjian.example", "https://gongjian.example/", "https://gongjian.example//"]
)
def test_address_of_the_site_ends_before_the_slash_with_which_every_path_begins(tmp_path: Path, given: str) -> None:
    done = said(ADDRESSES, tmp_path, SITE_URL=given, ALLOWED_HOSTS="gongjian.example")
    assert (done.stdout.split(), done.stderr) == (["https://gongjian.example"] * 2, "")


def test_production_shows_no_gallery(tmp_path: Path) -> None:
    program = "import django; django.setup(); from django.urls import is_valid_path as view; "
    program += "print(bool(view('/search/')), bool(view('/theme/')))"
    done = said(program, tmp_path, SITE_URL="https://gongjian.example", ALLOWED_HOSTS="gongjian.example")
    assert (done.stdout.split(), done.stderr) == (["True", "False"], "")


@pytest.mark.parametrize("given", ["http://127.0.0.1:8000", "http://127.0.0.1:8000/"])
def test_production_asks_for_an_address_of_its_own(tmp_path: Path, given: str) -> None:
    assert (
        "ImproperlyConfigured: Set SITE_URL"
        in said(ADDRESSES, tmp_path, SITE_URL=given, ALLOWED_HOSTS="gongjian.example").stderr
    )


@pytest.mark.parametrize("given", ["", "gongjian.example", "ftp://gongjian.example", "https://"])
def test_address_of_the_site_is_one_that_a_mail_can_lead_to(tmp_path: Path, given: str) -> None:
    assert "SITE_URL must be an address" in said(ADDRESSES, tmp_path, SITE_URL=given).stderr


def test_production_is_told_its_names(tmp_path: Path) -> None:
    assert (
        "Set ALLOWED_HOSTS" in said(ADDRESSES, tmp_path, SITE_URL="https://gongjian.example", ALLOWED_HOSTS="").stderr
    )


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("ELASTICSEARCH_PREFIX", "Hunan", "'Hunan' cannot begin an index name"),
        ("ELASTICSEARCH_URL", "elastic:topsecret@search.example:9200", "'***@search.example:9200' is not the address"),
    ],
)
def test_wrong_setting_of_the_search_stops_commands_and_the_server(
    tmp_path: Path, name: str, given: str, told: str
) -> None:
    """Before anybody searches, and without its password."""
    given_too = {"SITE_URL": "https://gongjian.example", "ALLOWED_HOSTS": "gongjian.example", "SECURE": "0"}
    surroundings = {**given_too, "ELASTICSEARCH_URL": "https://search.example:9200", name: given}
    check = "from django.core.management import execute_from_command_line as run; run(['manage.py', 'check'])"
    for program in (check, "import cms.config.wsgi"):
        done = said(program, tmp_path, **surroundings)
        assert done.returncode != 0
        assert told in done.stderr
        assert "topsecret" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("ELASTICSEARCH_SHARDS", "abc", "a whole number"),
        ("ELASTICSEARCH_TIMEOUT", "soon", "a number"),
        ("SECURE", "ture", "true or false"),
    ],
)
def test_value_of_the_wrong_kind_is_told_with_its_variable(tmp_path: Path, name: str, value: str, kind: str) -> None:
    surroundings = {
        "SITE_URL": "https://gongjian.example",
        "ALLOWED_HOSTS": "gongjian.example",
        "ELASTICSEARCH_URL": "http://127.0.0.1:1",
    }
    done = said(ADDRESSES, tmp_path, **{**surroundings, name: value})
    assert done.returncode != 0
    assert f"{name} must be {kind}, not '{value}'." in done.stderr


@pytest.mark.parametrize("value", ["off", "False", "0"])
def test_what_says_no_is_false(tmp_path: Path, value: str) -> None:
    program = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE)"
    done = said(program, tmp_path, SITE_URL="http://gongjian.example", ALLOWED_HOSTS="gongjian.example", SECURE=value)
    assert done.stdout.strip() == "False", done.stderr
