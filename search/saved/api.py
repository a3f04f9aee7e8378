"""A person's saved searches over the JSON API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from cms.people.schemas import Problem
from cms.people.tokens import TokenAuth, person
from search.models import SavedSearch
from search.query import MAX_TEXT, MAX_VALUES, Sort
from search.saved.actions import MAX_NAME, already_saved, forget_search, rename_search, save_search, saved_by
from search.saved.following import follow_search, unfollow_search

router = Router(tags=["检索"], auth=TokenAuth())


class SavedOut(Schema):
    """`query` goes behind the question mark of `/api/v1/search` or of the search page."""

    uuid: UUID
    name: str
    query: str
    followed: bool
    created_at: datetime


class SavedIn(Schema):
    """As it is asked: words, conditions by facet, texts that are words only."""

    q: str = Field("", max_length=MAX_TEXT)
    chosen: dict[str, list[str]] = Field({}, max_length=MAX_VALUES)
    plain: list[str] = Field([], max_length=MAX_VALUES)
    sort: Sort = Sort.RELEVANCE
    name: str = Field("", max_length=MAX_NAME)


class NameIn(Schema):
    name: str = Field(max_length=MAX_NAME)


@router.get("", response=list[SavedOut], summary="保存的搜索")
def saved(request: HttpRequest) -> Any:
    return list(saved_by(person(request)))


@router.post("", response={200: SavedOut, 201: SavedOut, 422: Problem}, summary="保存一个搜索")
def save(request: HttpRequest, given: SavedIn) -> Status[SavedSearch]:
    """200 where the search was saved already: it stands once, with the order that was asked last."""
    user = person(request)
    stood = already_saved(user, given.q, chosen=given.chosen, plain=given.plain)
    kept = save_search(user, given.q, chosen=given.chosen, plain=given.plain, sort=given.sort, name=given.name)
    return Status(200 if stood else 201, kept)


@router.patch("/{uuid}", response={200: SavedOut, 404: Problem, 422: Problem}, summary="给保存的搜索改名")
def rename(request: HttpRequest, uuid: UUID, given: NameIn) -> SavedSearch:
    kept = get_object_or_404(saved_by(person(request)), uuid=uuid)
    rename_search(kept, given.name)
    return kept


@router.post("/{uuid}/follow", response={200: SavedOut, 404: Problem, 422: Problem}, summary="关注：新作品送到收件箱")
def follow(request: HttpRequest, uuid: UUID) -> SavedSearch:
    kept = get_object_or_404(saved_by(person(request)), uuid=uuid)
    follow_search(kept)
    return kept


@router.post("/{uuid}/unfollow", response={200: SavedOut, 404: Problem}, summary="取消关注")
def unfollow(request: HttpRequest, uuid: UUID) -> SavedSearch:
    kept = get_object_or_404(saved_by(person(request)), uuid=uuid)
    unfollow_search(kept)
    return kept


@router.delete("/{uuid}", response={204: None, 404: Problem}, summary="删除保存的搜索")
def forget(request: HttpRequest, uuid: UUID) -> Status[None]:
    if not forget_search(person(request), str(uuid)):
        raise Http404
    return Status(204, None)
