"""Words of the spaces."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SpaceKind(models.TextChoices):
    """Spaces (S21–S23)."""

    PERSONAL = "personal", _("个人空间")
    SCHOOL = "school", _("学校空间")
    SUBJECT = "subject", _("学科空间")


class DeliveryReason(models.TextChoices):
    """Why a work came into an inbox."""

    INTEREST = "interest", _("关注的内容")
    FOLLOWED_AUTHOR = "followed_author", _("关注的作者")
    FOLLOWED_SPACE = "followed_space", _("关注的空间")
    RECOMMENDED = "recommended", _("编辑推荐")
    TIER = "tier", _("上级推送")


class Readers(models.TextChoices):
    """Whom of an organisation an audience means. Values are those of `people.Role` where it means one role."""

    EVERYBODY = "everybody", _("所有人（含学生和家长）")
    TEACHERS = "teacher", _("教师")
    PUPILS = "pupil", _("学生")
