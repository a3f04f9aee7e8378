"""Allauth's forms for codes of a second factor, which count them."""

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

from cms.people.guesses import counted_guess


class CountedCode:
    """A form that takes no code while the person is locked out, and counts each that is wrong."""

    def clean_code(self) -> str:
        with counted_guess(self.user):  # type: ignore[attr-defined]  # of the form
            return str(super().clean_code())  # type: ignore[misc]  # of the form


class CodeForm(CountedCode, AuthenticateForm):
    """To sign in."""


class CodeAgainForm(CountedCode, ReauthenticateForm):
    """Before something that needs the person once more."""
