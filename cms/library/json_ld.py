"""A work for machines that read pages: schema.org's LearningResource, by the words of LRMI. Pure."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from cms.library.enums import Licence, WorkKind
from cms.library.models import Work

LICENCE_URLS = {
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.CC_BY_NC_SA: "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    Licence.CC_BY_NC_ND: "https://creativecommons.org/licenses/by-nc-nd/4.0/",
}
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""So that no title can end the script element it stands in."""


def json_ld(work: Work, *, authors: Sequence[str]) -> str:
    """JSON text that is safe inside <script>. The work carries its curriculum rows and organisation."""
    entry: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": ["LearningResource", "Course"] if work.kind == WorkKind.MICRO_COURSE else "LearningResource",
        "@id": settings.SITE_URL + work.get_absolute_url(),
        "url": settings.SITE_URL + work.get_absolute_url(),
        "name": work.title,
        "description": work.summary,
        "inLanguage": "zh-Hans",
        "version": str(work.version),
        "learningResourceType": WorkKind(work.kind).label,
        "author": [{"@type": "Person", "name": name} for name in authors],
        "provider": {"@type": "EducationalOrganization", "name": work.organisation.name},
        "isAccessibleForFree": True,
        "educationalLevel": [str(row.name) for row in (work.stage, work.grade) if row is not None],
        "about": [str(row.name) for row in (work.subject, work.chapter) if row is not None],
    }
    if work.licence in LICENCE_URLS:
        entry["license"] = LICENCE_URLS[Licence(work.licence)]
    if work.last_published_at is not None:
        entry["datePublished"] = work.last_published_at.isoformat()
    kept = {name: value for name, value in entry.items() if value not in ("", [])}
    return json.dumps(kept, ensure_ascii=False, default=str).translate(ESCAPED)
