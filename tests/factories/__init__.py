"""Things the tests need, named by what they mean; made by the product's own actions where it has one."""

from tests.factories.chain import at_expert_review, at_school_review, published, published_from, renamed, shared
from tests.factories.people import expert, parent, person, pupil, school_reviewer, teacher
from tests.factories.province import Province, province
from tests.factories.works import case_study, micro_course, research_outcome, resource, stored_file

__all__ = [
    "Province",
    "at_expert_review",
    "at_school_review",
    "case_study",
    "expert",
    "micro_course",
    "parent",
    "person",
    "province",
    "published",
    "published_from",
    "pupil",
    "renamed",
    "research_outcome",
    "resource",
    "school_reviewer",
    "shared",
    "stored_file",
    "teacher",
]
