"""An editor pushes a shared work to an audience by hand, or takes it back."""

import unicodedata
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.audit.actions import record
from cms.library.models import Work
from cms.organisations.models import Organisation
from cms.organisations.queries import is_within
from cms.people.models import User
from cms.spaces.delivering import audience_meant, audience_of
from cms.spaces.enums import Readers
from cms.spaces.models import MOST_WORDS_SAID, Audience
from workflows.review.actions.publishing import hold_live
from workflows.review.enums import State
from workflows.sharing import rules
from workflows.sharing.errors import (
    AlreadyRecommended,
    AudienceCannotSee,
    AudienceOutOfReach,
    NotPublished,
    NotShared,
)
from workflows.sharing.models import Recommendation, Share
from workflows.sharing.queries import seen_by_all
from workflows.sharing.signals import recommendation_withdrawn, work_recommended

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@transaction.atomic
def recommend(
    work: Work,
    *,
    organisation: Organisation,
    by: User,
    readers: str = Readers.TEACHERS,
    words: str = "",
    **facets: Any,
) -> Recommendation:
    """The work comes into the inboxes of these people, of whoever joins them later too, with the words beside it. The
    same by the same person a second time (a double click) changes nothing.

    organisation   of the audience: with all below it
    facets         stage, subject, grade that narrow it
    Raises   NotPublished, PermissionDenied, NotShared, AudienceOutOfReach, AudienceCannotSee, InterestMismatch,
             PupilsHaveNoSubject, AlreadyRecommended
    Sends    work_recommended
    """
    submission = hold_live(work)
    if submission is None:
        raise NotPublished
    work = submission.work
    source = _require_recommendable(work, organisation, by=by, shared=submission.state == State.SHARED)
    audience = audience_of(organisation, readers=readers, **facets)
    said = one_line(words)
    known = _same(work, audience, by, said)
    if known is not None:
        return known
    try:
        made = Recommendation.objects.create(
            work=work, title=work.title, audience=audience, source=source, words=said, by=by
        )
    except IntegrityError as error:  # a colleague, where locks are not to be had
        raise AlreadyRecommended(source.name) from error
    _trace("share:recommend", made, by, comment=said)
    work_recommended.send(sender=Recommendation, recommendation=made)
    return made


def would_reach(
    work: Work,
    *,
    organisation: Organisation,
    by: User,
    readers: str = Readers.TEACHERS,
    words: str = "",
    **facets: Any,
) -> Audience:
    """Whom `recommend` would reach with the same, not saved: to be named and counted before somebody presses. Writes
    and locks nothing. Raises what `recommend` raises."""
    if not work.live:
        raise NotPublished
    shared = Share.objects.filter(work=work.pk, recalled_at=None).exists()
    _require_recommendable(work, organisation, by=by, shared=shared)
    audience = audience_meant(organisation, readers=readers, **facets)
    _same(work, audience, by, one_line(words))
    return audience


@transaction.atomic
def withdraw_recommendation(recommendation: Recommendation, *, by: User) -> Recommendation:
    """It leaves the inboxes at once, unless it came there for another reason too; a second time changes nothing.

    Raises   PermissionDenied
    Sends    recommendation_withdrawn
    """
    # The work first, as whoever delivers it does: nobody puts back what is taken away here.
    Work.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=recommendation.work_id)
    rows = Recommendation.objects.select_for_update(of=("self",)).select_related("work", "source")
    held = rows.get(pk=recommendation.pk)
    if not rules.keeps(by, held):
        raise PermissionDenied
    if held.withdrawn_at is not None:
        return held
    held.withdrawn_by, held.withdrawn_at = by, timezone.now()
    held.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _trace("share:withdraw_recommendation", held, by)
    recommendation_withdrawn.send(sender=Recommendation, recommendation=held)
    return held


def one_line(words: str) -> str:
    """What somebody typed as one line that every database takes: no control or half characters, nothing that turns
    the direction of what stands beside it, not too long."""
    kept = "".join(" " if unicodedata.category(char) in ("Cc", "Cs") or char in TURNING else char for char in words)
    return " ".join(kept.split())[:MOST_WORDS_SAID]


def _in_whose_name(by: User, organisation: Organisation) -> Organisation:
    """Of the person's organisations at or above this one the nearest. Raises AudienceOutOfReach."""
    above = [place for place in rules.recommends_for(by) if is_within(organisation, place)]
    if not above or not organisation.is_active:
        raise AudienceOutOfReach
    return max(above, key=lambda place: place.depth)


def _require_recommendable(work: Work, organisation: Organisation, *, by: User, shared: bool) -> Organisation:
    """In whose name it is recommended. Raises PermissionDenied, NotShared, AudienceOutOfReach, AudienceCannotSee."""
    if not rules.allows_recommending(by, work):
        raise PermissionDenied
    if not shared:
        raise NotShared
    source = _in_whose_name(by, organisation)
    if not seen_by_all(work, organisation):
        raise AudienceCannotSee(organisation.name)
    return source


def _same(work: Work, audience: Audience, by: User, said: str) -> Recommendation | None:
    """What the person has recommended so already. Raises AlreadyRecommended for another's, or in other words."""
    rows = Recommendation.objects.filter(work=work, audience__key=audience.key, withdrawn_at=None)
    known = rows.select_related("source").first()
    if known is not None and (known.by_id, known.words) != (by.pk, said):
        raise AlreadyRecommended(known.source.name)
    return known


def _trace(verb: str, row: Recommendation, by: User, **facts: Any) -> None:
    record(
        verb,
        actor=by,
        subject_type="library.work",
        subject_id=row.work.uuid,
        organisation_id=row.work.organisation_id,
        audience=str(row.audience),
        **facts,
    )
