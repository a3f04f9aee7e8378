"""Works, their kinds, files, seals, grants and standards."""

from cms.library.models.file import RevisionFile, StoredFile
from cms.library.models.grant import Grant
from cms.library.models.kinds import KINDS, CasePart, CaseStudy, Lesson, MicroCourse, ResearchOutcome, Resource
from cms.library.models.seal import Seal
from cms.library.models.standard import Standard
from cms.library.models.work import Coauthor, TaggedWork, Work

__all__ = [
    "KINDS",
    "CasePart",
    "CaseStudy",
    "Coauthor",
    "Grant",
    "Lesson",
    "MicroCourse",
    "ResearchOutcome",
    "Resource",
    "RevisionFile",
    "Seal",
    "Standard",
    "StoredFile",
    "TaggedWork",
    "Work",
]
