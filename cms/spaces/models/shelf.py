"""ShelfItem: a work that a space took to use."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.library.models import Work
from cms.spaces.models.space import Space


class ShelfItem(models.Model):
    """A work stands on the shelf of a space (选用), with the version it was taken in.

    title    of that version: all that is told of a work which the space may see no longer

    Written by the sharing room's adoption; removed items stay, with the time, for the history.
    """

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="shelf")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="shelved")
    version = models.PositiveIntegerField(_("选用版本"))
    title = models.CharField(_("选用时的标题"), max_length=120)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("选用时间"), default=timezone.now)
    removed_at = models.DateTimeField(_("移出时间"), null=True)

    class Meta:
        verbose_name = _("书架条目")
        verbose_name_plural = _("书架条目")
        constraints = [
            models.UniqueConstraint(
                fields=["space", "work"], condition=Q(removed_at__isnull=True), name="shelf_item_once"
            )
        ]
        indexes = [models.Index(fields=["space", "-added_at"], name="shelf_by_space")]

    def __str__(self) -> str:
        return f"{self.space_id} · {self.work_id}"
