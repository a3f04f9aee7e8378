"""Mark: what a space did with a delivered work."""

from django.db import models
from django.db.models import Q

from cms.library.models import Work
from cms.spaces.models.space import Space


class Mark(models.Model):
    """What a space did with a delivered work: was shown it, opened it, hid it.

    seen_at   when it was last shown among others that were not (`Space.inbox_seen_at` says it of all at once)
    """

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="marks")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space", "work"], name="mark_once")]
        indexes = [
            models.Index(fields=["space", "-hidden_at"], condition=Q(hidden_at__isnull=False), name="mark_hidden"),
        ]

    def __str__(self) -> str:
        return f"{self.space_id} · {self.work_id}"
