"""What came of reading a file."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TextState(models.TextChoices):
    READ = "read", _("已读出文字")
    EMPTY = "empty", _("没有文字")  # a scan, a picture in a document
    UNREADABLE = "unreadable", _("读不出")  # damaged, protected, or over the limits
