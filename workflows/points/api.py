"""The statement of a space over the JSON API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from cms.people.schemas import Problem
from cms.people.tokens import TokenAuth
from cms.spaces.queries import get_space
from workflows.points.models import Entry
from workflows.points.queries import balance, statement

router = Router(tags=["积分"], auth=TokenAuth())

PER_PAGE = 50


class EntryOut(Schema):
    """One line: what it was for, by which version of the tariff."""

    points: int
    reason: str
    at: datetime
    tariff: int
    cause_type: str
    cause_id: str
    evidence: dict[str, Any]
    reversal: bool

    @staticmethod
    def resolve_tariff(row: Entry) -> int:
        return row.tariff.version

    @staticmethod
    def resolve_reversal(row: Entry) -> bool:
        return row.reverses_id is not None


class StatementOut(Schema):
    balance: int
    total: int
    items: list[EntryOut]


@router.get("/{uuid}", response={200: StatementOut, 404: Problem}, summary="空间积分明细")
def read(request: HttpRequest, uuid: UUID, page: int = Query(1, ge=1, le=10_000)) -> Any:
    space = get_space(request.user, uuid, "tend")
    entries = statement(space)
    offset = (page - 1) * PER_PAGE
    return {
        "balance": balance(space),
        "total": entries.count(),
        "items": list(entries[offset : offset + PER_PAGE]),
    }
