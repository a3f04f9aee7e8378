"""The lock of a work under review, said in our words."""

from typing import Any

from django.utils.translation import gettext
from wagtail.locks import BaseLock


class ReviewLock(BaseLock):
    """Locked for everybody while reviewers read: what they read must not change under them."""

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> str:
        return gettext("作品正在评审，内容暂时不能修改。作者可以先撤回，修改后再提交。")

    def get_icon(self, user: Any) -> str:
        return "lock"

    def get_locked_by(self, user: Any) -> str:
        return gettext("评审中")

    def get_description(self, user: Any) -> str:
        return gettext("评审结束、退回或撤回后自动解锁。")
