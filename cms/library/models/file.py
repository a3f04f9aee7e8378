"""Stored files: bytes that never change, and which revisions name them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.library.enums import FileKind
from cms.organisations.models import Organisation


def storage_path(stored: "StoredFile", filename: str) -> str:
    """Where the bytes lie: by uuid, never by the name that somebody gave."""
    return f"files/{stored.uuid.hex[:2]}/{stored.uuid.hex}"


class StoredFile(models.Model):
    """Bytes with a hash, a type told by content, and a name for display. A changed file is a new row."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("文件名"), max_length=200)
    file = models.FileField(_("文件"), upload_to=storage_path, max_length=120)
    kind = models.CharField(_("类型"), max_length=16, choices=FileKind.choices)
    media_type = models.CharField(_("媒体类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小"), help_text=_("字节"))
    sha256 = models.CharField(max_length=64, db_index=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stored_files")
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class HasFiles(models.Model):
    """Base of what has several files. They are a set in the database; `file_order` is their author's order."""

    file_order = models.JSONField(_("文件顺序"), default=list, blank=True, editable=False)

    class Meta:
        abstract = True


class RevisionFile(models.Model):
    """A revision of a work names a file. Rewritten with the revision; it makes deletion refuse, clean-up exact, and
    tells who may open the file: whoever may see a revision that names it."""

    work = models.ForeignKey("library.Work", on_delete=models.CASCADE, related_name="revision_files")
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="revision_files")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "file"], name="revision_file_once")]

    def __str__(self) -> str:
        return f"{self.revision_id} · {self.file_id}"
