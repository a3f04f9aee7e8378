"""One clear sentence for everything the spaces refuse."""

from django.utils.translation import gettext as _

from cms.spaces.errors import SpaceError


def sentence(error: SpaceError) -> str:
    """What a person is told."""
    return {
        "not_your_space": _("你不能管理这个空间。"),
        "following_yourself": _("不用关注自己，请选择其他作者或空间。"),
    }[error.code]
