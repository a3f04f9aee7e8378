"""Settings that hold in every environment. What an operator may change comes from `cms.config.env`."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from cms.config.env import BASE_DIR, cache_at, data_dir, env, search_engine, site_url

django_stubs_ext.monkeypatch()

DATA_DIR: Path = data_dir()

INSTALLED_APPS = [
    # ours, from the top of the house to the ground: a higher room's templates and commands win
    "fixtures",
    "theme",
    "search",
    "search.texts",
    "workflows.points",
    "workflows.sharing",
    "workflows.review",
    "workflows.experts",
    "cms.learning",
    "cms.spaces",
    "cms.library",
    "cms.notices",
    "cms.people",
    "cms.taxonomy",
    "cms.organisations",
    "cms.audit",
    "cms.outbox",
    # wagtail
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "taggit",
    "django_filters",
    "django_htmx",
    "ninja",
    # accounts
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    # django
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cms.people.middleware.FirstPassword",
    "cms.people.middleware.SignInAgain",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cms.config.urls"
WSGI_APPLICATION = "cms.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workflows.review.context_processors.waiting",
                "cms.spaces.context_processors.own_space",
                "cms.notices.context_processors.notices",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database -------------------------------------------------------------------------------------------------------

SQLITE_OPTIONS: dict[str, Any] = {
    # IMMEDIATE: a deferred transaction that turns from reading to writing fails at once, whatever the timeout.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-64000;PRAGMA mmap_size=134217728;"
    ),
}

DATABASE_PATIENCE = 5  # seconds for a connection


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for `url`; SQLite in the data folder when it is empty."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA_DIR / "gongjian.sqlite3"),
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": 60,  # opening SQLite with these PRAGMAs costs more than the visitor's page
        }
    entry: dict[str, Any] = env.db_url_config(url)
    if "sqlite3" in entry["ENGINE"]:
        entry["OPTIONS"] = SQLITE_OPTIONS
        entry["CONN_MAX_AGE"] = 60
        return entry
    # To compile a statement takes longer than any of ours runs; the last word is that of the address, `?options=`.
    given = entry.get("OPTIONS", {})
    # A host that says nothing holds a thread no longer than that, or nobody is left to answer /healthz.
    options = f"-c jit=off {given.get('options', '')}".strip()
    entry["OPTIONS"] = {"connect_timeout": DATABASE_PATIENCE, **given, "options": options}
    if env("DATABASE_POOL"):
        entry["OPTIONS"]["pool"] = {"timeout": DATABASE_PATIENCE}
    else:
        entry["CONN_MAX_AGE"] = 60
        entry["CONN_HEALTH_CHECKS"] = True
    return entry


DATABASES = {"default": database(env("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": cache_at(env("CACHE_URL"))}

# --- people and sessions --------------------------------------------------------------------------------------------

DEMO_ALLOWED = False  # its accounts have a password that everybody knows: where nobody really works; and /theme/
TRUSTED_PROXIES = env("TRUSTED_PROXIES")
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "cms.people.backends.LockOutBackend",
    "cms.people.backends.WorkbenchBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "cms.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {"change_password": "cms.people.account_forms.NewPasswordForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False  # a pupil at /admin/ is sent here; sending back would go on for ever
ACCOUNT_USER_DISPLAY = "cms.people.queries.display_name"
ACCOUNT_RATE_LIMITS = False  # axes locks by account and address, and keeps the evidence; no page that mails is routed
MFA_FORMS = {
    "authenticate": "cms.people.second_factor.CodeForm",
    "reauthenticate": "cms.people.second_factor.CodeAgainForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # there is no page on which to confirm one; schools know whose account it is
AXES_CLIENT_IP_CALLABLE = "cms.people.addresses.client_address"
AXES_USERNAME_CALLABLE = "cms.people.guesses.counted_login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "people/locked_out.html"
AXES_VERBOSE = False

SESSION_ENGINE = "cms.people.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a working day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail shows its preview in a frame of the same site
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],  # Wagtail's admin has inline scripts of its own
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "style-src-attr": ["'unsafe-inline'"],  # progress bars carry their width
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

# --- language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_wagtail"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60  # seconds
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# --- files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"  # never served: stored files go through library's own view
MEDIA_ROOT = DATA_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "cms.config.static.StaticFiles"},
}
if env("S3_BUCKET"):
    STORAGES["default"] = {
        "BACKEND": "cms.library.storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": env("S3_BUCKET"),
            "endpoint_url": env("S3_ENDPOINT_URL") or None,
            "access_key": env("S3_ACCESS_KEY"),
            "secret_key": env("S3_SECRET_KEY"),
            "file_overwrite": False,
        },
    }
UPLOAD_MAX_BYTES = env("UPLOAD_MAX_BYTES")
ACCEL_REDIRECT = env("ACCEL_REDIRECT")
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a course of 60 lessons is one form

# --- mail -----------------------------------------------------------------------------------------------------------

if env("EMAIL_URL"):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL")
EMAIL_TIMEOUT = 20  # seconds; a worker does one thing at a time
SITE_URL = site_url()

# --- search ---------------------------------------------------------------------------------------------------------

SEARCH = search_engine(DATA_DIR / "index")

# --- wagtail --------------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "共建"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_AUTOSAVE_INTERVAL = 3000  # milliseconds
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai"]  # the country has one; a single choice is not asked
WAGTAIL_WORKFLOW_ENABLED = False  # the review room is the workflow
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_USAGE_COUNT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database.fallback"}}
MODELSEARCH_BACKENDS = WAGTAILSEARCH_BACKENDS
TAGGIT_CASE_INSENSITIVE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "datefmt": "%Y-%m-%d %H:%M:%S%z", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Each retry is a traceback of 40 lines otherwise, and one more line of each host that is gone: `gongjian.search`
    # and `gongjian.outbox` say that it is away.
    "loggers": {"gongjian": {"level": "INFO"}, "elastic_transport": {"level": "ERROR"}},
}
