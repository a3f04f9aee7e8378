"""What one index is made of: fields, settings, and the names under which indexes are pointed to.

Facets are fields of their own under `facets`, made when the first value comes; everything else is fixed, and a field
that is not here is refused. Text is not kept, only found: rows and highlights come from the database.
A deleted document stays as a tombstone without permission tokens: nobody finds it, and its version holds off late
writes also after the minute for which the server itself remembers what was deleted.
"""

import hashlib
import re
from typing import Any

from elasticsearch.dsl import Keyword, Long, Mapping, Object, Text

from search.engines.elasticsearch.options import Options
from search.engines.elasticsearch.tokens import SIGNATURE
from search.ranking import FIELDS

LAYOUT = 2  # of these fields, and of what every document carries (2: `about`)
MARK = hashlib.sha256(f"{LAYOUT}/{SIGNATURE}".encode()).hexdigest()[:8]  # part of the name of every index

MOST_FIELDS = 200
REFRESH = "1s"  # set, not left out: else the server stops refreshing an index that nobody asks for a while
PLAIN = re.compile(r"[a-z][a-z_0-9]{0,40}")


def facet_field(name: str) -> str:
    """The field of a facet; a name that is no plain word gets a field that no plain word has."""
    if PLAIN.fullmatch(name):
        return f"facets.{name}"
    return f"facets.0{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:16]}"


def mappings() -> dict[str, Any]:
    """The fields of an index of works."""
    made = Mapping()
    made.meta("dynamic", "strict")
    made.meta("date_detection", False)
    made.meta("_source", excludes=list(FIELDS))
    made.meta("_meta", complete=False)
    for name in FIELDS:
        made.field(name, Text(analyzer="whitespace", index_phrases=True))
    made.field("id", Keyword())
    made.field("shown", Keyword())  # the title as it is displayed
    made.field("length", Long(index=False))  # of that title
    made.field("facets", Object(dynamic=True))
    made.field("acl", Keyword())
    made.field("adoptions", Long())
    made.field("published", Long())  # seconds since 1970, UTC
    made.field("gone", Long())  # when it was deleted; only on tombstones
    found: dict[str, Any] = made.to_dict()
    found["dynamic_templates"] = [{"facet": {"path_match": "facets.*", "mapping": {"type": "keyword"}}}]
    return found


def settings(options: Options, *, filling: bool) -> dict[str, Any]:
    """Settings of a new index; one that is being filled has no copies and shows nothing until it is whole."""
    return {
        "number_of_shards": options.shards,
        "mapping.total_fields.limit": MOST_FIELDS,
        **(in_filling() if filling else in_use(options)),
    }


def in_filling() -> dict[str, Any]:
    return {"auto_expand_replicas": False, "number_of_replicas": 0, "refresh_interval": "-1"}


def in_use(options: Options) -> dict[str, Any]:
    """As many copies as there are nodes for, at most `replicas`: a single node is healthy too."""
    return {"auto_expand_replicas": f"0-{options.replicas}", "refresh_interval": REFRESH}
