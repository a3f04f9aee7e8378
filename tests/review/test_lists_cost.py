"""Lists begin at a person's own rows, or at what waits; they do not go through every work and submission."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.library import rules as library_rules
from cms.library.models import Work
from cms.people.queries import standing
from tests.factories import Province
from tests.review.states import cast, in_state
from workflows.points.actions import reverse_cause
from workflows.review.enums import State
from workflows.review.queries import SEALED, own_submissions, worklist

pytestmark = pytest.mark.django_db


TABLES = {"library_work", "review_submission"}
OPEN_ONES = "submission_not_closed"  # an index of the few


def gone_through(rows: Any) -> set[str]:
    """Of works and submissions: the tables that the database would read row by row. Of SQLite, whose plan is told by
    the statement; PostgreSQL's depends on the few rows of the moment."""
    if connection.vendor != "sqlite":
        return set()
    sql, params = rows.order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        scanned = [row[3] for row in cursor.fetchall() if row[3].startswith("SCAN ") and OPEN_ONES not in row[3]]
        return {step.split()[1] for step in scanned} & TABLES


def test_own_works_and_submissions_are_found_from_their_author(place: Province) -> None:
    people = cast(place)
    in_state(place, people, State.PUBLISHED)
    for who in (people.author, people.coauthor):
        written = Work.objects.filter(library_rules.author.q(standing(who)))
        assert (written.count(), own_submissions(who).count()) == (1, 1)
        assert gone_through(written) == set()
        assert gone_through(own_submissions(who)) == set()


def test_who_writes_and_owns_a_work_finds_it_once(place: Province) -> None:
    people = cast(place)
    work = in_state(place, people, State.PUBLISHED).work
    work.coauthors.create(user=people.author)
    assert list(Work.objects.filter(library_rules.author.q(standing(people.author)))) == [work]
    assert own_submissions(people.author).count() == 1


def test_what_waits_is_found_among_what_is_under_review(place: Province) -> None:
    people = cast(place)
    in_state(place, people, State.SCHOOL_REVIEW)
    for who in (people.reviewer, people.manager):
        assert gone_through(worklist(who)) == set()


def test_seals_are_found_by_their_works() -> None:
    """Twenty works stand on a page, a million are published: an index by state alone must not look the shorter way."""
    if connection.vendor != "sqlite":
        return
    statement = SEALED.statement(connection.vendor, 20)
    assert statement is not None
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.written}", statement.params)
        plan = [row[3] for row in cursor.fetchall() if row[3].startswith("SEARCH review_submission")]
    assert [step for step in plan if "(work_id=?)" in step] == plan != []


def test_points_of_a_cause_are_found_by_it() -> None:
    with CaptureQueriesContext(connection) as captured:
        reverse_cause("share", "1", why="收回")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        asked, _by, _order = captured[0]["sql"].partition(" ORDER BY ")  # a table of no rows is read in its order
        cursor.execute(f"EXPLAIN {'' if connection.vendor == 'postgresql' else 'QUERY PLAN'} {asked}")
        assert "entry_by_cause" in str(cursor.fetchall())
