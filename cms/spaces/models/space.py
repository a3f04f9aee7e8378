"""Space: a place of one person, school or subject, and what it is interested in."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.organisations.models import Organisation
from cms.spaces.enums import SpaceKind
from cms.spaces.models.interest import Interest
from cms.taxonomy.models import Subject

MOST_INTRODUCED = 1_000
"""Characters of an introduction."""


class Space(models.Model):
    """A place of one person, school, or subject of a school. Everybody has a personal one (S2).

    name           follows those of owner, organisation and subject (`cms.spaces.naming`)
    digest_until   of a personal one: what was delivered until then, a digest has told of
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("类型"), max_length=16, choices=SpaceKind.choices)
    name = models.CharField(_("名称"), max_length=200)
    introduction = models.TextField(_("简介"), blank=True, max_length=MOST_INTRODUCED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("主人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="spaces",
        help_text=_("个人空间的主人。"),
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("机构"), null=True, blank=True, on_delete=models.PROTECT, related_name="spaces"
    )
    subject = models.ForeignKey(Subject, verbose_name=_("学科"), null=True, blank=True, on_delete=models.PROTECT)
    is_private = models.BooleanField(_("仅本人可见"), default=False, help_text=_("学生和家长的空间总是仅本人可见。"))
    interests = models.ManyToManyField(
        Interest, verbose_name=_("关注的内容"), blank=True, related_name="spaces", through="SpaceInterest"
    )
    inbox_seen_at = models.DateTimeField(_("上次查看收件箱"), null=True, blank=True)
    digest_until = models.DateTimeField(_("摘要已告知到"), null=True, editable=False)
    created_at = models.DateTimeField(_("开通时间"), default=timezone.now)

    class Meta:
        verbose_name = _("空间")
        verbose_name_plural = _("空间")
        constraints = [
            models.UniqueConstraint(fields=["owner"], condition=Q(kind="personal"), name="space_one_personal"),
            models.UniqueConstraint(fields=["organisation"], condition=Q(kind="school"), name="space_one_school"),
            models.UniqueConstraint(
                fields=["organisation", "subject"], condition=Q(kind="subject"), name="space_one_subject"
            ),
            models.CheckConstraint(condition=~Q(kind="personal") | Q(owner__isnull=False), name="space_personal_owned"),
            models.CheckConstraint(
                condition=~Q(kind__in=["school", "subject"]) | Q(organisation__isnull=False), name="space_of_school"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/spaces/{self.uuid}/"


class SpaceInterest(models.Model):
    """A space is interested in this: because of its owner's teaching profile, with which it changes, or by hand."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="+")
    interest = models.ForeignKey(Interest, on_delete=models.CASCADE, related_name="+")
    by_hand = models.BooleanField(default=False)

    class Meta:
        db_table = "spaces_space_interests"
        unique_together = [("space", "interest")]

    def __str__(self) -> str:
        return f"{self.space_id} · {self.interest_id}"
