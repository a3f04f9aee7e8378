"""Somebody signed in, and what a page costs them."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def signed_in(user: Any, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(user)
    return client


def queries_of(client: Client, address: str) -> int:
    """Queries of a page that has been asked for once."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
