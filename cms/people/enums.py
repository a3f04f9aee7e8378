"""Words of the people room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is at an organisation. One person may hold several."""

    TEACHER = "teacher", _("教师")
    SCHOOL_REVIEWER = "school_reviewer", _("校级审核员")
    EXPERT = "expert", _("评审专家")
    REVIEW_MANAGER = "review_manager", _("评审管理员")
    PUBLISHER = "publisher", _("发布员")
    EDITOR = "editor", _("栏目编辑")
    ADMINISTRATOR = "administrator", _("管理员")
    OPERATOR = "operator", _("运维人员")
    PUPIL = "pupil", _("学生")
    PARENT = "parent", _("家长")


LEARNERS = frozenset({Role.PUPIL, Role.PARENT})
"""Who learns, or sees how it goes; their names stay in the school."""

WORKBENCH_ROLES = frozenset(Role) - LEARNERS
"""Roles that open Wagtail's admin."""

AUTHOR_ROLES = frozenset({Role.TEACHER, Role.EXPERT, Role.SCHOOL_REVIEWER, Role.EDITOR})
"""Roles that may begin a work."""


class Relation(models.TextChoices):
    """监护关系."""

    FATHER = "father", _("父亲")
    MOTHER = "mother", _("母亲")
    GRANDPARENT = "grandparent", _("祖辈")
    OTHER = "other", _("其他监护人")
