"""Words of the review chain."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a submission stands. The way through is `workflows.review.table`."""

    DRAFT = "draft", _("草稿")
    SCHOOL_REVIEW = "school_review", _("校级审核")
    TRIAL = "trial", _("校内试用")
    EXPERT_REVIEW = "expert_review", _("专家评审")
    PUBLISHED = "published", _("已发布")
    SHARED = "shared", _("已共享")
    WITHDRAWN = "withdrawn", _("已撤回")
    REJECTED = "rejected", _("未通过")
    SUPERSEDED = "superseded", _("已被新版取代")
    RETIRED = "retired", _("已下架")


OPEN = (State.DRAFT, State.SCHOOL_REVIEW, State.TRIAL, State.EXPERT_REVIEW)
"""A work has at most one submission in these."""

UNDER_REVIEW = (State.SCHOOL_REVIEW, State.TRIAL, State.EXPERT_REVIEW)
"""The work is locked in these."""

LIVE = (State.PUBLISHED, State.SHARED)


class ReviewStage(models.TextChoices):
    SCHOOL = "school", _("校级审核")
    EXPERT = "expert", _("专家评审")


class Verdict(models.TextChoices):
    APPROVE = "approve", _("通过")
    REQUEST_CHANGES = "request_changes", _("退回修改")
    REJECT = "reject", _("不通过")
