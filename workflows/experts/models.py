"""The pool of experts (S14): who may be asked to review what."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.organisations.models import Organisation
from cms.taxonomy.models import Stage, Subject


class Expert(models.Model):
    """A person in the pool of one organisation (a research office of county, city or province)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("专家"), on_delete=models.PROTECT, related_name="expert_entries"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("专家库"), on_delete=models.PROTECT, related_name="experts"
    )
    title = models.CharField(_("职称或称号"), max_length=60, blank=True)
    stages = models.ManyToManyField(Stage, verbose_name=_("学段"), blank=True)
    subjects = models.ManyToManyField(Subject, verbose_name=_("学科"), blank=True)
    available = models.BooleanField(_("可以接受评审"), default=True)
    joined_at = models.DateTimeField(_("入库时间"), default=timezone.now)
    left_at = models.DateTimeField(_("出库时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("专家")
        verbose_name_plural = pgettext_lazy("several", "专家")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(left_at__isnull=True), name="expert_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)
