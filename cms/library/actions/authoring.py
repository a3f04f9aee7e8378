"""Begin a work, change it, share its writing, remove a draft that was never sealed."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Revision

from cms.audit.actions import record
from cms.library import rules
from cms.library.errors import WorkLocked
from cms.library.html import clean_rich_text
from cms.library.models import Coauthor, Work
from cms.library.signals import visibility_changed
from cms.notices.actions import News, take_back, tell
from cms.notices.enums import Topic
from cms.people.models import User
from cms.people.queries import home_organisation

SET_HERE = ("content_type", "uuid", "owner", "organisation")
"""Fields of a new work that nobody fills in: asking the database whether their values exist says nothing."""


def begin(work: Work, *, by: User) -> Work:
    """The unsaved work belongs to `by` and the person's home organisation. Raises PermissionDenied when `by` begins
    no works anywhere."""
    organisation = home_organisation(by)
    if not rules.may_create(by) or organisation is None:
        raise PermissionDenied
    work.owner = by
    work.organisation = organisation
    return work


def hold_for_writing(work: Work, *, by: User) -> Work:
    """The row as it is now, locked until the transaction ends, and still open to `by`'s changes.

    Raises   PermissionDenied; WorkLocked while the work is under review
    """
    held = Work.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=work.pk)
    if not rules.allows(by, "change", held):
        raise PermissionDenied
    if held.locked:
        raise WorkLocked
    return held


@transaction.atomic
def create_work(work: Work, *, by: User) -> Work:
    """Store a new draft of `by` with its first revision and a line in its history; the organisation is the person's.

    work     an unsaved instance of a kind, children and all
    Raises   PermissionDenied when `by` begins no works anywhere; ValidationError
    """
    begin(work, by=by)
    work.full_clean(exclude=SET_HERE)
    work.save()
    work.save_revision(user=by, clean=False, log_action="wagtail.create")
    return work


@transaction.atomic
def save_draft(work: Work, *, by: User, clean: bool = True) -> Revision:
    """Write what stands on this instance as a new revision, with a line in its history. The live version stays; of a
    work that is not live the row is written too, as the form does: lists and searches of drafts read the row.

    Raises   PermissionDenied; WorkLocked while the work is under review; ValidationError
    """
    held = hold_for_writing(work, by=by)
    if clean:
        work.full_clean()
    if not held.live:
        # The instance may be of an hour ago: but for its content, the row stays as it is.
        work = held.specific.with_content_json(work.serializable_data())
        clean_rich_text(work)
        work.save()
    return work.save_revision(user=by, clean=False, log_action=True)


@transaction.atomic
def add_coauthor(work: Work, user: User, *, by: User) -> None:
    """`user` writes the work together with its owner from now on, and is told. Raises PermissionDenied unless `by` owns
    it; WorkLocked while the work is under review: who wrote it decides who may judge it. Sends visibility_changed"""
    hold_for_writing(work, by=by)
    if work.owner_id != by.pk or user.pk == by.pk:
        raise PermissionDenied
    coauthor, added = Coauthor.objects.get_or_create(work=work, user=user)
    if added:
        tell(_of_writing(work, user, by, key=f"coauthor:{coauthor.pk}"))
        _trace(work, "work:add_coauthor", by, person=user.name)
        visibility_changed.send(sender=Work, work=work)


@transaction.atomic
def remove_coauthor(work: Work, user: User, *, by: User) -> None:
    """`user` no longer writes the work, and is told where he knew that he did. The owner removes anybody, a co-author
    removes himself. Raises PermissionDenied; WorkLocked while the work is under review. Sends visibility_changed"""
    hold_for_writing(work, by=by)
    if by.pk not in (work.owner_id, user.pk):
        raise PermissionDenied
    coauthor = Coauthor.objects.filter(work=work, user=user).first()
    if coauthor is not None:
        key = f"coauthor:{coauthor.pk}:removed"
        coauthor.delete()
        heard = not take_back(Topic.MY_WORK, coauthors_of(work), Q(recipient=user))
        if heard and user.pk != by.pk:
            tell(_of_writing_no_more(work, user, by, key=key))
        _trace(work, "work:remove_coauthor", by, person=user.name)
        visibility_changed.send(sender=Work, work=work)


@transaction.atomic
def delete_draft(work: Work, *, by: User) -> None:
    """Remove a work that was never submitted. Raises PermissionDenied otherwise: what was sealed stays, also what is
    submitted in this moment."""
    held = Work.objects.select_for_update(of=("self",)).filter(pk=work.pk).first()
    if held is None or not rules.allows(by, "delete", held):
        raise PermissionDenied
    _trace(held, "work:delete", by, title=held.title)
    held.specific.delete()


def coauthors_of(work: Work) -> str:
    """The page on which a co-author sees who writes the work, and steps back."""
    return reverse("work_coauthors", args=[work.pk])


def _of_writing(work: Work, user: User, by: User, *, key: str) -> Iterator[News]:
    facts = {"author": by.name, "title": work.title_inside[:120]}
    text = _("%(author)s把您列为《%(title)s》的合作者。没有参与的话，可以在这里退出。") % facts
    yield News([user], Topic.MY_WORK, text, coauthors_of(work), key)


def _of_writing_no_more(work: Work, user: User, by: User, *, key: str) -> Iterator[News]:
    facts = {"author": by.name, "title": work.title_inside[:120]}
    text = _("%(author)s已把您从《%(title)s》的合作者中移除。") % facts
    yield News([user], Topic.MY_WORK, text, reverse("wagtailadmin_home"), key)


def _trace(work: Work, verb: str, by: User, **data: Any) -> None:
    record(
        verb, actor=by, subject_type="library.work", subject_id=work.uuid, organisation_id=work.organisation_id, **data
    )
