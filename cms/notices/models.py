"""What a person is told, in the site and by mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.notices.enums import Topic


class Notice(models.Model):
    """One thing told to one person. `key` makes it once however often its cause is carried out. Old ones are deleted
    (`actions.prune`)."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    topic = models.CharField(_("类型"), max_length=16, choices=Topic.choices)
    text = models.CharField(_("内容"), max_length=300)
    url = models.CharField(_("链接"), max_length=300, blank=True)
    key = models.CharField(max_length=120)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    read_at = models.DateTimeField(_("已读时间"), null=True)
    mailed_at = models.DateTimeField(_("寄出时间"), null=True)

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_by_recipient"),
            models.Index(fields=["recipient"], name="notice_unread", condition=Q(read_at__isnull=True)),
            # for what is settled without its reader
            models.Index(fields=["url"], name="notice_unread_at", condition=Q(read_at__isnull=True)),
            # for the daily deletion of old ones
            models.Index(fields=["read_at"], name="notice_read", condition=Q(read_at__isnull=False)),
            models.Index(fields=["at"], name="notice_unread_since", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.text


class Preference(models.Model):
    """A person's answer to "by mail?" for one topic. No row: yes, when there is an address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences")
    topic = models.CharField(_("类型"), max_length=16, choices=Topic.choices)
    by_mail = models.BooleanField(_("邮件通知"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="notice_preference_once")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.topic}"
