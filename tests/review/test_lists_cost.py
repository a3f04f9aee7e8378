"""Lists begin at a person's own rows, or at what waits; they do not go through every work and submission."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from cms.library import rules as library_rules
from cms.library.models import Work
from cms.people.queries import standing
from tests.factories import Province
from tests.review.states import cast, in_state
from workflows.points.models import Entry
from workflows.review.enums import State
from workflows.review.queries import own_submissions, worklist

pytestmark = pytest.mark.django_db


TABLES = {"library_work", "review_submission"}


def gone_through(rows: Any) -> set[str]:
    """Of works and submissions: the tables that the database would read row by row."""
    plan = plan_of(rows)
    if connection.vendor == "sqlite":
        return {row.split()[1] for row in plan if row.startswith("SCAN ")} & TABLES
    return {node["Relation Name"] for node in nodes(plan) if reads_all(node)} & TABLES


def plan_of(rows: Any) -> Any:
    sql, params = rows.order_by().query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return [row[3] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = off")  # of few rows it would rather read them all
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        return cursor.fetchone()[0][0]["Plan"]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def reads_all(node: dict[str, Any]) -> bool:
    return "Relation Name" in node and not {"Index Cond", "Recheck Cond"} & set(node)


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


def test_points_of_a_cause_are_found_by_it() -> None:
    assert "entry_by_cause" in str(plan_of(Entry.objects.filter(cause_type="share", cause_id="1", reverses=None)))
