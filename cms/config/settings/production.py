"""A province: PostgreSQL, HTTPS, several servers and workers. Everything an operator sets is in `cms.config.env`."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cms.config.env import env
from cms.config.settings.base import *  # noqa: F403
from cms.config.settings.base import SITE_URL

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text; production does not make one up.")
if env.scheme["SITE_URL"][1] == SITE_URL:
    raise ImproperlyConfigured("Set SITE_URL to the address of the site, https://gongjian.example: mails lead there.")
if urlsplit(SITE_URL).scheme not in ("http", "https") or not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured("SITE_URL must be an address with https:// in front: https://gongjian.example.")
ALLOWED_HOSTS = env("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names of the site, gongjian.example: others are refused.")
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS")
SECURE_SSL_REDIRECT = env("SECURE")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # monitors ask the process itself, behind the proxy
SESSION_COOKIE_SECURE = env("SECURE")
CSRF_COOKIE_SECURE = env("SECURE")
LANGUAGE_COOKIE_SECURE = env("SECURE")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if env("SECURE") else 0
