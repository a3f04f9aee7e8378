"""Codes of a second factor are counted as passwords are: by axes, in the database, for every process of the site."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest


def counted_login(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str | None:
    """Under which login axes counts a wrong password: an account has one, however its letters are written."""
    given = credentials if credentials else getattr(request, "POST", {})
    login = given.get("username")
    return str(login).strip().lower() if login is not None else None


class CountedCode:
    """A form that takes no code while the person is locked out, and counts each that is wrong."""

    def clean_code(self) -> str:
        credentials = {"username": self.user.get_username()}  # type: ignore[attr-defined]  # of the form
        if not AxesProxyHandler.is_allowed(context.request, credentials):
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            return str(super().clean_code())  # type: ignore[misc]  # of the form
        except ValidationError:
            user_login_failed.send(sender=type(self), credentials=credentials, request=context.request)
            raise


class CodeForm(CountedCode, AuthenticateForm):
    """To sign in."""


class CodeAgainForm(CountedCode, ReauthenticateForm):
    """Before something that needs the person once more."""
