"""The writers of shares and adoptions."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cms.audit.actions import record
from cms.library.actions.granting import grant, revoke
from cms.library.enums import OPEN_LICENCES
from cms.library.models import Work
from cms.organisations.models import Organisation
from cms.organisations.queries import is_within
from cms.people.enums import Role
from cms.people.models import User
from cms.people.queries import standing
from workflows.review import rules as review_rules
from workflows.review.actions.publishing import hold_live, mark_shared, mark_unshared
from workflows.review.models import Submission
from workflows.sharing.errors import (
    AlreadyShared,
    LicenceNotOpen,
    NotPublished,
    RecallWithoutReason,
    ScopeClosed,
    ScopeTooWide,
)
from workflows.sharing.models import MOST_REASON, Share
from workflows.sharing.queries import is_open_to
from workflows.sharing.signals import share_recalled, work_shared


@transaction.atomic
def share_work(work: Work, *, scope: Organisation, by: User, openly: bool = False) -> Share:
    """Everybody at or below `scope` may see the live version from now on; visitors too when `openly`.

    Raises   NotPublished, PermissionDenied, ScopeTooWide, ScopeClosed, LicenceNotOpen; AlreadyShared where the work is
             open to all of the scope: in the author's own school, at or below a share that stands
    Sends    visibility_changed, submission_moved, work_shared
    """
    submission = _live(work)
    review_rules.require(by, "share", submission)
    if not _may_reach(by, scope, submission):
        raise ScopeTooWide
    if not scope.is_active:
        raise ScopeClosed
    if openly and submission.work.licence not in OPEN_LICENCES:
        raise LicenceNotOpen
    if is_open_to(submission.work, scope):  # also a double click, or a colleague: the work is held
        raise AlreadyShared
    share = Share.objects.create(work=submission.work, submission=submission, scope=scope, openly=openly, shared_by=by)
    apply_grants(share)
    mark_shared(submission, by=by, scope=scope.name)
    work_shared.send(sender=Share, share=share, by=by)
    return share


@transaction.atomic
def recall_share(share: Share, *, by: User, reason: str) -> Share:
    """Whom no other share reaches sees the work no longer, at once. The last recall puts the submission back to
    published.

    Raises   PermissionDenied, NotPublished, RecallWithoutReason
    Sends    visibility_changed, share_recalled
    """
    submission = _live(share.work)  # the work is locked before its shares, as where a new version keeps them
    share = Share.objects.select_for_update(of=("self",)).select_related("work", "scope").get(pk=share.pk)
    review_rules.require(by, "share", submission)
    if not reason.strip():
        raise RecallWithoutReason
    if share.recalled_at is not None:
        return share
    _end(share, by=by, reason=reason.strip())
    if not _standing(share.work).exists():
        mark_unshared(submission, by=by, comment=share.recall_reason)
    share_recalled.send(sender=Share, share=share, by=by)
    return share


def recall_wider(submission: Submission, shares: Iterable[Share]) -> list[Share]:
    """Those of the shares that reach no further than the organisation that decided on this version; the others are
    recalled, for a smaller one decides now. Sends visibility_changed, share_recalled"""
    kept = []
    for share in shares:
        if is_within(share.scope, submission.decider):
            kept.append(share)
            continue
        # Content: the same whatever language the last reviewer reads.
        _end(share, by=None, reason=f"新版本由{submission.decider.name}评审，共享范围不能超过它。"[:MOST_REASON])
        share_recalled.send(sender=Share, share=share, by=None)
    return kept


def _end(share: Share, *, by: User | None, reason: str) -> None:
    share.recalled_by, share.recalled_at, share.recall_reason = by, timezone.now(), reason
    share.save(update_fields=["recalled_by", "recalled_at", "recall_reason"])
    revoke(share.work, share.scope)
    if share.openly and not _standing(share.work).filter(openly=True).exists():
        revoke(share.work, None)
    _trace("share:recall", share.work, by, scope=share.scope.name, comment=reason)


def _standing(work: Work) -> "QuerySet[Share]":
    return Share.objects.filter(work=work.pk, recalled_at__isnull=True)


def apply_grants(share: Share) -> None:
    """What a share opens, in the library's own terms."""
    grant(share.work, share.scope)
    if share.openly:
        grant(share.work, None)


def close_to_visitors(work: Work, shares: Iterable[Share]) -> None:
    """Where the licence of the new version does not let visitors see it, its shares hold for their scope alone. Saving
    them is left to the caller."""
    opened = [share for share in shares if share.openly and work.licence not in OPEN_LICENCES]
    if not opened:
        return
    for share in opened:
        share.openly = False
    revoke(work, None)
    _trace("share:close", work, None)


def _trace(verb: str, work: Work, by: User | None, **data: Any) -> None:
    record(
        verb, actor=by, subject_type="library.work", subject_id=work.uuid, organisation_id=work.organisation_id, **data
    )


def _live(work: Work) -> Submission:
    submission = hold_live(work)
    if submission is None:
        raise NotPublished
    return submission


def _may_reach(by: User, scope: Organisation, submission: Submission) -> bool:
    """A publisher shares below the own organisation, and no wider than the organisation whose experts decided."""
    return is_within(scope, submission.decider) and any(
        is_within(scope, place) for place in standing(by).organisations(Role.PUBLISHER)
    )
