"""Cards, seals and curriculum lines. Drawn here and not by templates: a search page shows twenty cards, and templates
took six times as long. Whatever a caller hands in passes through `html` on its way, and only once."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from theme import pieces, words
from theme.inline import badge_state, big_number, html, icon, progress, since, zh_date
from theme.pieces import read


class Here(NamedTuple):
    """What all that is drawn of a page shares: asked once, since asking takes as long as drawing."""

    search: str
    language: str | None


def _here() -> Here:
    return Here(pieces.search_address(), get_language())


# --- the card -------------------------------------------------------------------------------------------------------


def card(value: Any, heading: int = 3, actions: str = "") -> SafeString:
    """One work. {title, url, kind, kind_label?, cover?, slip?, curriculum, author, author_url?, school, school_url?,
    seal?, adoptions?, progress? (0 to 1), progress_label?, state?, state_label?, path?, due?, excerpt? and marked?
    (what it says and the title, safe HTML with <mark>), why? (it is shown here), at?, at_label?}

    actions   what can be done with it, safe HTML
    """
    return _card(value, heading, actions, _here())


def _card(value: Any, heading: int, actions: str, here: Here) -> SafeString:
    look = pieces.look(pieces.KINDS, read(value, "kind", "resource"))
    kind = str(read(value, "kind_label") or look.label)
    subject, line = _line(read(value, "curriculum"), "", here)
    title = html(str(read(value, "title", "")))
    marked = read(value, "marked", "")
    level = html(heading)
    return SafeString(
        f'<article class="card {look.css}"><div class="card-frame">\n{_cover(value, subject, kind)}'
        '<div class="card-words">\n<div class="card-eyebrow">'
        f'<span class="kind">{icon(look.icon)}<span>{html(kind)}</span></span>{_state(value)}</div>\n'
        f'<h{level} class="card-title"><a href="{html(str(read(value, "url", "")))}" title="{title}">'
        f"{html(marked) if marked else title}</a></h{level}>\n"
        f"{line}{_told(value, 'excerpt')}{_told(value, 'why')}{_by(value)}{_path(value)}{_progress(value)}</div>\n"
        f'<div class="card-side">{_seal(read(value, "seal"), here)}{_due(value)}{_adopted(value, here)}'
        f"{_at(value)}{_actions(actions)}</div>\n</div></article>"
    )


def hits(found: Iterable[Any], why: str) -> SafeString:
    """What a search found: {card, why?} each, drawn at once. `why`: what the link to its own address `why` says."""
    told, here = html(why), _here()
    return SafeString("".join([_hit(item, told, here) for item in found]))


def _hit(item: Any, told: str, here: Here) -> str:
    shown, url = read(item, "card"), read(item, "why", "")
    link = ""
    if url:
        title = html(read(shown, "title", ""))
        link = f'<a class="hit-why" href="{html(url)}" rel="nofollow">{told}<span class="sr-only">{title}</span></a>'
    return f'<div class="hit">{_card(shown, 3, "", here)}{link}</div>'


def _cover(value: Any, subject: str, kind: str) -> str:
    cover = str(read(value, "cover", ""))
    if cover:
        image = f'<img src="{html(cover)}" alt="" loading="lazy" width="320" height="180">'
        return f'<div class="card-cover">{image}</div>\n'
    slip = str(read(value, "slip", "")) or _slip(subject, kind)
    long = ' class="long"' if len(slip) > 4 else ""
    return f'<div class="card-cover slip" aria-hidden="true"><span{long}>{html(slip)}</span></div>\n'


def _slip(subject: str, kind: str) -> str:
    """What the title slip has room for: the subject, else the kind, else the last word of it: 成果 of 应用研究成果."""
    last = kind.replace("-", " ").rpartition(" ")[2]
    short = last[-2:] if last >= "\u2e80" else ""
    return next((words for words in (subject, kind, last, short) if 0 < _length(words) <= 5), "")


def _length(words: str) -> float:
    """In Chinese characters; others lie on their side and are half as long."""
    return sum(1 if letter >= "\u2e80" else 0.45 for letter in words)


def _state(value: Any) -> str:
    state = pieces.key_of(read(value, "state", ""))
    return badge_state(state, str(read(value, "state_label", ""))) if state else ""


def _told(value: Any, field: str) -> str:
    said = read(value, field, "")
    return f'<p class="card-{field}">{html(said)}</p>\n' if said else ""


def _by(value: Any) -> str:
    names = _name(value, "author", "author_url") + _name(value, "school", "school_url")
    return f'<p class="card-by">{names}</p>\n' if names else ""


def _name(value: Any, who: str, where: str) -> str:
    name = str(read(value, who, ""))
    if not name:
        return ""
    url = str(read(value, where, ""))
    return f'<a class="name" href="{html(url)}">{html(name)}</a>' if url else f'<span class="name">{html(name)}</span>'


def _path(value: Any) -> str:
    """By its template: few cards have one, and none of a search."""
    path = read(value, "path")
    return render_to_string("theme/components/path.html", {"path": pieces.path(path)}) if path else ""


def _progress(value: Any) -> str:
    share = read(value, "progress")
    if share is None:
        return ""
    return progress(share, label=str(read(value, "title", "")), text=str(read(value, "progress_label", "")))


def _due(value: Any) -> str:
    left, pressing = words.remaining(read(value, "due"))
    hue = "overdue" if pressing == "overdue" else "due-soon" if pressing else ""
    return f'<span class="keep {hue}">{html(left)}</span>' if left else ""


def _adopted(value: Any, here: Here) -> str:
    adoptions = read(value, "adoptions")
    return _times(adoptions, here.language) if adoptions else ""


@lru_cache(maxsize=2000, typed=True)
def _times(adoptions: Any, _language: str | None) -> str:
    said = html(gettext("选用 %(n)s 次")) % {"n": big_number(adoptions)}
    return f'<span class="adopted">{said}</span>'


def _at(value: Any) -> str:
    at = read(value, "at")
    if not at:
        return ""
    label = str(read(value, "at_label", ""))
    return f'<span class="keep">{html(label)}{" " if label else ""}{since(at)}</span>'


def _actions(actions: str) -> str:
    return f'<div class="card-actions">{html(actions)}</div>' if actions else ""


# --- the curriculum line --------------------------------------------------------------------------------------------


PART = ("label", "name", "value", "url")


def curriculum_line(parts: Iterable[Any], size: str = "") -> SafeString:
    """Stage to chapter. Each part: {label, name, value} (a search argument) or {label, url}. size="large" on a page."""
    return SafeString(_line(parts, " curriculum--large" if size == "large" else "", _here())[1])


def _line(parts: Iterable[Any] | None, css: str, here: Here) -> tuple[str, str]:
    """The subject, and the line drawn; both empty without parts."""
    texts = [str(read(part, name, "")) for part in parts or () for name in PART]
    return _drawn_line(here, css, *texts) if texts else ("", "")


@lru_cache(maxsize=4000, typed=True)  # text by text: escaped text is not the same text unescaped
def _drawn_line(here: Here, css: str, *texts: str) -> tuple[str, str]:
    given = [dict(zip(PART, texts[at : at + len(PART)], strict=True)) for at in range(0, len(texts), len(PART))]
    parts = pieces.curriculum(given, here.search)
    if not parts:
        return "", ""
    name = html(gettext("课程位置"))
    items = "".join([f"<li>{_linked(label, url)}</li>" for label, url in parts])
    subject = parts[1] if len(parts) > 1 else parts[0]
    return subject.label, f'<ul class="curriculum{css}" aria-label="{name}">{items}</ul>\n'


def _linked(label: str, url: str) -> str:
    return f'<a href="{html(url)}">{html(label)}</a>' if url else html(label)


# --- the seal -------------------------------------------------------------------------------------------------------


def seal(value: Any, size: str = "") -> SafeString:
    """The review seal. `value`: {tier, at?, organisation?, rubric?, version?, url?, title?, short?} or None.
    size="small"."""
    if not value:
        return SafeString("")
    return _seal(value, _here()) if size == "small" else _large_seal(value)


def _seal(value: Any, here: Here) -> SafeString:
    if not value:
        return SafeString("")
    at = words.moment(read(value, "at"))
    # the day, and not the moment: it is all that is shown, and holds whatever the time zone
    return _small_seal(_tier(value), str(read(value, "short") or ""), at.date() if at else None, here.language)


def _tier(value: Any) -> str:
    return pieces.tier_key(read(value, "tier", "school"))


@lru_cache(maxsize=4000, typed=True)  # escaped text is not the same text unescaped
def _small_seal(tier: str, short: str, day: dt.date | None, _language: str | None) -> SafeString:
    at = f' title="{html(words.zh_date(day))}"' if day else ""
    said = short or pieces.SEAL_SHORT.get(tier) or gettext("评审通过")
    return SafeString(
        f'<span class="seal seal--small seal--{html(tier)}"{at}>'
        f'<span class="seal-stamp" aria-hidden="true"><span>{_stamp(tier)}</span></span>'
        f'<span class="seal-title">{html(said)}</span></span>'
    )


def _large_seal(value: Any) -> SafeString:
    tier = _tier(value)
    url, organisation = str(read(value, "url", "")), str(read(value, "organisation", ""))
    rubric, version = str(read(value, "rubric", "")), read(value, "version")
    element, place = ("a", f' href="{html(url)}"') if url else ("div", "")
    title = read(value, "title") or pieces.SEAL_TITLES.get(tier) or gettext("评审通过")
    by = f'<span class="keep">{html(organisation)}</span>' if organisation else ""
    edition = _filled(gettext("第 %(n)s 版"), n=version) if version else ""
    edition = f'<span class="keep">{edition}</span>' if edition else ""
    rule = _filled(gettext("依《%(rubric)s》"), rubric=rubric) if rubric else ""
    below = f'<span class="detail">{_joined(edition, rule)}</span>' if edition or rule else ""
    deed = "审核" if tier == "school" else "审定"  # carved, not translated
    return SafeString(
        f'<{element}{place} class="seal seal--{html(tier)}">'
        f'<span class="seal-stamp" aria-hidden="true"><span>{_stamp(tier)}级\n{deed}</span></span>\n'
        f'<span class="seal-words">\n<span class="seal-title">{html(title)}</span>\n'
        f'<span class="detail">{_joined(by, zh_date(read(value, "at")))}</span>\n{below}\n</span>\n</{element}>'
    )


def _stamp(tier: str) -> str:
    return pieces.STAMPS.get(tier, "审")


def _filled(text: str, **values: Any) -> str:
    return html(text) % {name: html(value) for name, value in values.items()}


def _joined(*parts: str) -> str:
    return " · ".join([part for part in parts if part])
