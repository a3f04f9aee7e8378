"""What a request to the API says, without what no database can hold."""

from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser
from ninja.types import DictStrAny

NUL = "\x00"


class WithoutNul(Parser):
    """NUL, which nobody sees and PostgreSQL does not take, is left out wherever it stands."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        said = super().parse_body(request)
        return _without(said) if rb"\u0000" in request.body else said

    def parse_querydict(
        self, data: "MultiValueDict[str, Any]", list_fields: list[str], request: HttpRequest
    ) -> DictStrAny:
        return _without(super().parse_querydict(data, list_fields, request))


def _without(said: Any) -> Any:
    if isinstance(said, str):
        return said.replace(NUL, "")
    if isinstance(said, dict):
        return {_without(name): _without(value) for name, value in said.items()}
    return [_without(value) for value in said] if isinstance(said, list) else said
