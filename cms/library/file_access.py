"""Who may open a stored file: whoever uploaded it, or may see a version of a work that names it. As with the works, who
reads through review sees those that were sealed."""

from collections.abc import Callable

from django.db.models import Exists, F, OuterRef, Q

from cms.library import rules
from cms.library.models import RevisionFile, Seal, StoredFile, Work
from cms.people.queries import Anybody, Standing, standing

_readers: list[Callable[[Standing, list[int]], bool]] = []


def add_file_reader(reader: Callable[[Standing, list[int]], bool]) -> None:
    """Let a higher room open files: it is given ids of revisions that name the file (a trial shows a sealed one)."""
    if reader not in _readers:
        _readers.append(reader)


def may_open(user: Anybody, stored: StoredFile) -> bool:
    """The rule, in at most three queries; the commonest answer (a live version names it) comes first."""
    if user.pk is not None and stored.uploaded_by_id == user.pk:
        return True
    naming = RevisionFile.objects.filter(file=stored)
    live = naming.filter(revision_id=F("work__live_revision_id"))
    if Work.objects.filter(rules.as_q(user, "view"), pk__in=live.values("work")).exists():
        return True
    who = standing(user)
    if not who.memberships:
        return False
    sealed = naming.filter(Exists(Seal.objects.filter(revision=OuterRef("revision"))))
    drafted = rules.as_q(user, "draft") & Q(pk__in=naming.values("work"))
    if Work.objects.filter(drafted | (rules.as_q(user, "read") & Q(pk__in=sealed.values("work")))).exists():
        return True
    revisions = list(naming.values_list("revision_id", flat=True))
    return any(reader(who, revisions) for reader in _readers)


def usable_files(user: Anybody, work: Work | None) -> set[int]:
    """Ids a form of this person may put into this work: own uploads, and what its revisions name already."""
    own = set(StoredFile.objects.filter(uploaded_by=user.pk).values_list("pk", flat=True)) if user.pk else set()
    if work is None or work.pk is None:
        return own
    return own | set(RevisionFile.objects.filter(work=work.pk).values_list("file_id", flat=True))
