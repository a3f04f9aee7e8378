"""Names of what a version's JSON mentions by id: rows of the curriculum, files, tags, words of choices."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from cms.library.enums import Licence, OutcomeType, PartRole, ResourceType, Source
from cms.library.models import KINDS, CasePart, Lesson, StoredFile, Work
from cms.taxonomy.models import Chapter, Edition, Grade, KnowledgePoint, Library, Stage, Subject, Tag, Textbook
from workflows.review.differences import Content, NameOf, named

ROWS: dict[str, type[models.Model]] = {
    "stage": Stage,
    "subject": Subject,
    "grade": Grade,
    "edition": Edition,
    "textbook": Textbook,
    "chapter": Chapter,
    "library": Library,
    "knowledge": KnowledgePoint,
    "tags": Tag,
    "cover": StoredFile,
    "video": StoredFile,
    "captions": StoredFile,
    "files": StoredFile,
    "attachments": StoredFile,
}
CHOICES: dict[str, type[models.TextChoices]] = {
    "licence": Licence,
    "source": Source,
    "resource_type": ResourceType,
    "outcome_type": OutcomeType,
    "role": PartRole,
}


def names_for(contents: Iterable[Content]) -> NameOf:
    """A `name_of` for these contents: one query for each table they mention, whatever the number of rows."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for name, ids in named(contents).items():
        if name in ROWS and ids:
            wanted.setdefault(ROWS[name], set()).update(ids)
    known = {
        model: {row.pk: str(row) for row in model._default_manager.filter(pk__in=ids)} for model, ids in wanted.items()
    }

    def name_of(name: str, value: Any) -> str:
        if name in ROWS:
            return known.get(ROWS[name], {}).get(value) or _("（已不存在）")
        if name in CHOICES:
            return str(dict(CHOICES[name].choices).get(value, value))
        if name == "authorship_stated":
            return _("已声明")
        if name == "minutes":
            return _("%s 分钟") % value
        return str(value)

    return name_of


def label_of(name: str, relation: str = "") -> str:
    """What the form calls a field, of the work or of its `lessons` or `parts`."""
    children: dict[str, type[models.Model]] = {"lessons": Lesson, "parts": CasePart}
    candidates: list[type[models.Model]] = [children[relation]] if relation in children else [Work, *KINDS.values()]
    for model in candidates:
        if name in {field.name for field in model._meta.get_fields()}:
            return str(getattr(model._meta.get_field(name), "verbose_name", name))
    return name
