"""Search over the JSON API, for people with a token and for visitors."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from cms.library.cards import CardRow
from cms.people.schemas import Problem
from cms.people.tokens import visitor
from cms.spaces.models import Space
from search import suggesting
from search.documents import FILTERS_OF, About
from search.finding import find
from search.normalise import storable
from search.page.cards import card_of
from search.query import Sort
from search.saved.api import router as saved_router
from search.showing import Found

router = Router(tags=["检索"], auth=visitor)
router.add_router("/saved", saved_router)


class HitOut(Schema):
    """`title` and `excerpt` are HTML: escaped, with <mark> around what was found.

    `score` is the product of `parts`: words (what they count, 1 where another order was asked), adoptions, newness.
    `kind` of a work or of a space; `person`. `author` of a work only.
    """

    uuid: UUID
    kind: str
    title: str
    excerpt: str
    author: str
    organisation: str
    url: str
    score: float
    parts: dict[str, float]


class CountOut(Schema):
    value: str
    label: str
    count: int


class ChipOut(Schema):
    """A condition that was read out of the words. Send `text` as `plain` to have it as words again."""

    facet: str
    title: str
    text: str
    values: list[str]


class UnderstoodOut(Schema):
    """`words` were looked for beside the chips; `sounds_like` was answered instead of what was typed."""

    chips: list[ChipOut]
    words: list[str]
    sounds_like: str


class OfferOut(Schema):
    """A question with one of the words, and how many it finds."""

    q: str
    total: int


class SearchOut(Schema):
    """`step` says how the question was answered: browse, exact, plain (chips as words), sound (of the same
    sound), loose (without some chips), topic (what is named among the words), most (of the words), any (of the words),
    facets (the chips alone), nothing.

    `abouts` says how many works, spaces and people the same words find, of what the caller can find at all; 0 where
    that was not asked further.

    `more` is what looser steps found where the answer is short, by `more_step`; `total` and `facets` leave it out.

    `offers` are questions with one of the words, where none of the words were found.

    `counted` is false where the engine had found but could not count: `facets` is empty then; ask again for them.
    """

    about: About
    abouts: dict[About, int]
    total: int
    exact: bool
    page: int
    step: str
    took_ms: float
    understood: UnderstoodOut
    items: list[HitOut]
    more: list[HitOut]
    more_step: str
    offers: list[OfferOut]
    counted: bool
    facets: dict[str, list[CountOut]]


class Asked(Schema):
    """Words, any facet (several values each), order, page.

    `sort=nearest`: your own school first, then county, city, province; who belongs nowhere gets the most relevant.
    """

    q: str = Field("", description="要找的词；200 字以后的不看")
    about: About = Field(About.WORK, description="找作品、空间还是同行；空间和同行要登录才找得到")
    sort: Sort = Sort.RELEVANCE
    page: int = Field(1, ge=1, le=10_000)
    per_page: int = Field(20, ge=1, le=100)
    plain: list[str] = Field([], description="不当作条件、只当作词语的文字")
    kind: list[str] = []
    type: list[str] = []
    library: list[str] = []
    sector: list[str] = []
    stage: list[str] = []
    subject: list[str] = []
    grade: list[str] = []
    volume: list[str] = []
    edition: list[str] = []
    chapter: list[str] = []
    tier: list[str] = []
    badge: list[str] = []
    organisation: list[str] = []
    tag: list[str] = []
    year: list[str] = []
    space: list[str] = []


@router.get("", response={200: SearchOut, 503: Problem}, summary="检索")
def search(request: HttpRequest, asked: Query[Asked]) -> Any:
    chosen = {name: getattr(asked, name) for name in FILTERS_OF[asked.about]}
    found = find(
        request.user,
        storable(asked.q),
        about=asked.about,
        chosen=chosen,
        plain=asked.plain,
        sort=asked.sort,
        page=asked.page,
        per_page=asked.per_page,
    )
    answer = found.answer
    return {
        "about": found.about,
        "abouts": {**{about: count or 0 for about, count in found.abouts.items()}, found.about: found.total},
        "total": found.total,
        "exact": found.page.exact,
        "page": found.query.page,
        "step": answer.way,
        "took_ms": found.page.took_ms,
        "understood": {
            "chips": [
                {"facet": chip.name, "title": chip.title, "text": chip.text, "values": chip.values}
                for chip in found.understood
            ],
            "words": found.query.words or found.query.parts or found.query.loose,
            "sounds_like": answer.sounds_like,
        },
        "items": [_hit(item) for item in found.items],
        "more": [_hit(item) for item in found.more],
        "more_step": answer.more_way if found.more else "",
        "offers": [{"q": text, "total": total} for text, total in answer.offers.items()],
        "counted": found.counted,
        "facets": {
            facet.name: [{"value": value.value, "label": value.label, "count": value.count} for value in facet.values]
            for facet in found.facets
        },
    }


def _hit(item: Found) -> dict[str, Any]:
    row = item.row
    if isinstance(row, CardRow):
        told = {"kind": row.kind, "author": row.author, "organisation": row.school, "url": row.url}
    else:
        card = card_of(row)
        told = {
            "kind": row.kind if isinstance(row, Space) else card["kind"],
            "author": "",
            "organisation": card["school"],
            "url": card["url"],
        }
    return {
        "uuid": row.uuid,
        "title": item.title,
        "excerpt": item.excerpt,
        "score": item.score,
        "parts": dict(item.parts),
        **told,
    }


@router.get("/suggest", response=list[str], summary="边输入边提示")
def suggest(request: HttpRequest, q: str = Query("", description="60 字以后的不看")) -> list[str]:
    return suggesting.suggest(request.user, q)
