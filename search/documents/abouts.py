"""What a document is about: a work, a space, a person. One index holds all three, told apart by a facet."""

from enum import StrEnum

ABOUT = "about"
"""The facet. Every question holds one of its values, unless only works can be found at all."""


class About(StrEnum):
    WORK = "work"
    SPACE = "space"
    PERSON = "person"


FACETS = (
    "kind", "type", "library", "sector", "stage", "subject", "grade", "volume", "edition", "tier", "badge",
    "organisation", "tag", "year",
)  # fmt: skip
"""Facets of works with counts, in the order in which the page shows them."""

FACETS_OF: dict[About, tuple[str, ...]] = {
    About.WORK: FACETS,
    About.SPACE: ("space", "sector", "subject", "organisation"),
    About.PERSON: ("stage", "subject", "grade", "organisation"),
}
"""Facets with counts, for each."""

FILTERS_OF: dict[About, tuple[str, ...]] = {**FACETS_OF, About.WORK: (*FACETS, "chapter")}
"""What a search can be narrowed by: a chapter comes from a link of the curriculum line."""

CHIPS_OF: dict[About, tuple[str, ...]] = {**FILTERS_OF, About.SPACE: ("subject", "organisation")}
"""Facets that words are read as: 小学 stands in the name of a school more often than it is meant as a stage."""

FILTERS = FILTERS_OF[About.WORK]


def about_of(value: str) -> About:
    """What was asked for; works when it is nothing known."""
    return About(value) if value in set(About) else About.WORK
