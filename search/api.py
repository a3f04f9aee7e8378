"""Search over the JSON API, for people with a token and for visitors."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from cms.library.tokens import tokens_of
from cms.people.schemas import Problem
from cms.people.tokens import visitor
from search.documents import FILTERS
from search.engines import engine
from search.finding import find
from search.query import Sort

router = Router(tags=["检索"], auth=visitor)


class HitOut(Schema):
    """`title` and `excerpt` are HTML: escaped, with <mark> around what was found."""

    uuid: UUID
    kind: str
    title: str
    excerpt: str
    author: str
    organisation: str
    url: str
    score: float


class CountOut(Schema):
    value: str
    label: str
    count: int


class SearchOut(Schema):
    """`step` says how far the words were relaxed: browse, all, most, any, nothing."""

    total: int
    exact: bool
    page: int
    step: str
    took_ms: float
    items: list[HitOut]
    facets: dict[str, list[CountOut]]


class Asked(Schema):
    """Words, any facet (several values each), order, page."""

    q: str = Field("", description="要找的词；200 字以后的不看")
    sort: Sort = Sort.RELEVANCE
    page: int = Field(1, ge=1, le=10_000)
    per_page: int = Field(20, ge=1, le=100)
    kind: list[str] = []
    library: list[str] = []
    sector: list[str] = []
    stage: list[str] = []
    subject: list[str] = []
    grade: list[str] = []
    edition: list[str] = []
    chapter: list[str] = []
    tier: list[str] = []
    organisation: list[str] = []
    tag: list[str] = []
    year: list[str] = []


@router.get("", response={200: SearchOut, 503: Problem}, summary="检索")
def search(request: HttpRequest, asked: Query[Asked]) -> Any:
    chosen = {name: getattr(asked, name) for name in FILTERS}
    found = find(request.user, asked.q, chosen=chosen, sort=asked.sort, page=asked.page, per_page=asked.per_page)
    return {
        "total": found.total,
        "exact": found.page.exact,
        "page": found.query.page,
        "step": found.page.step,
        "took_ms": found.page.took_ms,
        "items": [
            {
                "uuid": item.work.uuid,
                "kind": item.work.kind,
                "title": item.title,
                "excerpt": item.excerpt,
                "author": item.work.owner.name,
                "organisation": item.work.organisation.name,
                "url": item.work.get_absolute_url(),
                "score": item.score,
            }
            for item in found.items
        ],
        "facets": {
            facet.name: [{"value": value.value, "label": value.label, "count": value.count} for value in facet.values]
            for facet in found.facets
        },
    }


@router.get("/suggest", response={200: list[str], 503: Problem}, summary="边输入边提示")
def suggest(request: HttpRequest, q: str = Query("", max_length=200)) -> Any:
    return [found.text for found in engine().suggest(q, tokens_of(request.user))] if q.strip() else []
