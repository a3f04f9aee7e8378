"""Submission: the state machine of review. Its rounds point to seals, so the live version stays as it is meanwhile."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField

from cms.library.models import Seal, Work
from cms.organisations.models import Organisation
from workflows.review.enums import OPEN, State
from workflows.review.errors import StateWrittenByHand
from workflows.review.models.policy import Policy, Rubric
from workflows.review.table import step


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Queries of submissions; refuses to write a state."""

    def update(self, **kwargs: Any) -> int:
        if "state" in kwargs:
            raise StateWrittenByHand
        return super().update(**kwargs)

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        raise StateWrittenByHand

    def bulk_update(self, objs: Any, fields: Any, *args: Any, **kwargs: Any) -> int:
        if "state" in fields:
            raise StateWrittenByHand
        return super().bulk_update(objs, fields, *args, **kwargs)


class Submission(ConcurrentTransitionMixin, models.Model):
    """One request to publish one work. The database refuses a second open one of the same work.

    organisation  the author's, whose reviewers decide first
    decider       the organisation whose experts decide next, by the policy's tier
    round_number  of the round that stands; each submit of returned work begins another
    due_at        when the present state should be left (S102)
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="submissions")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    decider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="+")
    state = FSMField(_("状态"), max_length=16, choices=State.choices, default=State.DRAFT, protected=True)
    round_number = models.PositiveSmallIntegerField(_("轮次"), default=0)
    opened_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    entered_at = models.DateTimeField(_("进入本步时间"), default=timezone.now)
    due_at = models.DateTimeField(_("期限"), null=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True)

    objects = SubmissionQuerySet.as_manager()

    _round: "Round | None" = None

    class Meta:
        verbose_name = _("送审")
        verbose_name_plural = _("送审")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["work"], condition=Q(state__in=OPEN), name="submission_one_open"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="submission_state_known"),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "due_at"], name="submission_by_school"),
            models.Index(fields=["decider", "state", "due_at"], name="submission_by_decider"),
            models.Index(fields=["work", "-id"], name="submission_by_work"),
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="submission_not_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.work_id} · {self.get_state_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and self.state != State.DRAFT:
            raise StateWrittenByHand
        super().save(*args, **kwargs)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def current_round(self) -> "Round":
        """The round that stands, with its sealed revision; read once for this object."""
        if self._round is None or self._round.number != self.round_number:
            self._round = Round.objects.select_related("seal__revision").get(
                submission=self.pk, number=self.round_number
            )
        return self._round

    def begins(self, new: "Round") -> None:
        """`new`, just written, is the round that stands: it need not be read."""
        self._round = new

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self._round = None
        super().refresh_from_db(*args, **kwargs)

    # --- the chain: sources and targets are in workflows.review.table ------------------------------------------------

    @step(field=state)
    def submit(self) -> None:
        """The author hands it to the school's reviewers."""

    @step(field=state)
    def begin_trial(self) -> None:
        """The school passes it; it is tried in the school first."""

    @step(field=state)
    def pass_to_experts(self) -> None:
        """The school passes it; the experts are next."""

    @step(field=state)
    def return_to_author(self) -> None:
        """Back to the author, with a comment."""

    @step(field=state)
    def reject(self) -> None:
        """It will not be published."""

    @step(field=state)
    def withdraw(self) -> None:
        """The author takes it back."""

    @step(field=state)
    def publish(self) -> None:
        """The experts approve; it goes live."""

    @step(field=state)
    def share(self) -> None:
        """It is shared to a tier."""

    @step(field=state)
    def unshare(self) -> None:
        """The last share was recalled."""

    @step(field=state)
    def supersede(self) -> None:
        """A newer version of the work is live."""

    @step(field=state)
    def retire(self) -> None:
        """The work was taken down."""


class Round(models.Model):
    """One reading of one sealed version: begins with a submit, ends with a return or a verdict."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("轮次"))
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="rounds")
    opened_at = models.DateTimeField(default=timezone.now)
    trial_until = models.DateTimeField(_("试用至"), null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("评审轮次")
        verbose_name_plural = _("评审轮次")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["submission", "number"], name="round_once")]

    def __str__(self) -> str:
        return f"{self.submission_id} · {self.number}"
