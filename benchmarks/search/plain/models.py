"""A work as Wagtail's search indexes it: the fields that ours indexes, with the same weights."""

from django.db import models
from wagtail.search import index


class PlainWork(index.Indexed, models.Model):
    title = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)

    search_fields = [
        index.SearchField("title", boost=10),
        index.SearchField("summary", boost=2),
        index.SearchField("body"),
    ]

    class Meta:
        app_label = "plain"

    def __str__(self) -> str:
        return self.title
