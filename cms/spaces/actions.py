"""The writers of spaces: opening them, what they say of themselves, what they are interested in, whom they follow, what
they did with a delivery."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.audit.actions import record
from cms.library.models import Work
from cms.organisations.models import Organisation
from cms.people.enums import LEARNERS
from cms.people.models import Membership, TeachingProfile, User
from cms.people.queries import home_organisation, standing
from cms.spaces import rules
from cms.spaces.enums import SpaceKind
from cms.spaces.errors import (
    EmptyInterest,
    FollowingYourself,
    InterestMismatch,
    IntroductionTooLong,
    NotYourSpace,
    TooManyFollows,
    TooManyInterests,
)
from cms.spaces.models import (
    INTEREST_COLUMNS,
    MOST_INTRODUCED,
    Follow,
    Interest,
    Mark,
    ShelfItem,
    Space,
    SpaceInterest,
)
from cms.spaces.naming import name_of
from cms.spaces.profiles import MOST_WORDS, Word, canonical_words
from cms.spaces.signals import interests_changed, space_changed
from cms.spaces.unwanted import want_again
from cms.taxonomy.models import Grade, Stage, Subject

FACETS = tuple(f"{name}_id" for name in (*INTEREST_COLUMNS, "organisation"))
MOST_INTERESTS = 30  # of one space
MOST_FOLLOWS = 200  # of one space


@transaction.atomic(savepoint=False)
def ensure_personal_space(user: User) -> Space:
    """Everybody has one personal space (S2); made at first need, with the interests of the teaching profile."""
    space = Space.objects.filter(owner=user, kind=SpaceKind.PERSONAL).first()
    if space is not None:
        return space
    space, made = _opened(kind=SpaceKind.PERSONAL, owner=user, defaults=_place_of(user))
    if made:
        profile = TeachingProfile.objects.filter(user=user).first()
        if profile is not None:
            interest_from_profile(space, profile)
    return space


@transaction.atomic
def ensure_school_space(organisation: Organisation) -> Space:
    """A school's own space (S23)."""
    return _opened(kind=SpaceKind.SCHOOL, organisation=organisation)[0]


@transaction.atomic(savepoint=False)
def ensure_subject_space(organisation: Organisation, subject: Subject) -> Space:
    """The space of one subject of a school, named after the school (S21)."""
    return _opened(kind=SpaceKind.SUBJECT, organisation=organisation, subject=subject)[0]


def _opened(*, defaults: Mapping[str, Any] | None = None, **whose: Any) -> tuple[Space, bool]:
    name = name_of(Space(**whose))
    space, made = Space.objects.get_or_create(**whose, defaults={"name": name, **(defaults or {})})
    if made:
        space_changed.send(sender=Space, space=space)
    return space, made


@transaction.atomic
def introduce(space: Space, text: str, *, by: User) -> None:
    """The space says this of itself, on its page and where it is found; nothing when it is empty.

    text     plain, of several lines where they are wanted
    Raises   NotYourSpace, IntroductionTooLong
    Sends    space_changed when it is not what it was
    """
    _require_tending(space, by)
    said = "\n".join(line.rstrip() for line in text.splitlines()).strip()
    if len(said) > MOST_INTRODUCED:
        raise IntroductionTooLong(MOST_INTRODUCED)
    held = Space.objects.select_for_update(of=("self",), no_key=True).get(pk=space.pk)
    if held.introduction == said:
        return
    held.introduction = said
    held.save(update_fields=["introduction"])
    _note("space:introduce", held, by, introduction=said)
    space_changed.send(sender=Space, space=held)


def canonical_interest(**facets: int | None) -> Interest:
    """The one row for this set of facets (ids of stage, subject, grade, edition, organisation; absent: any)."""
    wanted = Interest(**{name: facets.get(name) for name in FACETS})
    return _the_one_row(wanted, wanted.profile.digest)


def interest_in(
    *,
    organisation: Organisation | None = None,
    filters: Mapping[str, Sequence[str]] | None = None,
    words: Sequence[Word] = (),
) -> Interest:
    """The one row for what a saved search asks: works of this organisation or below it, with any of the values for
    each facet, and all of the words (normalised), each in any of its spellings."""
    kept = {name: sorted(set(values)) for name, values in (filters or {}).items() if values}
    wanted = Interest(organisation=organisation, filters=kept, words=canonical_words(words)[:MOST_WORDS])
    return _the_one_row(wanted, wanted.profile.search_digest if kept else wanted.profile.digest)


def _the_one_row(wanted: Interest, digest: str) -> Interest:
    known = Interest.objects.filter(digest=digest).first()
    if known is not None and (known.unwanted_since is None or want_again(known)):
        return known
    wanted.file(digest)
    values = {field.attname: getattr(wanted, field.attname) for field in Interest._meta.concrete_fields[1:]}
    return Interest.objects.get_or_create(digest=digest, defaults=values)[0]


@transaction.atomic
def interest_from_profile(space: Space, profile: TeachingProfile) -> None:
    """The space is interested in what the teacher teaches, one interest a grade, instead of in what the profile said
    before; what was chosen by hand stays. A profile that says nothing means nothing, not everything.

    Sends   interests_changed when it is not what it was
    """
    held = Space.objects.select_for_update(of=("self",), no_key=True).get(pk=space.pk)
    wanted = _interests_of(profile)
    rows = SpaceInterest.objects.filter(space=held)
    stale = rows.filter(by_hand=False).exclude(interest__in=wanted)
    gone, _each = stale.delete()
    standing_ids = set(rows.values_list("interest", flat=True))
    added = [SpaceInterest(space=held, interest_id=pk) for pk in wanted if pk not in standing_ids]
    SpaceInterest.objects.bulk_create(added)
    if gone or added:
        _tell_of_interests(held, added=[row.interest_id for row in added])


def _interests_of(profile: TeachingProfile) -> list[int]:
    grades: Iterable[int | None] = list(profile.grades.values_list("pk", flat=True)) or [None]
    shared = {"stage_id": profile.stage_id, "subject_id": profile.subject_id, "edition_id": profile.edition_id}
    if not any(shared.values()) and not any(grades):
        return []
    return [canonical_interest(grade_id=grade, **shared).pk for grade in grades]


@transaction.atomic
def follow_memberships(user: User) -> None:
    """The person's space, when there is one, is at the school where they work now; that of somebody who is only
    a pupil or a parent, or was when they left, is nobody else's to see."""
    space = (
        Space.objects.select_for_update(of=("self",), no_key=True).filter(owner=user, kind=SpaceKind.PERSONAL).first()
    )
    if space is None:
        return
    now = _place_of(User.objects.get(pk=user.pk))  # read anew: what is kept on the object may be of before
    if any(getattr(space, name) != value for name, value in now.items()):
        for name, value in now.items():
            setattr(space, name, value)
        space.save(update_fields=list(now))
        space_changed.send(sender=Space, space=space)


def _place_of(user: User) -> dict[str, Any]:
    """What a personal space takes from its owner's memberships."""
    roles = {m.role for m in standing(user).memberships}
    if not roles:  # of who has left, whatever they were
        roles = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    return {
        "organisation": home_organisation(user),
        "is_private": bool(roles) and roles <= LEARNERS,
    }


@transaction.atomic
def add_interest(space: Space, *, by: User, **facets: int | None) -> Interest:
    """Works with these facets come into the inbox, those already shared too; a second time changes nothing.

    facets   ids of stage, subject, grade, edition, organisation (`stage_id=…`); absent: any
    Raises   NotYourSpace, EmptyInterest, InterestMismatch, TooManyInterests
    Sends    interests_changed
    """
    _require_tending(space, by)
    if not any(facets.get(name) for name in FACETS):
        raise EmptyInterest
    require_matching(facets)
    wanted = canonical_interest(**facets)
    take_interest(space, wanted, by=by)
    return wanted


@transaction.atomic
def take_interest(space: Space, wanted: Interest, *, by: User) -> None:
    """What meets it comes into the inbox, what is shared already too; a second time changes nothing.

    Raises   NotYourSpace, TooManyInterests
    Sends    interests_changed
    """
    _require_tending(space, by)
    held = Space.objects.select_for_update(of=("self",), no_key=True).get(pk=space.pk)
    known = SpaceInterest.objects.filter(space=held, interest=wanted).first()
    if known is not None:
        if not known.by_hand:  # from now on it stays, whatever the profile says
            known.by_hand = True
            known.save(update_fields=["by_hand"])
        return
    if held.interests.count() >= MOST_INTERESTS:
        raise TooManyInterests(MOST_INTERESTS)
    SpaceInterest.objects.create(space=held, interest=wanted, by_hand=True)
    _note("space:add_interest", held, by, interest=str(wanted))
    _tell_of_interests(held, added=[wanted.pk])


@transaction.atomic
def exchange_interest(space: Space, wanted: Interest, *, instead_of: Interest | None) -> None:
    """The space wants this, and no longer that. Nobody has done it, so nothing is logged. Sends interests_changed when
    it is not what it was."""
    held = Space.objects.select_for_update(of=("self",), no_key=True).get(pk=space.pk)
    rows = SpaceInterest.objects.filter(space=held)
    gone = rows.filter(interest=instead_of).delete()[0] if instead_of is not None else 0
    _row, added = rows.get_or_create(space=held, interest=wanted, defaults={"by_hand": True})
    if gone or added:
        _tell_of_interests(held, added=[wanted.pk] if added else [])


@transaction.atomic
def remove_interest(space: Space, interest: Interest, *, by: User) -> None:
    """Works come for it no longer; one that the space has not is no mistake.

    Raises   NotYourSpace
    Sends    interests_changed when it had it
    """
    _require_tending(space, by)
    if SpaceInterest.objects.filter(space=space, interest=interest).delete()[0]:
        _note("space:remove_interest", space, by, interest=str(interest))
        _tell_of_interests(space, added=[])


def _tell_of_interests(space: Space, *, added: Iterable[int]) -> None:
    """Those that no space had before are owed what was shared before: once, for each later share is matched with them,
    whoever has them then."""
    unknown = Interest.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=added, taken_up=False)
    begun = list(unknown.order_by("pk").values_list("pk", flat=True))
    Interest.objects.filter(pk__in=begun).update(taken_up=True)
    interests_changed.send(sender=Space, space=space, begun=begun)


def require_matching(facets: Mapping[str, int | None]) -> None:
    """Raises InterestMismatch for a grade or a subject that is not of the stage."""
    stage, grade, subject = facets.get("stage_id"), facets.get("grade_id"), facets.get("subject_id")
    if stage and grade and not Grade.objects.filter(pk=grade, stage=stage).exists():
        raise InterestMismatch
    if stage and subject and not Stage.objects.filter(pk=stage, subjects=subject).exists():
        raise InterestMismatch


@transaction.atomic
def follow(space: Space, *, by: User, author: User | None = None, followed: Space | None = None) -> Follow:
    """What this author, or that space, shares comes into the inbox; a second time changes nothing. To follow a
    person's own space is to follow the person.

    Raises   NotYourSpace, FollowingYourself, TooManyFollows
    """
    _require_tending(space, by)
    if followed is not None and followed.kind == SpaceKind.PERSONAL:
        author, followed = followed.owner, None
    if (author is not None and author.pk == space.owner_id) or (followed is not None and followed.pk == space.pk):
        raise FollowingYourself
    # `no_key`: of two spaces that follow each other neither waits for the other.
    held = Space.objects.select_for_update(of=("self",), no_key=True).get(pk=space.pk)
    known = Follow.objects.filter(space=held, author=author, followed=followed).first()
    if known is not None:
        return known
    if held.following.count() >= MOST_FOLLOWS:
        raise TooManyFollows(MOST_FOLLOWS)
    _note("space:follow", held, by, whom=str(author or followed))
    return Follow.objects.create(space=held, author=author, followed=followed)


@transaction.atomic
def unfollow(row: Follow, *, by: User) -> None:
    """No longer. Raises NotYourSpace."""
    _require_tending(row.space, by)
    if Follow.objects.filter(pk=row.pk).delete()[0]:
        _note("space:unfollow", row.space, by, whom=str(row.author or row.followed))


@transaction.atomic
def mark_opened(space: Space, work: Work, *, by: User) -> None:
    """The first opening of a delivered work is noted, and that it was seen. Raises NotYourSpace."""
    _require_tending(space, by)
    mark, _made = Mark.objects.get_or_create(space=space, work_id=work.pk)
    mark.seen_at = timezone.now()
    mark.opened_at = mark.opened_at or mark.seen_at
    mark.save(update_fields=["seen_at", "opened_at"])


@transaction.atomic
def set_hidden(space: Space, work: Work, *, by: User, hidden: bool) -> None:
    """The work leaves the inbox, or comes back. Raises NotYourSpace."""
    _require_tending(space, by)
    Mark.objects.update_or_create(
        space=space, work_id=work.pk, defaults={"hidden_at": timezone.now() if hidden else None}
    )


@transaction.atomic
def mark_seen(space: Space, works: Iterable[int], *, by: User) -> None:
    """These works (ids), a page of them, were shown and are no longer new; a row each. Raises NotYourSpace."""
    _require_tending(space, by)
    now = timezone.now()
    rows = [Mark(space=space, work_id=pk, seen_at=now) for pk in sorted(set(works))]
    Mark.objects.bulk_create(rows, update_conflicts=True, unique_fields=["space", "work"], update_fields=["seen_at"])


@transaction.atomic
def mark_inbox_seen(space: Space, *, by: User, until: datetime | None = None) -> None:
    """Everything delivered until then, until now when left out, is no longer new; an earlier moment than is noted
    changes nothing. Raises NotYourSpace."""
    _require_tending(space, by)
    now = timezone.now()
    moment = min(until or now, now)
    Space.objects.filter(pk=space.pk).exclude(inbox_seen_at__gte=moment).update(inbox_seen_at=moment)


def shelve(space: Space, work: Work, *, version: int, by: User) -> ShelfItem:
    """The live work stands on the shelf; called by the sharing room in the transaction of the adoption."""
    return ShelfItem.objects.get_or_create(
        space=space,
        work_id=work.pk,
        removed_at=None,
        defaults={"version": version, "title": work.title, "added_by": by},
    )[0]


def unshelve(space: Space, work: Work) -> None:
    """It stands there no longer; the row stays with the time."""
    ShelfItem.objects.filter(space=space, work_id=work.pk, removed_at=None).update(removed_at=timezone.now())


def _note(verb: str, space: Space, by: User, **facts: Any) -> None:
    """What is done with a space of several people leaves a trace; what somebody likes in their own does not."""
    if space.kind != SpaceKind.PERSONAL:
        record(
            verb,
            actor=by,
            subject_type="spaces.space",
            subject_id=space.uuid,
            organisation_id=space.organisation_id,
            **facts,
        )


def _require_tending(space: Space, by: User) -> None:
    if not rules.allows(by, "tend", space):
        raise NotYourSpace
