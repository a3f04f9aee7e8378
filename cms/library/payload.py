"""A work as JSON: what other systems send and are sent. The shape is the same both ways."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from ninja import Field, Schema

from cms.library.body import attachments_of
from cms.library.enums import FileKind, Licence, OutcomeType, PartRole, ResourceType, Source, WorkKind
from cms.library.file_access import usable_files
from cms.library.file_order import in_order
from cms.library.models import KINDS, CasePart, CaseStudy, Lesson, MicroCourse, StoredFile, Work
from cms.library.models.kinds import MOST_LESSONS, MOST_PARTS
from cms.people.queries import Anybody
from cms.taxonomy.queries import OPTIONS, Chosen

CURRICULUM = ("stage", "subject", "grade", "edition", "textbook", "chapter", "library")
PLAIN = ("title", "summary", "body", "licence", "source", "source_note", "authorship_stated")
OF_KIND = ("resource_type", "research_theme", "key_difficulty", "outcome_type", "identifier", "completed_on")


class LessonIn(Schema):
    """key names the lesson for ever: send it back to keep progress; leave it out for a new lesson."""

    key: UUID | None = None
    title: str = Field(max_length=100)
    goal: str = Field("", max_length=200)
    task_sheet: str = ""
    minutes: int | None = Field(None, ge=1, le=60)
    video: int | None = None
    captions: int | None = None
    attachments: list[int] = []


class PartIn(Schema):
    key: UUID | None = None
    role: PartRole
    title: str = Field(max_length=100)
    body: str = ""
    attachments: list[int] = []


class WorkIn(Schema):
    """Everything may be left out; what is sent is set. Files are ids that `POST /files` gave, in the order they
    are to be shown."""

    title: str | None = Field(None, max_length=120)
    summary: str | None = Field(None, max_length=500)
    body: str | None = None
    stage: int | None = None
    subject: int | None = None
    grade: int | None = None
    edition: int | None = None
    textbook: int | None = None
    chapter: int | None = None
    library: int | None = None
    tags: list[str] | None = Field(None, max_length=20)
    licence: Licence | None = None
    source: Source | None = None
    source_note: str | None = Field(None, max_length=300)
    authorship_stated: bool | None = None
    cover: int | None = None
    files: list[int] | None = None
    resource_type: ResourceType | None = None
    research_theme: str | None = Field(None, max_length=120)
    key_difficulty: str | None = Field(None, max_length=200)
    outcome_type: OutcomeType | None = None
    identifier: str | None = Field(None, max_length=60)
    completed_on: date | None = None
    lessons: list[LessonIn] | None = Field(None, max_length=MOST_LESSONS)
    parts: list[PartIn] | None = Field(None, max_length=MOST_PARTS)


class NewWorkIn(WorkIn):
    kind: WorkKind
    title: str = Field(max_length=120, min_length=1)


def fill(work: Work, given: WorkIn, *, by: Anybody) -> None:
    """Put what was sent on an instance; nothing is stored.

    Raises   ValidationError, with one Chinese sentence a field, for unknown rows, those that do not belong together,
             files that are not the person's or of another kind, and two lessons or parts with one key
    """
    sent = given.model_dump(exclude_unset=True)
    problems: dict[str, str] = {}
    _check_files(work, given, sent, by, problems)
    _check_keys(given, problems)
    had = {name: getattr(work, f"{name}_id") for name in CURRICULUM}
    for name in CURRICULUM:
        if name in sent:
            _set_row(work, name, sent[name], problems)
    if not problems and any(name in sent for name in OPTIONS):
        _check_fit(work, had, problems)
    if problems:
        raise ValidationError(problems)
    for name in (*PLAIN, *(name for name in OF_KIND if _has(work, name))):
        if name in sent:
            value = sent[name]
            setattr(work, name, "" if value is None and name != "completed_on" else value)
    _set_children(work, given, sent)


def _set_children(work: Work, given: WorkIn, sent: dict[str, Any]) -> None:
    if "cover" in sent:
        work.cover_id = sent["cover"]
    if "files" in sent:
        work.files = StoredFile.objects.filter(pk__in=sent["files"] or [])
        work.file_order = list(dict.fromkeys(sent["files"] or []))
    if sent.get("tags") is not None:
        work.tags.set([tag.strip()[:50] for tag in sent["tags"] if tag.strip()])
    if given.lessons is not None and isinstance(work, MicroCourse):
        _set_lessons(work, given.lessons)
    if given.parts is not None and isinstance(work, CaseStudy):
        _set_parts(work, given.parts)


def new_work(given: NewWorkIn, *, by: Anybody) -> Work:
    """An unsaved instance of the kind, filled. Raises ValidationError."""
    work = KINDS[given.kind]()
    fill(work, given, by=by)
    return work


def as_json(work: Work) -> dict[str, Any]:
    """A specific work (live row or revision object) in full."""
    found: dict[str, Any] = {
        "uuid": work.uuid,
        "kind": work.kind,
        "version": work.version,
        "live": work.live,
        "locked": work.locked,
        "author": work.owner.name,
        "organisation": work.organisation.name,
        "revision": work.latest_revision_id,
        "tags": [tag.name for tag in work.tags.all()],
        "cover": work.cover_id,
        "files": [stored.pk for stored in in_order(work.files.all(), work.file_order)],
        "curriculum": {name: _row(work, name) for name in CURRICULUM},
        "url": work.get_absolute_url(),
    }
    found.update({name: getattr(work, name) for name in PLAIN})
    found.update({name: getattr(work, f"{name}_id") for name in CURRICULUM})
    found.update({name: getattr(work, name) for name in OF_KIND if _has(work, name)})
    if isinstance(work, MicroCourse):
        names = ("key", "title", "goal", "task_sheet", "minutes")
        lessons = list(work.lessons.all())
        attached = attachments_of(lessons)
        found["lessons"] = [
            {
                **{name: getattr(lesson, name) for name in names},
                "video": lesson.video_id,
                "captions": lesson.captions_id,
                "attachments": [stored.pk for stored in attached.get(id(lesson), [])],
            }
            for lesson in lessons
        ]
    if isinstance(work, CaseStudy):
        parts = list(work.parts.all())
        attached = attachments_of(parts)
        found["parts"] = [
            {
                **{name: getattr(part, name) for name in ("key", "role", "title", "body")},
                "attachments": [stored.pk for stored in attached.get(id(part), [])],
            }
            for part in parts
        ]
    return found


def _has(work: Work, name: str) -> bool:
    return any(field.name == name for field in work._meta.fields)


def _row(work: Work, name: str) -> str | None:
    row = getattr(work, name)
    return str(row) if row is not None else None


def _set_row(work: Work, name: str, pk: int | None, problems: dict[str, str]) -> None:
    model: Any = Work._meta.get_field(name).related_model
    if pk is not None and not model.objects.filter(pk=pk, retired=False).exists():
        problems[name] = _("没有编号为 %d 的条目，或它已停用。") % pk
        return
    setattr(work, f"{name}_id", pk)


def _check_files(work: Work, given: WorkIn, sent: dict[str, Any], by: Anybody, problems: dict[str, str]) -> None:
    wanted = {pk for pk in [sent.get("cover"), *(sent.get("files") or ())] if pk is not None}
    for lesson in given.lessons or ():
        wanted |= {pk for pk in (lesson.video, lesson.captions, *lesson.attachments) if pk is not None}
    for part in given.parts or ():
        wanted |= set(part.attachments)
    strange = sorted(wanted - usable_files(by, work)) if wanted else []
    if strange:
        numbers = _("、").join(str(pk) for pk in strange)
        problems["files"] = _("这些文件不存在，或不是您上传的：%s。请先上传，再填返回的编号。") % numbers
    elif misplaced := sorted(_misplaced(given, sent)):
        numbers = _("、").join(str(pk) for pk in misplaced)
        problems["files"] = _("这些文件放错了地方：%s。封面要用图片，微视频要用视频，字幕要用字幕文件。") % numbers


def _misplaced(given: WorkIn, sent: dict[str, Any]) -> set[int]:
    """Files that stand where only another kind may."""
    places = [(sent.get("cover"), FileKind.IMAGE)]
    for lesson in given.lessons or ():
        places += [(lesson.video, FileKind.VIDEO), (lesson.captions, FileKind.CAPTIONS)]
    taken = {(pk, kind) for pk, kind in places if pk is not None}
    kinds = (
        dict(StoredFile.objects.filter(pk__in={pk for pk, _kind in taken}).values_list("pk", "kind")) if taken else {}
    )
    return {pk for pk, kind in taken if kinds[pk] != kind}


def _check_keys(given: WorkIn, problems: dict[str, str]) -> None:
    """Progress and the comparison of versions go by the key."""
    for name, children in (("lessons", given.lessons), ("parts", given.parts)):
        keys = [child.key for child in children or () if child.key is not None]
        if twice := sorted({str(key) for key in keys if keys.count(key) > 1}):
            problems[name] = _("同一个 key 出现了不止一次：%s。新加的请不要填 key。") % _("、").join(twice)


def _check_fit(work: Work, had: dict[str, int | None], problems: dict[str, str]) -> None:
    """As the form offers them: each row of the curriculum belongs to those before it."""
    chosen = Chosen.read({name: getattr(work, f"{name}_id") for name in OPTIONS})
    for name, options in OPTIONS.items():
        pk = getattr(work, f"{name}_id")
        if pk is not None and not options(chosen, keep=had[name]).filter(pk=pk).exists():
            problems[name] = _("与前面的学段、学科、版本或教材不相配，请一并修改。")


def _set_lessons(course: MicroCourse, lessons: list[LessonIn]) -> None:
    made = []
    for number, given in enumerate(lessons):
        facts = given.model_dump(exclude={"key", "video", "captions", "attachments"})
        lesson = Lesson(sort_order=number, video_id=given.video, captions_id=given.captions, **facts)
        if given.key is not None:
            lesson.key = given.key
        lesson.attachments = StoredFile.objects.filter(pk__in=given.attachments)
        lesson.file_order = list(dict.fromkeys(given.attachments))
        made.append(lesson)
    course.lessons = made  # type: ignore[misc]  # modelcluster


def _set_parts(case: CaseStudy, parts: list[PartIn]) -> None:
    made = []
    for number, given in enumerate(parts):
        part = CasePart(sort_order=number, role=given.role, title=given.title, body=given.body)
        if given.key is not None:
            part.key = given.key
        part.attachments = StoredFile.objects.filter(pk__in=given.attachments)
        part.file_order = list(dict.fromkeys(given.attachments))
        made.append(part)
    case.parts = made  # type: ignore[misc]  # modelcluster
