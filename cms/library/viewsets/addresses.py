"""Addresses of the workbench's pages of a work, for whoever links there."""

from typing import Any

from django.urls import reverse

from cms.library.models import KINDS, Work


def viewset_of(kind: type[Work]) -> Any:
    """The viewset that Wagtail keeps on the model when it is registered."""
    return kind.snippet_viewset  # type: ignore[attr-defined]


def page_of(work: Work, name: str, *args: Any) -> str:
    """The address of one view of this work, a bare `Work` or its kind: "edit", "history" …"""
    address: str = reverse(viewset_of(KINDS[work.kind]).get_url_name(name), args=(work.pk, *args))
    return address


def list_of(kind: type[Work], name: str = "list") -> str:
    """The address of the list of a kind, or of its form for a new one ("add")."""
    address: str = reverse(viewset_of(kind).get_url_name(name))
    return address
