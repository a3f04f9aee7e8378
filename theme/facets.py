"""The options of a facet, as links that switch one value. Drawn here and not by a template each: a search page shows
two hundred of them, and templates took a third of its time."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from theme import pieces

DEEPEST = 6  # depth that looks deeper than the one before


@dataclass(frozen=True)
class Option:
    """One value with the address that takes it, or gives it back when it is `selected`."""

    label: Any
    count: Any
    depth: int
    icon: str
    selected: bool
    url: str
    inside: "tuple[Option, ...]" = ()


def options_of(facet: Any, asked: QueryDict) -> list[Option]:
    """{name, options: [{value, label, count?, depth?, tier?, selected?}], single?} as options of the page `asked`."""
    name = str(pieces.read(facet, "name", ""))
    single = bool(pieces.read(facet, "single", False))
    taken = asked.getlist(name)
    rest = asked.copy()
    rest.pop("page", None)
    rest.pop(name, None)
    before = f"{rest.urlencode()}&" if rest else ""
    found = []
    for item in pieces.read(facet, "options", []):
        value = str(pieces.read(item, "value", ""))
        selected = bool(pieces.read(item, "selected", value in taken))
        others = [] if single else [other for other in taken if other != value]
        tier = pieces.read(item, "tier")
        found.append(
            Option(
                label=pieces.read(item, "label", value),
                count=pieces.read(item, "count"),
                depth=pieces.read(item, "depth", 0),
                icon="" if tier is None else pieces.look(pieces.TIERS, pieces.tier_key(tier)).icon,
                selected=selected,
                url=_address(before, name, others if selected else [*others, value]),
            )
        )
    return found


def branches_of(nodes: Iterable[Any], depth: int = 0) -> list[Option]:
    """[{label, count?, selected, url, inside}] as options, each with those under it."""
    return [
        Option(
            label=pieces.read(node, "label", ""),
            count=pieces.read(node, "count"),
            depth=depth,
            icon="",
            selected=bool(pieces.read(node, "selected", False)),
            url=str(pieces.read(node, "url", "")),
            inside=tuple(branches_of(pieces.read(node, "inside", ()), min(depth + 1, DEEPEST))),
        )
        for node in nodes
    ]


def _address(before: str, name: str, values: list[str]) -> str:
    """`before` ends with the sign that joins, or is empty."""
    own = urlencode([(name, value) for value in values])
    return f"?{before}{own}" if own else f"?{before.removesuffix('&')}"


def drawn(options: Iterable[Option], *, hx_target: str, icon: Any, number: Any) -> SafeString:
    """The options as items of a list.

    icon, number   what draws an icon by its name, and a count
    """
    tick, items, target = icon("check-lg"), escape(gettext("个")), escape(hx_target)

    def line(option: Option) -> str:
        url, label = escape(option.url), conditional_escape(option.label)
        depth = f' data-depth="{option.depth:d}"' if option.depth else ""
        current = ' aria-current="true"' if option.selected else ""
        fetched = f' hx-get="{url}" hx-target="{target}" hx-push-url="true"' if hx_target else ""
        mark = f"{icon(option.icon)} " if option.icon else ""
        inside = f"<ul>{''.join(map(line, option.inside))}</ul>" if option.inside else ""
        return (
            f'<li><a class="facet-option" href="{url}" rel="nofollow"{depth}{current}{fetched}>'
            f'<span class="tick">{tick}</span><span>{mark}{label}</span>{count(option)}</a>{inside}</li>'
        )

    def count(option: Option) -> str:
        if option.count is None:
            return ""
        counted = conditional_escape(number(option.count))
        return f'<span class="count">{counted}<span class="sr-only"> {items}</span></span>'

    return mark_safe("".join(map(line, options)))  # noqa: S308  every line was escaped
