"""What a request to the API says, without what no database can hold."""

from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser
from ninja.types import DictStrAny

from search.normalise import UNSTORABLE


class Storable(Parser):
    """NUL, which PostgreSQL does not take, and halves of characters, which no encoding has, are left out."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        return _storable(super().parse_body(request))

    def parse_querydict(
        self, data: "MultiValueDict[str, Any]", list_fields: list[str], request: HttpRequest
    ) -> DictStrAny:
        return _storable(super().parse_querydict(data, list_fields, request))


def _storable(said: Any) -> Any:
    if isinstance(said, str):
        return UNSTORABLE.sub("", said)
    if isinstance(said, dict):
        return {_storable(name): _storable(value) for name, value in said.items()}
    return [_storable(value) for value in said] if isinstance(said, list) else said
