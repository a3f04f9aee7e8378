"""Allauth's forms, with what this product adds."""

from typing import Any

from allauth.account.forms import ChangePasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms.people.guesses import counted_guess


class NewPasswordForm(ChangePasswordForm):
    """The new password is a new one: else a first password that others have seen could stay."""

    def clean_oldpassword(self) -> str:
        """Who sits down at a screen that was left open learns the password as little as at the door."""
        if self.user is None:
            raise TypeError("nobody changes a password")
        with counted_guess(self.user):
            return str(super().clean_oldpassword())

    def clean_password1(self) -> Any:
        password = self.cleaned_data["password1"]
        if self.user is not None and self.user.check_password(password):
            raise ValidationError(_("新密码和现在的密码一样，请换一个。"))
        return password
