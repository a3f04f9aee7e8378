"""What happens to an account is told to its owner."""

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.notices.actions import notify
from cms.notices.enums import Topic
from cms.people.models import User
from cms.people.signals import account_changed


@receiver(account_changed)
def tell_owner(sender: object, user: User, change: str, by: User, **kwargs: Any) -> None:
    sentences = {
        "password_reset": _("管理员%(by)s重设了您的密码。不是您要求的，请马上联系本校管理员。"),
        "reactivated": _("管理员%(by)s重新启用了您的账号。"),
    }
    notify(
        [user],
        topic=Topic.ACCOUNT,
        text=sentences[change] % {"by": by.name},
        url=reverse("people:me"),
        key=f"account:{change}:{timezone.now().isoformat()}",
    )
