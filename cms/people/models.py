"""Real-name users (S3), what they are at organisations, guardians of pupils, and tokens of other systems."""

import re
import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.organisations.models import Department, Organisation
from cms.people.enums import Relation, Role
from cms.taxonomy.models import Edition, Grade, Stage, Subject


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Wagtail's pages have untyped managers
    """A person. The identity number is kept only as a keyed hash, enough to find the same person again."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("姓名"), max_length=50)
    identity_hash = models.CharField(_("身份标识"), max_length=64, null=True, blank=True, unique=True, editable=False)
    must_change_password = models.BooleanField(
        _("须改密码"), default=False, help_text=_("密码由管理员发给本人，第一次登录时必须换成自己的。")
    )
    findable_since = models.DateTimeField(
        _("同意被检索到"), null=True, blank=True, editable=False, help_text=_("本人何时同意同行在检索中找到自己。")
    )
    first_name = property(lambda self: self.name)  # no field; Wagtail's menu shows it
    last_name = None  # type: ignore[assignment]

    objects = UserManager()  # type: ignore[misc]  # narrower than the base's class variable

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")

    def __str__(self) -> str:
        return self.name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.identity_hash = self.identity_hash or None
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.name or self.username


class Membership(models.Model):
    """A person holds a role at an organisation; ended memberships are kept."""

    user = models.ForeignKey(User, verbose_name=_("人员"), on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("机构"), on_delete=models.PROTECT, related_name="memberships"
    )
    department = models.ForeignKey(
        Department, verbose_name=_("部门"), null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("角色"), max_length=24, choices=Role.choices)
    since = models.DateTimeField(_("开始"), default=timezone.now)
    until = models.DateTimeField(_("结束"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], condition=Q(until__isnull=True), name="membership_once"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="membership_span"),
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="membership_by_organisation")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"


class TeachingProfile(models.Model):
    """What a teacher teaches: defaults of a new work and the interests of the personal space."""

    user = models.OneToOneField(User, verbose_name=_("教师"), on_delete=models.CASCADE, related_name="teaching_profile")
    stage = models.ForeignKey(Stage, verbose_name=_("学段"), null=True, blank=True, on_delete=models.PROTECT)
    subject = models.ForeignKey(Subject, verbose_name=_("学科"), null=True, blank=True, on_delete=models.PROTECT)
    edition = models.ForeignKey(Edition, verbose_name=_("教材版本"), null=True, blank=True, on_delete=models.PROTECT)
    grades = models.ManyToManyField(Grade, verbose_name=_("年级"), blank=True)

    class Meta:
        verbose_name = _("任教信息")
        verbose_name_plural = _("任教信息")

    def __str__(self) -> str:
        return str(self.user)


class PupilProfile(models.Model):
    """Which grade and class a pupil is in."""

    user = models.OneToOneField(User, verbose_name=_("学生"), on_delete=models.CASCADE, related_name="pupil_profile")
    grade = models.ForeignKey(Grade, verbose_name=_("年级"), null=True, blank=True, on_delete=models.PROTECT)
    class_name = models.CharField(_("班级"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("学籍信息")
        verbose_name_plural = _("学籍信息")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def grade_and_class(self) -> str:
        """For people: 三年级 2 班, or 三（2）班 where the class names its grade. Reads `grade`."""
        grade = self.grade.name if self.grade is not None else ""
        named = bool(grade) and re.match(rf"{re.escape(grade[0])}\s*[（(年]", self.class_name)
        return self.class_name if named else f"{grade} {self.class_name}".strip()


class Guardianship(models.Model):
    """A guardian may see how this pupil is doing, and nobody else's child."""

    guardian = models.ForeignKey(User, verbose_name=_("监护人"), on_delete=models.PROTECT, related_name="wards")
    pupil = models.ForeignKey(User, verbose_name=_("学生"), on_delete=models.PROTECT, related_name="guardians")
    relation = models.CharField(_("关系"), max_length=16, choices=Relation.choices, default=Relation.OTHER)
    until = models.DateTimeField(_("结束"), null=True, blank=True)

    class Meta:
        verbose_name = _("监护关系")
        verbose_name_plural = _("监护关系")
        constraints = [
            models.UniqueConstraint(fields=["guardian", "pupil"], name="guardianship_once"),
            models.CheckConstraint(condition=~Q(guardian=F("pupil")), name="guardianship_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.guardian} → {self.pupil}"


class ApiToken(models.Model):
    """Another system acts as this person. Only a hash is kept; the text is shown once, when it is made."""

    user = models.ForeignKey(User, verbose_name=_("人员"), on_delete=models.CASCADE, related_name="access_tokens")
    name = models.CharField(_("用途"), max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("创建时间"), default=timezone.now)
    expires_at = models.DateTimeField(_("到期时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")

    def __str__(self) -> str:
        return self.name


class RosterDraft(models.Model):
    """The rows of an uploaded roster between dry run and confirmation, of one person, for an hour.

    Kept here and not in the browser, so that nothing the client sends back is believed; identity numbers are hashes
    already. An upload replaces the draft before it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="roster_draft")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=150)
    sheet = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.file_name
