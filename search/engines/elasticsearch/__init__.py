"""The engine for a server or a cluster of Elasticsearch."""

from search.engines.elasticsearch.engine import ElasticsearchEngine

__all__ = ["ElasticsearchEngine"]
