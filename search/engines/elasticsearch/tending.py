"""Idle time: tombstones so old that no late write can come any more are taken away."""

import time
from typing import Any

from elasticsearch import Elasticsearch

from search.engines.limits import REMEMBERED

SOME = 500  # at a time


def bury(client: Elasticsearch, index: str, *, seconds: float) -> bool:
    """Tombstones older than REMEMBERED are gone, as many as fit into `seconds`; True when there are more."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        query = {"range": {"gone": {"lt": int(time.time()) - REMEMBERED}}}
        found = client.search(index=index, query=query, size=SOME, source=False, version=True)["hits"]["hits"]
        if not found:
            return False
        steps: list[dict[str, Any]] = [
            # Its own version: a document that was written anew meanwhile has a later one and stays.
            {"delete": {"_id": hit["_id"], "version": hit["_version"], "version_type": "external_gte"}}
            for hit in found
        ]
        client.bulk(index=index, operations=steps, require_alias=True, refresh=True)
    return True
