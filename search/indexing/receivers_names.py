"""What makes documents follow a name: of an organisation, of the curriculum, of a tag."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_save, pre_save

from cms.audit.changes import differs
from cms.organisations.models import Organisation
from cms.taxonomy.models import Chapter, Edition, Grade, KnowledgePoint, Stage, Subject, Tag, Textbook
from search.indexing import renaming

NAMED: Mapping[type[Model], tuple[str, ...]] = {
    Organisation: ("name", "sector"),
    Stage: ("name", "sector"),
    Grade: ("name",),
    Subject: ("name",),
    Edition: ("name",),
    Textbook: ("title", "volume"),
    Chapter: ("name", "parent_id"),
    KnowledgePoint: ("name",),
    Tag: ("name",),
}
"""Tables -> what of their rows stands in documents."""


def compare(sender: Any, instance: Model, raw: bool = False, **kwargs: Any) -> None:
    """Whether a name changes is known before it is written; most changes of the curriculum are of order or use."""
    instance.__dict__["_renamed"] = not raw and differs(instance, *NAMED[sender])  # read below


def look_where_it_stands(sender: Any, instance: Model, **kwargs: Any) -> None:
    if instance.__dict__.pop("_renamed", False):
        renaming.queue(str(sender._meta.model_name), instance.pk)


for model in NAMED:
    pre_save.connect(compare, sender=model)
    post_save.connect(look_where_it_stands, sender=model)
