"""The development settings with one more address, an empty view, for `benchmarks.site`."""

from cms.config.settings.development import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # thousands of people are made, nobody signs in
