"""Words of sharing."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AdoptionPath(models.TextChoices):
    """The three ways of adoption (S36)."""

    EXISTING = "existing", _("上级平台已有资源选用")
    REVIEWED = "reviewed", _("新生资源审核后选用")
    OWN = "own", _("自建资源共享使用")
