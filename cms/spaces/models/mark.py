"""Mark: what a space did with a delivered work."""

from django.db import models

from cms.library.models import Work
from cms.spaces.models.space import Space


class Mark(models.Model):
    """What a space did with a delivered work: opened it, hid it."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="marks")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space", "work"], name="mark_once")]

    def __str__(self) -> str:
        return f"{self.space_id} · {self.work_id}"
