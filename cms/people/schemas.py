"""Shapes of the JSON API that every room answers with."""

from ninja import Schema


class Problem(Schema):
    """What every refusal looks like: a code for programs, one sentence for people; facts beside them."""

    code: str
    message: str
    model_config = {"extra": "allow"}
