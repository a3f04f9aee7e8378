"""The components. `{% load theme %}`; what each one needs is said here or, where it is only registered here, in
`theme.inline`, `theme.cards` and `theme.frame`; what it looks like is on /theme/ (the gallery).

Values come in as plain dicts or any objects with the same names (see `theme.pieces`); nothing here asks the database.
Block tags (`card_with`, `drawer`, `note`) take what stands between them as their content.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from theme import cards, facets, frame, inline, pieces, words

register = Library()
COMPONENTS = "theme/components/"
WORDS = (inline.zh_date, inline.since, inline.big_number, words.percent, words.filesize_zh)
DRAWN = (inline.icon, inline.badge_state, inline.progress, cards.card, cards.hits, cards.seal, cards.curriculum_line)
for spoken in WORDS:
    register.filter(spoken)
for drawn in DRAWN:
    register.simple_tag(drawn)
register.filter("zh_date_text", words.zh_date)  # bare text, for attributes, titles and mails
register.simple_tag(frame.page_lang)
register.inclusion_tag(COMPONENTS + "nav.html", takes_context=True)(frame.nav)
register.inclusion_tag(COMPONENTS + "account_menu.html", takes_context=True)(frame.account_menu)
register.inclusion_tag(COMPONENTS + "language_switch.html")(frame.language_switch)
register.inclusion_tag(COMPONENTS + "search_box.html")(frame.search_box)

FACET_OPTIONS_SHOWN = 8


def query_of(context: Context) -> QueryDict:
    request = frame.request_of(context)
    return request.GET.copy() if request else QueryDict(mutable=True)


def as_address(query: QueryDict) -> str:
    return f"?{query.urlencode()}" if query else "?"


def rendered(content: str) -> SafeString:
    """What stands inside a block tag: Django has rendered and escaped it; only the room around it is cut."""
    return mark_safe(content.strip())  # noqa: S308


# --- filters --------------------------------------------------------------------------------------------------------


@register.filter
def duration(value: Any) -> SafeString:
    """Seconds or a timedelta: 8:05, read aloud as 8 分 5 秒."""
    text = words.duration(value)
    if not text:
        return mark_safe("")
    seconds = words.seconds_of(value)
    return format_html(
        '<time class="keep" datetime="PT{}S" title="{}">{}</time>', seconds, words.duration_words(value), text
    )


@register.filter
def minutes_of(value: dt.timedelta) -> int:
    """A span in whole minutes, at least one."""
    return max(1, round(value.total_seconds() / 60))


# --- small things ---------------------------------------------------------------------------------------------------


@register.simple_tag
def kind_icon(kind: Any) -> SafeString:
    shown = pieces.look(pieces.KINDS, kind)
    return format_html(
        '<span class="kind {}">{}<span>{}</span></span>', shown.css, inline.icon(shown.icon), shown.label
    )


@register.simple_tag
def address(name: str, *args: Any, fallback: str = "", **kwargs: Any) -> str:
    """`{% url %}` that answers with `fallback`, instead of an error, while a room has no such page."""
    return pieces.address(name, *args, fallback=fallback, **kwargs)


@register.simple_tag(takes_context=True)
def query_without(context: Context, name: str, value: Any = None) -> str:
    """This page's query without one value of `name` (or without `name` at all), from its first page on."""
    query = query_of(context)
    kept = [] if value is None else [v for v in query.getlist(name) if v != str(value)]
    query.pop("page", None)
    query.pop(name, None)
    if kept:
        query.setlist(name, kept)
    return as_address(query)


# --- signature pieces -----------------------------------------------------------------------------------------------


@register.inclusion_tag(COMPONENTS + "path.html")
def path(value: Any) -> dict[str, Any]:
    """The five steps. `value`: {steps: [{key, state, label?, who?, since?, due?} x5], note?} or the list of steps.

    key: draft, school_review (or trial), expert_review, published, shared, or an end off the path (returned, rejected,
    withdrawn, superseded, retired); state: done, current, stopped, todo.
    """
    return {"path": pieces.path(value)}


@register.inclusion_tag(COMPONENTS + "ladder.html")
def ladder(rungs: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Province to school. Each rung: {tier, label, url?}; the last is where we are. `label` names a second ladder."""
    shown = [
        {
            "icon": pieces.look(pieces.TIERS, pieces.tier_key(pieces.read(rung, "tier"))).icon,
            "label": pieces.read(rung, "label") or pieces.read(rung, "name", ""),
            "url": pieces.read(rung, "url", ""),
        }
        for rung in rungs or []
    ]
    return {"rungs": shown, "label": label}


@register.simple_block_tag(end_name="endcard_with")
def card_with(content: str, value: Any, heading: int = 3) -> str:
    """The card with things to do: `{% card_with work %}<a class="button button--small">…</a>{% endcard_with %}`."""
    return cards.card(value, heading, rendered(content))


@register.inclusion_tag(COMPONENTS + "statement_line.html")
def statement_line(line: Any) -> dict[str, Any]:
    """{amount, reason, url?, cause?, rule?, rule_url?, at, balance?, undone?}: amount signed, cause names the link."""
    amount = pieces.read(line, "amount", 0)
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    balance = pieces.read(line, "balance")
    return {
        "line": line,
        "amount": f"{sign}{words.exact(abs(amount))}",
        "minus": amount < 0,
        "balance": None if balance is None else words.exact(balance),  # a ledger is exact
    }


# --- parts ----------------------------------------------------------------------------------------------------------


@register.inclusion_tag(COMPONENTS + "empty_state.html")
def empty_state(
    title: str,
    text: str = "",
    *,
    action: str = "",
    url: str = "",
    second: str = "",
    second_url: str = "",
    drawing: str = "shelf",
    heading: int = 2,
) -> dict[str, Any]:
    """Nothing here yet, and what to do first. drawing: shelf, tray, lens, desk, door."""
    return {
        "title": title,
        "text": text,
        "action": action,
        "url": url,
        "second": second,
        "second_url": second_url,
        "drawing": drawing,
        "heading": heading,
    }


@register.inclusion_tag(COMPONENTS + "pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], *, hx_target: str = "", label: str = "") -> dict[str, Any]:
    """A Django Page. Keeps the rest of the query; with `hx_target` htmx replaces that element. `label`: of a second."""
    query = query_of(context)
    query.pop("page", None)
    first = as_address(query)

    def link(number: int | str) -> str:
        return first if number == 1 else f"{first}{'&' if query else ''}page={number}"

    ellipsis = str(page.paginator.ELLIPSIS)
    pages = [
        {"number": n, "url": "" if str(n) == ellipsis else link(n), "current": n == page.number}
        for n in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    return {
        "page": page,
        "pages": pages,
        "previous": link(page.number - 1) if page.has_previous() else "",
        "next": link(page.number + 1) if page.has_next() else "",
        "label": label,
        "fetched": inline.fetched(hx_target, show=f"{hx_target}:top"),
    }


@register.simple_tag(takes_context=True)
def facet_group(context: Context, facet: Any, *, hx_target: str = "", is_open: bool = True) -> SafeString:
    """{name, label, options: [{value, label, count?, depth?, tier?, selected?}], single?, taken?, emptied?}. Options
    are links that switch `?name=value`; what is chosen is read from the query unless the facet or an option says so.
    """
    request = frame.request_of(context)
    options = facets.options_of(facet, request.GET if request else QueryDict())
    many = len(options) > FACET_OPTIONS_SHOWN + 2
    return facets.group(
        pieces.read(facet, "label", ""),
        options,
        shown=FACET_OPTIONS_SHOWN if many else len(options),
        is_open=is_open,
        hx_target=hx_target,
    )


@register.simple_tag
def facet_tree(tree: Any, *, hx_target: str = "") -> SafeString:
    """{label, branches: [{label, count?, selected, url, inside: […]}]}: choices under choices, with their addresses."""
    options = facets.branches_of(pieces.read(tree, "branches", ()))
    label = pieces.read(tree, "label", "")
    return facets.group(label, options, shown=len(options), is_open=True, hx_target=hx_target)


@register.inclusion_tag(COMPONENTS + "chip.html")
def chip(
    label: str, *, about: str = "", url: str = "", remove: str = "", icon: str = "", chosen: bool = False
) -> dict[str, Any]:
    """A word with an edge. `about`: what it is (学科); `url`: it leads somewhere; `remove`: address without it."""
    return {"label": label, "about": about, "url": url, "remove": remove, "icon": icon, "chosen": chosen}


@register.inclusion_tag(COMPONENTS + "form_field.html")
def form_field(field: Any, label: str = "", *, show_help: bool = True) -> dict[str, Any]:
    """A bound Django field with label, help, errors and widget, tied together for readers of screens."""
    if not show_help:
        field.help_text = ""  # of this bound field only; its aria-describedby follows
    return {"field": field, "given_label": label}


@register.inclusion_tag(COMPONENTS + "form_errors.html")
def form_errors(form: Any, *, focus: bool = True) -> dict[str, Any]:
    """Above a form: what is wrong, each with a link to its field. Nothing when all is well."""
    return {"form": form, "focus": focus}


@register.inclusion_tag(COMPONENTS + "checklist.html")
def checklist(items: Iterable[Any], *, heading: str = "", level: int = 2) -> dict[str, Any]:
    """Before a submission. Each item: {label, done, url?, detail?}; url leads to the field that is missing."""
    shown = list(items or [])
    return {
        "items": shown,
        "heading": heading,
        "level": level,
        "missing": sum(not pieces.read(item, "done", False) for item in shown),
    }


@register.inclusion_tag(COMPONENTS + "timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """The history, newest first. {at, text, who?, role?, state? (hue and icon), icon?, note?, version?, url?}"""
    shown = []
    for entry in entries or []:
        state = pieces.look(pieces.STATES, pieces.read(entry, "state", ""))
        shown.append({"entry": entry, "css": state.css, "icon": pieces.read(entry, "icon") or state.icon or "circle"})
    return {"entries": shown}


@register.inclusion_tag(COMPONENTS + "file_row.html")
def file_row(file: Any) -> dict[str, Any]:
    """{name, size, url?, download_url?, duration?, pages?, detail?, state? (text: 正在生成预览), removable_url?}"""
    return {"file": file, "icon": pieces.file_icon(str(pieces.read(file, "name", "")))}


@register.inclusion_tag(COMPONENTS + "player.html", takes_context=True)
def player(context: Context, media: Any) -> dict[str, Any]:
    """{src, title, type?, poster?, duration?, captions?: [{src, lang, label, default?}], chapters?, start? (seconds),
    id?, transcript_url?, download_url?}. A plain <video> that video.js takes over; listen on the element itself
    (`[data-player]`) for timeupdate and ended.
    """
    return {"media": media, "nonce": context.get("csp_nonce", "")}


@register.simple_block_tag(end_name="endnote")
def note(content: str, kind: str = "info") -> str:
    """A sentence to the reader. kind: info, attention, done."""
    return render_to_string(COMPONENTS + "note.html", {"content": rendered(content), "kind": kind})


@register.simple_block_tag(takes_context=True, end_name="enddrawer")
def drawer(context: Context, content: str, id: str, *, label: str, count: int = 0, results: str = "") -> str:
    """Beside the page on wide screens; on phones a button that brings it from below. `results`: text of its closing
    button (看 128 个结果)."""
    return render_to_string(
        COMPONENTS + "drawer.html",
        {"content": rendered(content), "id": id, "label": label, "count": count, "results": results},
    )
