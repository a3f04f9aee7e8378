"""What happens to an account is told to its owner; what the outbox gave up, to those who operate it."""

from collections.abc import Iterator
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.audit.queries import history
from cms.notices.actions import News, tell
from cms.notices.enums import Topic
from cms.outbox.queries import label_of
from cms.outbox.signals import held_up, parked
from cms.people.models import User
from cms.people.queries import governing
from cms.people.signals import account_changed


@receiver(account_changed)
def tell_owner(sender: object, user: User, change: str, by: User, **kwargs: Any) -> None:
    tell(_of_the_account(user, change, by))


def _of_the_account(user: User, change: str, by: User) -> Iterator[News]:
    sentences = {
        "password_reset": _("管理员%(by)s重设了您的密码。不是您要求的，请马上联系本校管理员。"),
        "reactivated": _("管理员%(by)s重新启用了您的账号。"),
        "second_factor_removed": _(
            "管理员%(by)s解除了您的两步验证，现在只用密码就能登录。请尽快重新设置；不是您要求的，请马上联系本校管理员。"
        ),
    }
    key = f"account:{change}:{timezone.now().isoformat()}"
    yield News([user], Topic.ACCOUNT, sentences[change] % {"by": by.name}, reverse("people:me"), key)


@receiver(parked)
def tell_operators(sender: object, topic: str, **kwargs: Any) -> None:
    """Once a day for each topic, and once more after a retry: a server that is wrong gives up thousands."""
    tell(_of_what_was_given_up(topic))


@receiver(held_up)
def tell_operators_of_an_outage(sender: object, topic: str, **kwargs: Any) -> None:
    """Once a day for each topic."""
    tell(_of_what_is_held_up(topic))


def _of_what_is_held_up(topic: str) -> Iterator[News]:
    text = _("后台任务“%(topic)s”在等的服务一直连不上：请看原因，排除后会自动接着做。") % {"topic": label_of(topic)}
    key = f"outbox-away:{topic}:{timezone.localdate()}"
    yield News(list(governing()), Topic.OPERATION, text, reverse("outbox:overview"), key)


def _of_what_was_given_up(topic: str) -> Iterator[News]:
    retry = history("outbox", "failed").first()
    text = _("后台任务“%(topic)s”没有办成，已停下等您处理：请看原因，排除后点“重试”。") % {"topic": label_of(topic)}
    key = f"outbox:{topic}:{timezone.localdate()}:{retry.pk if retry else 0}"
    yield News(list(governing()), Topic.OPERATION, text, reverse("outbox:overview"), key)
