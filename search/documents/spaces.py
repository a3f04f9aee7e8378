"""Spaces as documents: of schools and of their subjects. Private ones are in no index, and personal ones are
found through their person, who agreed to it: else the name of a space would give away who did not."""

from django.db.models import QuerySet

from cms.spaces.enums import SpaceKind
from cms.spaces.models import Space
from search.documents.abouts import ABOUT, About
from search.engines.base import Document
from search.permission import MEMBERS

PREFIX = "space:"


def live() -> "QuerySet[Space]":
    """The spaces that belong in the index."""
    return Space.objects.filter(is_private=False).exclude(kind=SpaceKind.PERSONAL)


def documents_of(spaces: "QuerySet[Space]", version: int) -> list[Document]:
    """Documents of a batch, in one query."""
    return [_document(space, version) for space in spaces.select_related("organisation", "subject")]


def _document(space: Space, version: int) -> Document:
    rows = [row for row in (space.organisation, space.subject) if row is not None]
    facets = {ABOUT: [About.SPACE.value], "space": [space.kind]}
    for name in ("organisation", "subject"):
        pk = getattr(space, f"{name}_id")
        if pk is not None:
            facets[name] = [str(pk)]
    if space.organisation is not None:
        facets["place"] = space.organisation.ancestor_paths
        if space.organisation.sector:
            facets["sector"] = [space.organisation.sector]
    return Document(
        id=f"{PREFIX}{space.pk}",
        version=version,
        title=space.name,
        keywords=" ".join([*(row.name for row in rows), space.get_kind_display()]),
        summary=space.introduction,
        facets=facets,
        acl=[MEMBERS],
        published=space.created_at,
    )
