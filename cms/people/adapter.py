"""Accounts are made by schools (roster), never by the visitor: no self sign-up, no e-mail needed."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from cms.people.accounts import set_own_password
from cms.people.models import User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> Any:
        return "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Every way by which people set their own password ends here."""
        if not isinstance(user, User):
            raise TypeError(f"{user!r} is no person of ours")
        set_own_password(user, password)
