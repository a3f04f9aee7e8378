"""Words of the points ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why points were given (S27: 资源审核、选用、共享)."""

    REVIEWED = "reviewed", _("完成一次评审")
    PUBLISHED = "published", _("作品发布")
    SHARED = "shared", _("作品共享")
    ADOPTED = "adopted", _("作品被选用")


class Recipient(models.TextChoices):
    """Which space the points go to."""

    AUTHOR = "author", _("作者的个人空间")
    SUBJECT_SPACE = "subject_space", _("学校的学科空间")
    REVIEWER = "reviewer", _("评审人的个人空间")
