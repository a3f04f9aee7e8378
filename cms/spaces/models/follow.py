"""Follow: a space follows an author or another space."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.spaces.models.space import Space


class Follow(models.Model):
    """A space follows an author or another space: what they share comes into its inbox."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="following")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="followers"
    )
    followed = models.ForeignKey(Space, null=True, blank=True, on_delete=models.CASCADE, related_name="followers")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("关注")
        verbose_name_plural = _("关注")
        constraints = [
            models.UniqueConstraint(
                fields=["space", "author"], condition=Q(author__isnull=False), name="follow_author_once"
            ),
            models.UniqueConstraint(
                fields=["space", "followed"], condition=Q(followed__isnull=False), name="follow_space_once"
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False, followed__isnull=True)
                | Q(author__isnull=True, followed__isnull=False),
                name="follow_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space} → {self.author or self.followed}"
