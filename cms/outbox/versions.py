"""Versions for what is derived from the database, out of the numbers that the messages have."""

from django.db import connection, transaction

from cms.outbox.models import Message

TABLE = Message._meta.db_table


def version_of_now() -> int:
    """The version of what is read from now on: taken before the rows are read, so that a later change has a later one.

    Each reading draws a number of its own from where the messages have theirs. The highest one that is seen would not
    do: transactions overtake each other, what is owed already is not owed again, and so two workers could read the
    rows before and after a change under one version.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [TABLE])
        else:  # SQLite has a row of its own where PostgreSQL has a sequence, from the first message on
            cursor.execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = %s", [TABLE])
            if not cursor.rowcount:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, 1)", [TABLE])
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [TABLE])
        return int(cursor.fetchone()[0])
