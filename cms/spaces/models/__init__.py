"""Spaces, what they are interested in, what was delivered to them, and what their people did with it."""

from cms.spaces.models.audience import Audience
from cms.spaces.models.delivery import MOST_WORDS_SAID, Delivery, Reach
from cms.spaces.models.follow import Follow
from cms.spaces.models.interest import INTEREST_COLUMNS, Interest
from cms.spaces.models.mark import Mark
from cms.spaces.models.shelf import ShelfItem
from cms.spaces.models.space import MOST_INTRODUCED, Space, SpaceInterest

__all__ = [
    "INTEREST_COLUMNS",
    "MOST_INTRODUCED",
    "MOST_WORDS_SAID",
    "Audience",
    "Delivery",
    "Follow",
    "Interest",
    "Mark",
    "Reach",
    "ShelfItem",
    "Space",
    "SpaceInterest",
]
