"""Words of the notices."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What a notice is about; a person may switch mail off for each."""

    TO_REVIEW = "to_review", _("有作品等我评审")
    MY_WORK = "my_work", _("我的作品有进展")
    PUSHED = "pushed", _("推送给我的资源")
    CHILD = "child", _("孩子的学习情况")
    OPERATION = "operation", _("系统运行")
    ACCOUNT = "account", _("账号与安全")
