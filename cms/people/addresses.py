"""From which device somebody signs in."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of the device: behind proxies of ours what the first of them heard, which stands so many from the
    right (TRUSTED_PROXIES); what stands further left, anybody may have written. None where nobody is connected."""
    heard = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    proxies: int = settings.TRUSTED_PROXIES
    if 0 < proxies <= len(heard):
        try:
            return str(ip_address(heard[-proxies].strip()))
        except ValueError:
            pass
    address: str | None = request.META.get("REMOTE_ADDR")
    return address
