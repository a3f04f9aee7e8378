"""The options of a facet, as links that switch one value. Drawn here and not by templates: a search page shows two
hundred of them, and templates took a third of its time."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from theme import pieces
from theme.inline import big_number, fetched, html, icon
from theme.pieces import quoted

DEEPEST = 6  # depth that looks deeper than the one before


class Option(NamedTuple):
    """One value with the address that takes it, or gives it back when it is `selected`."""

    label: Any
    count: Any
    depth: int
    icon: str
    selected: bool
    url: str
    inside: "tuple[Option, ...]" = ()


def options_of(facet: Any, asked: QueryDict) -> list[Option]:
    """{name, options: [{value, label, count?, depth?, tier?, selected?}], single?, taken?, emptied?} as options of the
    page `asked`.

    taken    values that hold; those of the query where it does not say so
    emptied  the address with none of them, where that is more than the query without the name
    """
    name = str(pieces.read(facet, "name", ""))
    taken = pieces.read(facet, "taken", asked.getlist(name))
    emptied = str(pieces.read(facet, "emptied", ""))
    kept = [] if pieces.read(facet, "single", False) else taken
    rest = {other: values for other, values in asked.lists() if other not in ("page", name)}
    before = f"{urlencode(rest, doseq=True, quote_via=quoted)}&" if rest else ""
    own = f"{quoted(name)}="
    found = []
    for item in pieces.read(facet, "options", []):
        value = str(pieces.read(item, "value", ""))
        selected = bool(pieces.read(item, "selected", value in taken))
        tier = pieces.read(item, "tier")
        found.append(
            Option(
                label=pieces.read(item, "label", value),
                count=pieces.read(item, "count"),
                depth=pieces.read(item, "depth", 0),
                icon="" if tier is None else pieces.look(pieces.TIERS, pieces.tier_key(tier)).icon,
                selected=selected,
                url=_address(before, own, _switched(kept, value, selected), emptied),
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


def _switched(kept: Sequence[str], value: str, selected: bool) -> list[str]:
    others = [other for other in kept if other != value]
    return others if selected else [*others, value]


def _address(before: str, own: str, values: Sequence[str], emptied: str) -> str:
    """`before` ends with the sign that joins, or is empty; `own` is the name with its sign."""
    if not values:
        return emptied or f"?{before.removesuffix('&')}"
    return f"?{before}{'&'.join([own + quoted(value) for value in values])}"


def group(label: Any, options: Sequence[Option], *, shown: int, is_open: bool, hx_target: str) -> SafeString:
    """The options under their name, those behind the first `shown` folded away."""
    lines = _lines()
    folded = options[shown:]
    more = ""
    if folded:
        opened = " open" if any(option.selected for option in folded) else ""
        summary = escape(gettext("再看 %(n)s 项") % {"n": len(folded)})
        more = f'<details class="facet-more"{opened}><summary>{summary}</summary><ul>{lines(folded)}</ul></details>'
    return SafeString(
        f'<details class="facet"{" open" if is_open else ""}{fetched(hx_target)}>'
        f"<summary>{html(label)}{icon('chevron-down')}</summary>"
        f"<ul>{lines(options[:shown])}</ul>{more}</details>"
    )


def _lines() -> Callable[[Iterable[Option]], str]:
    """What draws options as items of a list."""
    tick, language = icon("check-lg"), get_language()

    def line(option: Option) -> str:
        label, count, depth, own, selected, url, inside = option
        url = escape(url)
        deeper = f' data-depth="{depth:d}"' if depth else ""
        current = ' aria-current="true"' if selected else ""
        mark = f"{icon(own)} " if own else ""
        counted = "" if count is None else _count(count, language)
        under = f"<ul>{lines(inside)}</ul>" if inside else ""
        return (
            f'<li><a class="facet-option" href="{url}" rel="nofollow"{deeper}{current}>'
            f'<span class="tick">{tick}</span><span>{mark}{html(label)}</span>{counted}</a>{under}</li>'
        )

    def lines(options: Iterable[Option]) -> str:
        return "".join(map(line, options))

    return lines


@lru_cache(maxsize=5000, typed=True)
def _count(value: Any, _language: str | None) -> str:
    """A count, said aloud with what is counted; the same wherever there are so many."""
    counted, items = big_number(value), escape(gettext("个"))
    return f'<span class="count">{counted}<span class="sr-only"> {items}</span></span>'
