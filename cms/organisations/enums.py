"""Words of the organisation tree, from the source documents."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tier(models.TextChoices):
    """The five building tiers (S1), from the top."""

    NATION = "nation", _("国家")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    SCHOOL = "school", _("学校")


TIER_ORDER = {tier: number for number, tier in enumerate(Tier)}  # 0 nation .. 4 school


class Sector(models.TextChoices):
    """The four sectors of base schools (S10)."""

    PRESCHOOL = "preschool", _("学前教育")
    BASIC = "basic", _("基础教育")
    VOCATIONAL = "vocational", _("职业教育")
    HIGHER = "higher", _("高校")


class SchoolType(models.TextChoices):
    """学校类型 (S113), in the form's order. Kindergartens and universities have none."""

    PRIMARY_5 = "primary-5", _("小学（5年）")
    PRIMARY_6 = "primary-6", _("小学（6年）")
    JUNIOR = "junior", _("普通初中")
    VOCATIONAL_JUNIOR = "vocational-junior", _("职业中学")
    NINE_YEAR = "nine-year", _("九年一贯")
    SENIOR = "senior", _("普通高中")
    VOCATIONAL_SENIOR = "vocational-senior", _("职业高中")
    COMPLETE_SECONDARY = "complete-secondary", _("完全中学")


class DepartmentKind(models.TextChoices):
    """Departments with duties (S12, S7)."""

    TECHNOLOGY = "technology", _("电教")
    RESEARCH = "research", _("教研")
    EQUIPMENT = "equipment", _("装备")
    INFORMATION = "information", _("信息")
    TRAINING = "training", _("教师继续教育")
