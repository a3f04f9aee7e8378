"""The words of a file's content, kept under its hash: ten works with one file read it once."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from search.texts.enums import TextState

EDITION = 2
"""Of the reading. Raised when readers change what they find: every text of an older edition is read again."""


class FileText(models.Model):
    """Derived from the file, may be thrown away. `reason` is for operators, where nothing could be read."""

    sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(_("状态"), max_length=12, choices=TextState.choices)
    text = models.TextField(_("文字"), blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    edition = models.PositiveSmallIntegerField(default=EDITION)
    read_at = models.DateTimeField(_("读取时间"), default=timezone.now)

    class Meta:
        verbose_name = _("文件里的文字")
        verbose_name_plural = _("文件里的文字")

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.get_state_display()}"
