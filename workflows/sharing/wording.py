"""One clear sentence for everything the sharing room refuses."""

from django.utils.translation import gettext as _

from workflows.sharing.errors import SharingError


def sentence(error: SharingError) -> str:
    """What a person is told."""
    return {
        "scope_too_wide": _("共享范围不能超过评审这件作品的层级，也不能超出您管理的范围，请选择更小的范围。"),
        "licence_not_open": _("作者选择的许可不允许向访客开放。可以共享给本地区，或请作者改用开放许可。"),
        "already_shared": _("这件作品已经共享到这个范围，不用重复共享。"),
        "not_published": _("作品还没有发布，或已经下架。"),
        "own_work": _("这是您自己的作品，不用选用，在“我的作品”里就能找到。"),
        "licence_forbids_change": _("作者选择的许可不允许改编。可以选用原作品。"),
    }[error.code]
