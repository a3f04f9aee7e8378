"""The curriculum in tables: stage, grade, subject, edition, textbook, chapter, knowledge, library; codes; tags.

Rows are retired, never deleted: a revision of a work may name any of them for ever (wagtail.md, section 1).
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase

from cms.organisations.enums import Sector

TEXTBOOK_TWICE = _("这个学段、学科、版本和年级已经有同名同册的教材，不用再加。")
CHAPTER_TWICE = _("这本教材的同一处已经有同名的章节，请换一个名称。")


class Term(models.Model):
    """Base of every row a work can be filed under."""

    retired = models.BooleanField(
        _("停用"), default=False, help_text=_("停用后不再出现在选择框里，已用到它的作品不变。")
    )
    order = models.PositiveIntegerField(_("顺序"), default=0)

    class Meta:
        abstract = True

    def unique_error_message(self, model_class: type[models.Model], unique_check: Sequence[str]) -> ValidationError:
        """Which row has the code or name already, and what to do."""
        if len(unique_check) != 1:
            return super().unique_error_message(model_class, unique_check)
        (name,) = unique_check
        value = getattr(self, name)
        other = model_class._default_manager.filter(**{name: value}).exclude(pk=self.pk).first()
        words = {
            "field": getattr(model_class._meta.get_field(name), "verbose_name", name),
            "value": value,
            "other": str(other or value),
        }
        return ValidationError(gettext("%(field)s“%(value)s”已经用于“%(other)s”，请换一个。") % words, code="unique")


class Stage(Term):
    """学段: 学前, 小学, 初中, 高中 …; belongs to one sector."""

    code = models.SlugField(_("代码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=32, unique=True)
    sector = models.CharField(_("教育类别"), max_length=16, choices=Sector.choices)

    class Meta:
        verbose_name = pgettext_lazy("one", "学段")
        verbose_name_plural = pgettext_lazy("several", "学段")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Grade(Term):
    """年级 within a stage. Under the 5-4 system the sixth year is junior, so stage and name together are the key."""

    stage = models.ForeignKey(Stage, verbose_name=_("学段"), on_delete=models.PROTECT, related_name="grades")
    name = models.CharField(_("名称"), max_length=32)

    class Meta:
        verbose_name = pgettext_lazy("one", "年级")
        verbose_name_plural = pgettext_lazy("several", "年级")
        ordering = ["stage__order", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["stage", "name"], name="grade_once")]

    def __str__(self) -> str:
        return self.name


class Subject(Term):
    """学科, or a vocational or university major (专业)."""

    name = models.CharField(_("名称"), max_length=50, unique=True)
    stages = models.ManyToManyField(Stage, verbose_name=_("学段"), related_name="subjects")

    class Meta:
        verbose_name = pgettext_lazy("one", "学科")
        verbose_name_plural = pgettext_lazy("several", "学科")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Edition(Term):
    """教材版本, for example 人教版."""

    name = models.CharField(_("名称"), max_length=50, unique=True)
    publisher = models.CharField(_("出版社"), max_length=100, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "教材版本")
        verbose_name_plural = pgettext_lazy("several", "教材版本")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Textbook(Term):
    """教材: one volume of one edition."""

    stage = models.ForeignKey(Stage, verbose_name=_("学段"), on_delete=models.PROTECT, related_name="textbooks")
    subject = models.ForeignKey(Subject, verbose_name=_("学科"), on_delete=models.PROTECT, related_name="textbooks")
    edition = models.ForeignKey(Edition, verbose_name=_("教材版本"), on_delete=models.PROTECT, related_name="textbooks")
    grade = models.ForeignKey(
        Grade, verbose_name=_("年级"), null=True, blank=True, on_delete=models.PROTECT, related_name="textbooks"
    )
    volume = models.CharField(_("册次"), max_length=60)
    title = models.CharField(_("书名"), max_length=150)

    class Meta:
        verbose_name = pgettext_lazy("one", "教材")
        verbose_name_plural = pgettext_lazy("several", "教材")
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["stage", "subject", "edition", "grade"], name="textbook_by_curriculum")]
        constraints = [  # two, because SQLite has no "nulls not distinct"
            models.UniqueConstraint(
                fields=["stage", "subject", "edition", "grade", "volume", "title"],
                name="textbook_once_in_grade",
                condition=Q(grade__isnull=False),
                violation_error_message=TEXTBOOK_TWICE,
            ),
            models.UniqueConstraint(
                fields=["stage", "subject", "edition", "volume", "title"],
                name="textbook_once_without_grade",
                condition=Q(grade__isnull=True),
                violation_error_message=TEXTBOOK_TWICE,
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Chapter(Term):
    """章节 of a textbook; a tree of at most four levels."""

    textbook = models.ForeignKey(Textbook, verbose_name=_("教材"), on_delete=models.PROTECT, related_name="chapters")
    parent = models.ForeignKey(
        "self", verbose_name=_("上级章节"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    level = models.PositiveSmallIntegerField(_("级别"), default=1)
    name = models.CharField(_("名称"), max_length=150)

    class Meta:
        verbose_name = pgettext_lazy("one", "章节")
        verbose_name_plural = pgettext_lazy("several", "章节")
        ordering = ["textbook_id", "order", "id"]
        constraints = [  # two, because SQLite has no "nulls not distinct"
            models.UniqueConstraint(
                fields=["textbook", "parent", "name"],
                name="chapter_once_under_parent",
                condition=Q(parent__isnull=False),
                violation_error_message=CHAPTER_TWICE,
            ),
            models.UniqueConstraint(
                fields=["textbook", "name"],
                name="chapter_once_at_top",
                condition=Q(parent__isnull=True),
                violation_error_message=CHAPTER_TWICE,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KnowledgePoint(Term):
    """知识点 in a tree of one subject."""

    key = models.CharField(_("编号"), max_length=20, unique=True)
    stage = models.ForeignKey(
        Stage, verbose_name=_("学段"), null=True, blank=True, on_delete=models.PROTECT, related_name="knowledge_points"
    )
    subject = models.ForeignKey(
        Subject,
        verbose_name=_("学科"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="knowledge_points",
    )
    parent = models.ForeignKey(
        "self", verbose_name=_("上级知识点"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    level = models.PositiveSmallIntegerField(_("级别"), default=1)
    name = models.CharField(_("名称"), max_length=150)

    class Meta:
        verbose_name = pgettext_lazy("one", "知识点")
        verbose_name_plural = pgettext_lazy("several", "知识点")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Library(Term):
    """七库 (S49): 课程库, 课件库, 案例库, 试题库, 文献库, 素材库, 数字图书馆."""

    code = models.SlugField(_("代码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=32, unique=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "资源库")
        verbose_name_plural = pgettext_lazy("several", "资源库")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Code(models.Model):
    """One value of a code table of the ministry, as exchanged between platforms."""

    table = models.CharField(_("代码表"), max_length=20)
    table_name = models.CharField(_("代码表名称"), max_length=60)
    code = models.CharField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=100)
    applies_to = models.CharField(_("适用"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("代码")
        verbose_name_plural = _("代码")
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="code_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.code} {self.name}"


class Tag(TagBase):
    """A free word that authors put on a work."""

    free_tagging = True

    class Meta:
        verbose_name = _("标签")
        verbose_name_plural = _("标签")
