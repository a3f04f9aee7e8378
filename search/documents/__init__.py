"""What can be found, as documents of the index, built in batches with a fixed number of queries.

`abouts` names the kinds and their facets; `works`, `spaces`, `people` build them; `sources` walks all three.
"""

from search.documents.abouts import ABOUT, CHIPS_OF, FACETS, FACETS_OF, FILTERS, FILTERS_OF, About, about_of
from search.documents.sources import BATCH, by_source, every_document, every_id, how_many, id_of, ops_for
from search.documents.works import TYPES, document_of, documents_of, live, plain, text_of

__all__ = [
    "ABOUT",
    "BATCH",
    "CHIPS_OF",
    "FACETS",
    "FACETS_OF",
    "FILTERS",
    "FILTERS_OF",
    "TYPES",
    "About",
    "about_of",
    "by_source",
    "document_of",
    "documents_of",
    "every_document",
    "every_id",
    "how_many",
    "id_of",
    "live",
    "ops_for",
    "plain",
    "text_of",
]
