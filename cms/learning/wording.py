"""One clear sentence for everything the learning room refuses."""

from django.utils.translation import gettext as _

from cms.learning.errors import LearningError


def sentence(error: LearningError) -> str:
    """What a person is told."""
    return {
        "not_a_course": _("这不是可以学习的课程，或它已经下架。"),
        "no_such_lesson": _("课程现在的版本里没有这一课时，请回到课程页重新选择。"),
        "progress_out_of_range": _("进度要在 0 到 1 之间，播放位置要是秒数。"),
    }[error.code]
