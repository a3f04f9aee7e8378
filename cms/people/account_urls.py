"""What of allauth the product offers, address by address; each of its other pages is not found.

Schools make the accounts and give new passwords: nobody signs up, resets a password by mail or enters an address here.
Those pages would let anybody have the site mail whomever they name, as often as they like.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as device
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path


def not_offered(request: HttpRequest) -> HttpResponse:
    """An address to which allauth itself leads: without the name its page would break."""
    raise Http404


urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("inactive/", account.account_inactive, name="account_inactive"),  # where signing in leads whoever left
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", not_offered, name="account_set_password"),  # where the page above leads who has none
    path("2fa/", second.index, name="mfa_index"),
    path("2fa/authenticate/", second.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", device.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", device.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
