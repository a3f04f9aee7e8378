"""Versions for what is derived from the database, out of the numbers that the messages have."""

from django.db import connection
from django.db.models import Max

from cms.outbox.models import Message


def version_of_now() -> int:
    """The version of what is read from now on: taken before the rows are read, so that a later change has a later one.

    Where transactions overtake each other, the highest number that is seen says nothing of a lower one that is still
    to come, and two workers could read the rows before and after it under one version: there each reading draws a
    number of its own from where the messages have theirs.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Message._meta.db_table])
            return int(cursor.fetchone()[0])
    return Message.objects.aggregate(last=Max("pk"))["last"] or 0
