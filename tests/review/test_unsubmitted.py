"""What an author writes after a work was sealed is for its authors and their administrators alone, in every state; who
reviews it, or once did, reads what was submitted."""

from typing import Any

import pytest
from django.test import Client

from cms.library import rules as library_rules
from cms.library.actions.authoring import save_draft
from cms.library.file_access import may_open
from cms.library.models import Resource, StoredFile, Work
from cms.library.viewsets.addresses import list_of, page_of
from tests import factories
from tests.api.test_chain_over_api import Caller
from tests.browsing import queries_of, signed_in
from tests.factories import Province
from tests.review.states import Cast, cast, in_state
from tests.review.test_rules import expected
from workflows.review.enums import State
from workflows.review.models import Submission

pytestmark = pytest.mark.django_db

WRITTEN = (State.DRAFT, State.WITHDRAWN, State.REJECTED, State.PUBLISHED, State.SHARED, State.SUPERSEDED)
"""States in which the author may write on."""

NEW = "还没有提交的新标题"
DRAFTERS = {"author", "coauthor", "mighty", "administrator of the school", "administrator of the province"}


def written_on(place: Province, state: State) -> tuple[Cast, Submission, StoredFile]:
    """The author has saved another draft with a file, and submitted nothing."""
    people = cast(place)
    submission = in_state(place, people, state)
    draft: Any = Work.objects.get(pk=submission.work_id).specific.get_latest_revision_as_object()
    added = factories.stored_file(people.author)
    draft.title, draft.files = NEW, [*draft.files.all(), added]
    save_draft(draft, by=people.author)
    return people, Submission.objects.get(pk=submission.pk), added


def readers(state: State) -> set[str]:
    """Who reads the submission and did not write it."""
    return expected("read", state) - DRAFTERS


@pytest.mark.parametrize("state", WRITTEN)
def test_draft_is_for_its_authors_and_list_agrees_with_check(place: Province, state: State) -> None:
    people, submission, added = written_on(place, state)
    wrong = []
    for name, user in people.everybody().items():
        work = Work.objects.get(pk=submission.work_id)
        one = library_rules.allows(user, "draft", work)
        listed = Work.objects.filter(library_rules.as_q(user, "draft"), pk=work.pk).exists()
        if not one == listed == may_open(user, added) == (name in DRAFTERS):
            wrong.append((name, one, listed))
    assert wrong == []


@pytest.mark.parametrize("state", WRITTEN)
def test_reviewers_read_what_was_submitted_last(place: Province, state: State) -> None:
    people, submission, added = written_on(place, state)
    work, everybody = submission.work, people.everybody()
    sealed = work.seals.latest("pk").revision
    old = sealed.object_str
    assert readers(state)
    for name in sorted(readers(state)):
        user: Any = everybody[name]
        caller, client = Caller(user), signed_in(user)
        told = caller.get(f"/works/{work.uuid}?draft=true").json()
        assert (told["title"], told["revision"]) == (old, sealed.pk), name
        assert added.pk not in told["files"], name
        assert caller.get(f"/submissions/{submission.uuid}").json()["title"] == old, name
        assert caller.send("patch", f"/works/{work.uuid}", {"title": "改"}).status_code == 403, name
        _workbench_shows(client, work, old, sealed.pk, name)
        page = client.get(f"/review/history/{work.uuid}/")
        assert page.status_code == 200
        assert NEW not in page.content.decode(), name
    told = Caller(people.author).get(f"/works/{work.uuid}?draft=true").json()
    assert told["title"] == NEW
    assert added.pk in told["files"]


def _workbench_shows(client: Client, work: Work, old: str, sealed: int, name: str) -> None:
    newest = Work.objects.get(pk=work.pk).latest_revision_id
    listed = client.get(list_of(Resource)).content.decode()
    assert old in listed, name
    assert page_of(work, "revisions_view", sealed) in listed, name
    assert page_of(work, "revisions_view", newest) not in listed, name
    found = client.get(list_of(Resource), {"q": NEW}).content.decode()
    assert page_of(work, "revisions_view", sealed) not in found, name
    history = client.get(page_of(work, "history")).content.decode()
    assert f"/{newest}/" not in history, name
    assert client.get(page_of(work, "revisions_view", sealed)).status_code == 200, name
    assert client.get(page_of(work, "revisions_view", newest)).status_code == 404, name
    for first, second in ((sealed, newest), (newest, "latest")):
        assert client.get(page_of(work, "revisions_compare", first, second)).status_code == 404, name
    live = client.get(page_of(work, "revisions_compare", "live", "latest"))
    assert live.status_code == (200 if work.live else 404), name
    compared = client.get(page_of(work, "revisions_compare", "earliest", "latest"))
    assert compared.status_code == 200, name
    for page in (listed, history, compared.content.decode(), live.content.decode()):
        assert NEW not in page, name


@pytest.mark.parametrize("name", ["author", "administrator of the school"])
def test_authors_and_their_administrators_find_the_draft(place: Province, name: str) -> None:
    people, submission, _added = written_on(place, State.PUBLISHED)
    work, client = Work.objects.get(pk=submission.work_id), signed_in(people.everybody()[name])
    for page in (list_of(Resource), page_of(work, "history")):
        assert NEW in client.get(page).content.decode()
    assert client.get(page_of(work, "revisions_view", work.latest_revision_id)).status_code == 200


def test_list_of_works_costs_the_same_with_drafts_that_are_closed(place: Province) -> None:
    people, _submission, _added = written_on(place, State.DRAFT)
    client, counts = signed_in(people.reviewer), []
    for more in (0, 2):
        for _number in range(more):
            other = in_state(place, people, State.DRAFT)
            draft: Any = Work.objects.get(pk=other.work_id).specific.get_latest_revision_as_object()
            draft.title = NEW
            save_draft(draft, by=people.author)
        counts.append(queries_of(client, list_of(Resource)))
    assert counts[0] == counts[1]
