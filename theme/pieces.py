"""What the components need to know before they are drawn. Takes plain dicts or any objects with these attributes.

The words of kinds, states and tiers are the site's (S1, S69 to S77, S102); a caller's own label always wins.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from theme import words


@dataclass(frozen=True)
class Look:
    """A word with its icon, and the CSS class that gives both their hue."""

    label: str | Promise
    icon: str
    css: str = ""


KINDS = {
    "resource": Look(_("教学资源"), "file-earmark-text", "kind--resource"),
    "micro_course": Look(_("微课程"), "collection-play", "kind--micro-course"),
    "case_study": Look(_("应用案例"), "lightbulb", "kind--case-study"),
    "research_outcome": Look(_("应用研究成果"), "journal-check", "kind--research-outcome"),
    "space": Look(_("空间"), "houses", "kind--space"),
    "person": Look(_("同行"), "person-circle", "kind--person"),
}
STATES = {
    "draft": Look(_("草稿"), "pencil", "state--draft"),
    "school_review": Look(_("校级审核"), "building-check", "state--school-review"),
    "trial": Look(_("校内试用"), "hourglass-split", "state--trial"),
    "expert_review": Look(_("专家评审"), "people", "state--expert-review"),
    "published": Look(_("已发布"), "check-circle", "state--published"),
    "shared": Look(_("已共享"), "share", "state--shared"),
    "returned": Look(_("退回修改"), "arrow-return-left", "state--returned"),
    "withdrawn": Look(_("已撤回"), "arrow-counterclockwise", "state--withdrawn"),
    "rejected": Look(_("未通过"), "slash-circle", "state--rejected"),
    "superseded": Look(_("已被新版取代"), "layers", "state--superseded"),
    "retired": Look(_("已下架"), "archive", "state--retired"),
}
STEPS = {  # the path names the deed, the badge what has become of it
    "draft": _("草稿"),
    "school_review": _("校级审核"),
    "trial": _("校内试用"),
    "expert_review": _("专家评审"),
    "published": _("发布"),
    "shared": _("共享"),
}
TIERS = {
    "nation": Look(_("国家"), "flag"),
    "province": Look(_("省级"), "map"),
    "city": Look(_("市级"), "buildings"),
    "county": Look(_("县级"), "signpost-2"),
    "school": Look(_("学校"), "mortarboard"),
}
STAMPS = {"nation": "国", "province": "省", "city": "市", "county": "县", "school": "校"}  # carved, not translated
SEAL_TITLES = {
    "nation": _("国家级专家评审通过"),
    "province": _("省级专家评审通过"),
    "city": _("市级专家评审通过"),
    "county": _("县级专家评审通过"),
    "school": _("校级审核通过"),
}
SEAL_SHORT = {
    "nation": _("国家级评审"),
    "province": _("省级评审"),
    "city": _("市级评审"),
    "county": _("县级评审"),
    "school": _("校级审核"),
}
FILE_ICONS = {
    "doc docx wps odt rtf txt md": "file-earmark-word",
    "ppt pptx dps odp key": "file-earmark-slides",
    "xls xlsx et ods csv": "file-earmark-spreadsheet",
    "pdf ofd": "file-earmark-pdf",
    "png jpg jpeg gif webp heic avif bmp tif tiff": "file-earmark-image",
    "mp3 wav m4a ogg flac aac": "file-earmark-music",
    "mp4 mov mkv webm avi m4v": "file-earmark-play",
    "zip rar 7z gz tar": "file-earmark-zip",
}
UNKNOWN = Look("", "file-earmark")
JOINED = {key.replace("_", ""): key for key in (*KINDS, *STATES, *TIERS)}
"""MicroCourse and micro_course, without what tells them apart."""

quoted = lru_cache(maxsize=1000)(quote_plus)
"""The same names and values stand in every address of a page, and in those of the next."""


def read(source: Any, name: str, default: Any = None) -> Any:
    """`source.name` or `source["name"]`; a method is called, as templates do; None becomes `default`."""
    is_table = isinstance(source, (dict, Mapping))  # dict before Mapping: what is asked most is told at once
    value = source.get(name) if is_table else getattr(source, name, None)
    if callable(value) and not getattr(value, "do_not_call_in_templates", False):
        value = value()
    return default if value is None else value


def key_of(value: Any) -> str:
    """The key of an enum member, a model name or a text: MicroCourse, micro-course and micro_course are one."""
    return _key(str(getattr(value, "value", value) or ""))


@lru_cache(maxsize=1000)
def _key(text: str) -> str:
    spaced = "".join(f"_{c.lower()}" if c.isupper() and i and text[i - 1].islower() else c for i, c in enumerate(text))
    key = spaced.lower().replace("-", "_")
    return JOINED.get(key.replace("_", ""), key)


def tier_key(value: Any) -> str:
    """Tiers may come as 0 (nation) to 4 (school)."""
    return list(TIERS)[value] if isinstance(value, int) and 0 <= value < len(TIERS) else key_of(value)


def look(table: Mapping[str, Look], value: Any) -> Look:
    return table.get(key_of(value), UNKNOWN)


def address(name: str, *args: Any, fallback: str = "", **kwargs: Any) -> str:
    """The address of a named URL, or `fallback` while its room has none."""
    if args or kwargs:
        return _address(name, *args, **kwargs) or fallback
    return _plain_address(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()) or fallback


def search_address() -> str:
    return address("search:search", fallback="/search/")


@lru_cache(maxsize=200)
def _plain_address(name: str, urlconf: str, prefix: str) -> str:
    """Without arguments the same for every page under this tree of addresses."""
    return _address(name)


def _address(name: str, *args: Any, **kwargs: Any) -> str:
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


# --- the path -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    label: str | Promise
    icon: str
    css: str
    state: str
    who: str
    since: Any
    due: Any
    left: str
    pressing: str

    @property
    def is_current(self) -> bool:
        return self.state in ("current", "stopped")


@dataclass(frozen=True)
class Path:
    steps: list[Step]
    note: str
    number: int
    current: Step | None


def path(source: Any) -> Path:
    """`steps`: five of {key, state, label?, who?, since?, due?}; `note`?. `source` may be the list of steps itself."""
    given = source if isinstance(source, list | tuple) else read(source, "steps", [])
    steps = []
    for item in given:
        key = key_of(read(item, "key", ""))
        shown = look(STATES, key)
        state = str(read(item, "state", "todo"))
        left, pressing = words.remaining(read(item, "due")) if state == "current" else ("", "")
        icon = {"done": "check-lg", "stopped": "slash-circle"}.get(state, shown.icon)
        if key == "returned":
            icon = shown.icon
        steps.append(
            Step(
                label=read(item, "label") or STEPS.get(key) or shown.label,
                icon=icon,
                css=shown.css,
                state=state,
                who=str(read(item, "who", "")),
                since=read(item, "since"),
                due=read(item, "due") if state == "current" else None,
                left=left,
                pressing=pressing,
            )
        )
    number = next((n for n, step in enumerate(steps, 1) if step.is_current), 0)
    if not number:  # all done: the last one that is
        number = sum(step.state == "done" for step in steps)
    note = "" if isinstance(source, list | tuple) else str(read(source, "note", ""))
    return Path(steps, note, number, steps[number - 1] if number else None)


# --- the curriculum line --------------------------------------------------------------------------------------------


class Part(NamedTuple):
    label: str
    url: str


def curriculum(source: Iterable[Any] | None, search: str = "") -> list[Part]:
    """Parts of {label, name, value} from stage to chapter. Each links to all that lies before it and itself."""
    search = search or search_address()
    asked: dict[str, str] = {}
    parts = []
    for item in source or []:
        label = read(item, "label", "")
        if not label:
            continue
        name, value = read(item, "name", ""), read(item, "value", "")
        url = read(item, "url", "")
        if not url and name and value != "":
            asked[str(name)] = f"{quoted(str(name))}={quoted(str(value))}"
            url = f"{search}?{'&'.join(asked.values())}"
        parts.append(Part(str(label), str(url)))
    return parts


# --- files ----------------------------------------------------------------------------------------------------------


def file_icon(name: str) -> str:
    ending = PurePath(name).suffix.lstrip(".").lower()
    return next((icon for endings, icon in FILE_ICONS.items() if ending in endings.split()), "file-earmark")
