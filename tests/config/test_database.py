"""How the database of DATABASE_URL is spoken to."""

import pytest
from django.db import connection

from cms.config.settings.base import database


def test_postgresql_compiles_no_statement_unless_the_address_says_so() -> None:
    """It takes longer than any of ours runs."""
    said = [database(f"postgres://u:p@h/n{more}")["OPTIONS"]["options"] for more in ("", "?options=-c%20jit%3Don")]
    assert said == ["-c jit=off", "-c jit=off -c jit=on"]  # PostgreSQL takes the last


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL compiles statements")
def test_connection_compiles_no_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
