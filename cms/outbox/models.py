"""What must follow from a commit: a row written in the same transaction, carried out after it, at least once."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One piece of work that a commit owes the world: index this, tell that person, push this work.

    topic    names the handler (`cms.outbox.handlers`)
    ref      what the handler reads its facts from: an id, never a pickled object
    attempts counted when the row is claimed, so a job that kills its worker is counted too; it also fences the
             mark: a late finisher whose number is no longer the row's cannot overwrite a newer result
    """

    topic = models.CharField(_("主题"), max_length=64)
    ref = models.CharField(_("对象"), max_length=200)
    created_at = models.DateTimeField(_("写入时间"), default=timezone.now)
    due_at = models.DateTimeField(_("到期时间"), default=timezone.now)
    leased_until = models.DateTimeField(_("租约至"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    failed_at = models.DateTimeField(_("失败时间"), null=True, blank=True)
    error = models.TextField(_("错误"), blank=True)

    class Meta:
        verbose_name = _("发件")
        verbose_name_plural = _("发件箱")
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="outbox_waiting",
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
            ),
            models.Index(
                fields=["topic", "created_at"],
                name="outbox_oldest",
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
            ),
            models.Index(fields=["-failed_at"], name="outbox_failed", condition=Q(failed_at__isnull=False)),
            models.Index(fields=["topic", "ref"], name="outbox_by_ref"),
            models.Index(fields=["done_at"], name="outbox_done", condition=Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.ref}"


class Worker(models.Model):
    """A worker process that is alive, by its own word: `seen_at` is renewed every few seconds."""

    name = models.CharField(max_length=100, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
