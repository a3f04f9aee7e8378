"""What a work consists of, sorted for reading: media to play, pages to look at, the rest to download.

The same for a live row and for a revision as an object (preview, review desk), in a fixed number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db.models import Value

from cms.library.enums import FileKind
from cms.library.file_order import in_order
from cms.library.file_views import file_url
from cms.library.models import CasePart, CaseStudy, MicroCourse, StoredFile, Work


@dataclass(frozen=True)
class Shown:
    """A file as player and download rows take it."""

    name: str
    kind: str
    media_type: str
    size: int
    url: str
    captions: list[dict[str, Any]] = field(default_factory=list)
    start: float = 0.0  # seconds: where somebody stopped

    @property
    def title(self) -> str:
        return PurePath(self.name).stem

    @property
    def src(self) -> str:
        return self.url

    @property
    def type(self) -> str:
        return self.media_type

    @property
    def download_url(self) -> str:
        return f"{self.url}?download"


@dataclass(frozen=True)
class Files:
    """Files by how they are read. `pdfs` open in a frame. Everything downloads, in the author's order."""

    videos: list[Shown]
    audio: list[Shown]
    images: list[Shown]
    pdfs: list[Shown]
    downloads: list[Shown]


@dataclass(frozen=True)
class LessonShown:
    """A lesson of a course; `files` are its attachments (empty in a brief body)."""

    number: int
    key: UUID | None
    title: str
    goal: str
    minutes: int | None
    task_sheet: str
    video: Shown | None
    files: Files | None


@dataclass(frozen=True)
class PartShown:
    """A part of a case."""

    role: str
    title: str
    body: str
    files: Files


@dataclass(frozen=True)
class Body:
    """A work's files, and its lessons or parts."""

    files: Files
    lessons: list[LessonShown]
    parts: list[PartShown]


def body_of(work: Work, *, brief: bool = False) -> Body:
    """Everything that is read of a work of its own kind. `brief`: lessons by title only (they have their own page)."""
    if isinstance(work, CaseStudy):
        return _body_of_case(work)
    lessons = _lessons(work, brief=brief) if isinstance(work, MicroCourse) else []
    return Body(sorted_files(in_order(work.files.all(), work.file_order)), lessons, [])


def sorted_files(files: Iterable[StoredFile]) -> Files:
    """Captions go to the video or sound of the same name; those of no video stay a download."""
    given = list(files)
    stems = {PurePath(stored.name).stem for stored in given if stored.kind in (FileKind.VIDEO, FileKind.AUDIO)}
    captions: dict[str, StoredFile] = {}
    rest = []
    for stored in given:
        stem = PurePath(stored.name).stem
        if stored.kind == FileKind.CAPTIONS and stem in stems:
            captions[stem] = stored
        else:
            rest.append(stored)
    found: dict[str, list[Shown]] = defaultdict(list)
    downloads = []
    for stored in rest:
        file = show(stored, captions=captions.get(PurePath(stored.name).stem))
        found[_way(stored)].append(file)
        downloads.append(file)
    return Files(found["videos"], found["audio"], found["images"], found["pdfs"], downloads)


def show(stored: StoredFile, *, captions: StoredFile | None = None) -> Shown:
    """One file; the captions are shown from the start, as most pupils watch without sound."""
    tracks = []
    if captions is not None and stored.kind in (FileKind.VIDEO, FileKind.AUDIO):
        tracks = [{"src": file_url(captions), "lang": "zh-Hans", "label": "中文", "default": True}]
    return Shown(stored.name, stored.kind, stored.media_type, stored.size, file_url(stored), tracks)


def _way(stored: StoredFile) -> str:
    if stored.media_type == "application/pdf":
        return "pdfs"
    return {FileKind.VIDEO: "videos", FileKind.AUDIO: "audio", FileKind.IMAGE: "images"}.get(
        FileKind(stored.kind), "others"
    )


def _lessons(course: MicroCourse, *, brief: bool) -> list[LessonShown]:
    lessons = list(course.lessons.all())
    attached: dict[int, list[StoredFile]] = {} if brief else attachments_of(lessons)
    media = {} if brief else _media(lessons)
    return [
        LessonShown(
            number=number,
            key=lesson.key,
            title=lesson.title,
            goal=lesson.goal,
            minutes=lesson.minutes,
            task_sheet=lesson.task_sheet,
            video=show(media[lesson.video_id], captions=media.get(lesson.captions_id))
            if lesson.video_id in media
            else None,
            files=None if brief else sorted_files(attached.get(id(lesson), [])),
        )
        for number, lesson in enumerate(lessons, 1)
    ]


def _media(lessons: Sequence[Any]) -> dict[int | None, StoredFile]:
    wanted = {pk for lesson in lessons for pk in (lesson.video_id, lesson.captions_id) if pk}
    return {stored.pk: stored for stored in StoredFile.objects.filter(pk__in=wanted)} if wanted else {}


def _body_of_case(case: CaseStudy) -> Body:
    """Two queries for a live case, none for one from a revision."""
    parts: list[CasePart] = list(case.parts.all())
    if in_memory(case, "files"):
        own, attached = list(case.files.all()), attachments_of(parts)
    else:
        own, attached = _files_of_case(case, parts)
    shown = [
        PartShown(part.get_role_display(), part.title, part.body, sorted_files(attached.get(id(part), [])))
        for part in parts
    ]
    return Body(sorted_files(in_order(own, case.file_order)), [], shown)


def _files_of_case(case: CaseStudy, parts: Sequence[CasePart]) -> tuple[list[StoredFile], dict[int, list[StoredFile]]]:
    """The case's own files, and those of each part by `id(part)` in their author's order: one query for both."""
    fields = [field.attname for field in StoredFile._meta.concrete_fields]
    columns = [f"storedfile__{name}" for name in fields]
    of_case = type(case).files.through.objects.filter(work=case.pk).order_by()
    of_parts = CasePart.attachments.through.objects.filter(casepart__in=[part.pk for part in parts]).order_by()
    links = of_case.values_list(Value(0), *columns).union(of_parts.values_list("casepart_id", *columns), all=True)
    found: dict[int, list[StoredFile]] = {0: []}
    for part_id, *values in links:
        found.setdefault(part_id, []).append(StoredFile.from_db(None, fields, values))
    attached = {id(part): in_order(found[part.pk], part.file_order) for part in parts if part.pk in found}
    return found[0], attached


def in_memory(holder: Any, name: str) -> bool:
    """Whether this came from a revision, or was never saved: then the database is not asked."""
    return holder.pk is None or name in getattr(holder, "_cluster_related_objects", {})


def attachments_of(children: Sequence[Any]) -> dict[int, list[StoredFile]]:
    """Files of each child by `id(child)`, in their author's order: from memory when it came from a revision, else in
    one query for all."""
    found: dict[int, list[StoredFile]] = {}
    rows = {}
    for child in children:
        if in_memory(child, "attachments"):
            found[id(child)] = in_order(child.attachments.all(), child.file_order)
        else:
            rows[child.pk] = child
    if rows:
        relation = type(next(iter(rows.values()))).attachments
        name = relation.field.m2m_field_name()
        for link in (
            relation.through.objects.filter(**{f"{name}__in": rows}).select_related("storedfile").order_by("id")
        ):
            found.setdefault(id(rows[getattr(link, f"{name}_id")]), []).append(link.storedfile)
        for child in rows.values():
            if id(child) in found:
                found[id(child)] = in_order(found[id(child)], child.file_order)
    return found
