"""Secrets that are tried by hand are counted as passwords at signing in are: by axes, in the database, for every
process of the site."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest


def counted_login(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str | None:
    """Under which login axes counts a wrong password: an account has one, however its letters are written."""
    given = credentials if credentials else getattr(request, "POST", {})
    login = given.get("username")
    return str(login).strip().lower() if login is not None else None


@contextmanager
def counted_guess(user: AbstractBaseUser) -> Iterator[None]:
    """What is checked inside raises ValidationError where it is wrong, and that is counted; nothing is checked while
    the person is locked out. Raises ValidationError"""
    credentials = {"username": user.get_username()}
    if not AxesProxyHandler.is_allowed(context.request, credentials):
        raise get_adapter().validation_error("too_many_login_attempts")
    try:
        yield
    except ValidationError:
        user_login_failed.send(sender=type(user), credentials=credentials, request=context.request)
        raise
