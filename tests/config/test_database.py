"""How the database of DATABASE_URL is spoken to."""

import socket
import time

import psycopg
import pytest
from django.db import connection

from cms.config.settings.base import DATABASE_PATIENCE, database


def test_postgresql_compiles_no_statement_unless_the_address_says_so() -> None:
    """It takes longer than any of ours runs."""
    said = [database(f"postgres://u:p@h/n{more}")["OPTIONS"]["options"] for more in ("", "?options=-c%20jit%3Don")]
    assert said == ["-c jit=off", "-c jit=off -c jit=on"]  # PostgreSQL takes the last


def test_host_that_says_nothing_is_given_up() -> None:
    """Or each request holds a thread for as long as the network pleases, and /healthz has none."""
    assert database("postgres://u:p@h/n")["OPTIONS"]["connect_timeout"] == DATABASE_PATIENCE
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgres://u:p@127.0.0.1:{silent.getsockname()[1]}/n?connect_timeout=2"
        options = database(address)["OPTIONS"]
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=silent.getsockname()[1], **options)
        assert time.monotonic() - began < DATABASE_PATIENCE


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL compiles statements")
def test_connection_compiles_no_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
