"""Database triggers, the lock behind the model's own.

Django's table remake on SQLite drops triggers, so they are made in `post_migrate` (idempotently), not in a migration,
and `check_triggers` looks for them at start.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, connection, connections


@dataclass(frozen=True)
class Trigger:
    """One trigger that aborts a statement.

    when       "BEFORE UPDATE" or "BEFORE INSERT OR UPDATE OF live, live_revision_id": the events, in PostgreSQL's words
    condition  SQL over NEW and OLD that must hold for the abort; empty: always. No subquery limits on either database.
    message    what the database error says
    """

    name: str
    table: str
    when: str
    condition: str
    message: str


_registry: list[Callable[[], Iterable[Trigger]]] = []


def register(source: Callable[[], Iterable[Trigger]]) -> None:
    """Have `source`'s triggers installed after every migrate. Called from a room's `AppConfig.ready`."""
    _registry.append(source)


def all_triggers() -> list[Trigger]:
    return [trigger for source in _registry for trigger in source()]


def install(using: str = "default") -> None:
    """Make every registered trigger whose table exists; those that stand already are made anew."""
    tables = set(connections[using].introspection.table_names())
    for trigger in all_triggers():
        if trigger.table in tables:
            _create(trigger, using)


def drop(using: str = "default") -> None:
    """Remove every registered trigger. For tests that empty tables; never called by the product."""
    tables = set(connections[using].introspection.table_names())
    with connections[using].cursor() as cursor:
        for trigger in all_triggers():
            if trigger.table in tables:
                for statement in _drop_statements(trigger, connections[using].vendor):
                    cursor.execute(statement)


def installed(using: str = "default") -> set[str]:
    """Names of ours that the database holds."""
    with connections[using].cursor() as cursor:
        if connections[using].vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        found = {row[0] for row in cursor.fetchall()}
    if connections[using].vendor == "postgresql":
        return found
    return {name.removesuffix("__insert").removesuffix("__update").removesuffix("__delete") for name in found}


def check_triggers(app_configs: object, databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """System check (`manage.py check --database default`): every trigger stands where its table does."""
    if not databases:
        return []
    try:
        tables = set(connection.introspection.table_names())
        standing = installed()
        missing = [t.name for t in all_triggers() if t.table in tables and t.name not in standing]
    except DatabaseError:
        return []
    return [
        Error(f"database trigger {name} is missing", hint="Run manage.py migrate.", id="audit.E001") for name in missing
    ]


def _events(trigger: Trigger) -> list[tuple[str, str]]:
    """(event key, SQLite clause) of each event: SQLite has one event a trigger."""
    timing, events = trigger.when.split(" ", 1)
    return [(event.split(" ")[0].lower(), f"{timing} {event}") for event in events.split(" OR ")]


def _drop_statements(trigger: Trigger, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [f'DROP TRIGGER IF EXISTS "{trigger.name}" ON "{trigger.table}"']
    return [f'DROP TRIGGER IF EXISTS "{trigger.name}__{event}"' for event, _clause in _events(trigger)]


def _create(trigger: Trigger, using: str) -> None:
    vendor = connections[using].vendor
    message = trigger.message.replace("'", "''")
    with connections[using].cursor() as cursor:
        for statement in _drop_statements(trigger, vendor):
            cursor.execute(statement)
        if vendor == "postgresql":
            body = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
            if trigger.condition:
                body = f"IF {trigger.condition} THEN {body} END IF;"
            returned = "OLD" if trigger.when.endswith("DELETE") else "NEW"
            cursor.execute(
                f'CREATE OR REPLACE FUNCTION "{trigger.name}_fn"() RETURNS trigger AS $$ '
                f"BEGIN {body} RETURN {returned}; END $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f'CREATE TRIGGER "{trigger.name}" {trigger.when} ON "{trigger.table}" '
                f'FOR EACH ROW EXECUTE FUNCTION "{trigger.name}_fn"()'
            )
            return
        condition = f"WHEN {trigger.condition}" if trigger.condition else ""
        for event, clause in _events(trigger):
            cursor.execute(
                f'CREATE TRIGGER "{trigger.name}__{event}" {clause} ON "{trigger.table}" {condition} '
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
