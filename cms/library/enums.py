"""Words of the library."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkKind(models.TextChoices):
    """The four kinds of work (S58, S69, S74, S77)."""

    RESOURCE = "resource", _("教学资源")
    MICRO_COURSE = "micro_course", _("微课程")
    CASE_STUDY = "case_study", _("应用案例")
    RESEARCH_OUTCOME = "research_outcome", _("应用研究成果")


class ResourceType(models.TextChoices):
    """What a resource is used as (LRMI learning_resource_type)."""

    COURSEWARE = "courseware", _("课件")
    TEACHING_DESIGN = "teaching_design", _("教学设计")
    EXERCISE = "exercise", _("练习")
    ASSESSMENT = "assessment", _("试题试卷")
    MATERIAL = "material", _("素材")
    LITERATURE = "literature", _("文献")
    GAME = "game", _("益智游戏")


class PartRole(models.TextChoices):
    """The parts of a case of the form 1+1+N (S74); how many of each is data (`Standard`)."""

    REPORT = "report", _("案例报告")
    VIDEO = "video", _("课例视频")
    SUPPORT = "support", _("支撑材料")


class OutcomeType(models.TextChoices):
    """The five types of research outcome (S77)."""

    PRINT_BOOK = "print_book", _("纸质出版")
    DIGITAL_BOOK = "digital_book", _("数字出版")
    PATENT = "patent", _("专利申请")
    PAPER = "paper", _("研究论文")
    PROJECT = "project", _("课题研究")


class Source(models.TextChoices):
    ORIGINAL = "original", _("原创")
    ADAPTED = "adapted", _("改编")
    QUOTED = "quoted", _("转载（已获许可）")


class Licence(models.TextChoices):
    """How others may use the work."""

    CC_BY = "cc-by", _("署名（CC BY）")
    CC_BY_SA = "cc-by-sa", _("署名—相同方式共享（CC BY-SA）")
    CC_BY_NC_SA = "cc-by-nc-sa", _("署名—非商业—相同方式共享（CC BY-NC-SA）")
    CC_BY_NC_ND = "cc-by-nc-nd", _("署名—非商业—禁止演绎（CC BY-NC-ND）")
    PROVINCE = "province", _("限省内教育使用")
    ALL_RIGHTS = "all-rights", _("保留所有权利")


OPEN_LICENCES = frozenset({Licence.CC_BY, Licence.CC_BY_SA, Licence.CC_BY_NC_SA, Licence.CC_BY_NC_ND})
"""Licences under which a work may be shown to visitors who are not signed in."""

LICENCES_OF_A_REMIX = {
    Licence.CC_BY: frozenset(Licence),
    Licence.CC_BY_SA: frozenset({Licence.CC_BY_SA}),
    Licence.CC_BY_NC_SA: frozenset({Licence.CC_BY_NC_SA}),
    Licence.PROVINCE: frozenset({Licence.PROVINCE, Licence.ALL_RIGHTS}),
}
"""Licence under which another teacher may make a changed copy -> those that the copy may have: share-alike is handed
on, and nobody opens what was closed."""


class FileKind(models.TextChoices):
    """What a stored file is, told by its content."""

    DOCUMENT = "document", _("文档")
    IMAGE = "image", _("图片")
    AUDIO = "audio", _("音频")
    VIDEO = "video", _("视频")
    CAPTIONS = "captions", _("字幕")
    ARCHIVE = "archive", _("压缩包")
