"""The room over the JSON API: the same actions and rules as its screens."""

from ninja import Router

router = Router()
