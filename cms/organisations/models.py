"""The tree of tiers: nation, province, city, county, school (S1), and the departments in them (S12)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from cms.organisations.enums import DepartmentKind, SchoolType, Sector, Tier


class Organisation(MP_Node):
    """A node of the tree: an administration of a tier, or a school.

    `path` (treebeard) is the whole way down, four characters a step, so a subtree is one range of an index. New rows
    come from `cms.organisations.actions`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tier = models.CharField(_("层级"), max_length=16, choices=Tier.choices)
    name = models.CharField(_("名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    code = models.CharField(
        _("代码"), max_length=20, unique=True, help_text=_("行政区划代码（6 位）或学校标识码（10 位）。")
    )
    sector = models.CharField(_("教育类别"), max_length=16, choices=Sector.choices, blank=True)
    school_type = models.CharField(_("学校类型"), max_length=24, choices=SchoolType.choices, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("机构")
        verbose_name_plural = _("机构")
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="organisation_tier_known"),
            models.CheckConstraint(condition=Q(tier=Tier.SCHOOL) | Q(school_type=""), name="organisation_school_type"),
        ]
        indexes = [models.Index(fields=["tier", "sector"], name="organisation_by_tier")]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def ancestor_paths(self) -> list[str]:
        """Paths from the root down to this node, itself included."""
        return paths_above(self.path)


def paths_above(path: str) -> list[str]:
    """Paths from the root down to the organisation at `path`, itself included."""
    return [path[:end] for end in range(Organisation.steplen, len(path) + 1, Organisation.steplen)]


class Department(models.Model):
    """A department of an organisation, for example a research office (教研室)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="departments")
    kind = models.CharField(_("职能"), max_length=16, choices=DepartmentKind.choices)
    name = models.CharField(_("名称"), max_length=100)

    class Meta:
        verbose_name = _("部门")
        verbose_name_plural = _("部门")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="department_once")]

    def __str__(self) -> str:
        return self.name
