"""What stands inside a line of text, as HTML: dates, numbers, icons, badges. `templatetags/theme.py` gives them to
templates; cards and facets, which are drawn without templates, ask for them here."""

from functools import lru_cache
from html import escape
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from theme import pieces, words


def html(text: Any) -> str:
    """As `conditional_escape`, at a quarter of its cost."""
    return text.__html__() if hasattr(text, "__html__") else escape(str(text))


def fetched(target: Any, *, show: str = "none") -> SafeString:
    """Attributes of an element whose links are fetched by htmx into `target`: said once, and not by each of them. Their
    addresses are those of the page; whoever asks for a new tab (Ctrl) gets one.

    show  what is scrolled to afterwards, as htmx has it; nothing when left out
    """
    if not target:
        return SafeString("")
    swap = f"innerHTML show:{html(show)}"
    return SafeString(f' hx-boost="true" hx-target="{html(target)}" hx-push-url="true" hx-swap="{swap}"')


def zh_date(value: Any, form: str = "") -> SafeString:
    """2026年11月21日 in a <time>. Forms: "time" adds 14:05, "short" leaves out this year, "month" the day."""
    at = words.moment(value)
    if at is None:
        return mark_safe("")
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), words.zh_date(at, form))


def since(value: Any) -> SafeString:
    """3 小时前, 昨天; after a week the date. A <time> with the exact moment in its title."""
    at = words.moment(value)
    if at is None:
        return mark_safe("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), words.zh_date(at, "time"), words.since(at)
    )


def big_number(value: Any) -> SafeString:
    """1.2 万, with the exact figure in its title; below 10,000 the figure itself."""
    text = words.big_number(value)
    if text == words.exact(value) or not text:
        return format_html('<span class="keep">{}</span>', text)
    return format_html('<span class="keep" title="{}">{}</span>', words.exact(value), text)


def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite (names: theme/vendor.py). With `label` it speaks; without, it stands beside words."""
    if not name:
        return mark_safe("")
    return _icon(name, str(label))


@lru_cache(maxsize=1000, typed=True)  # escaped text is not the same text unescaped
def _icon(name: str, label: str) -> SafeString:
    place = f"{static('vendor/icons/sprite.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, place)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', place)


def badge_state(state: Any, label: str = "") -> SafeString:
    """A state as icon and word, in its hue."""
    look = pieces.look(pieces.STATES, state)
    return SafeString(
        f'<span class="badge {look.css}">{icon(look.icon)}<span>{html(label or look.label)}</span></span>'
    )


def progress(value: Any, maximum: Any = 1, *, label: str = "", text: str = "") -> SafeString:
    """How far: `value` of `maximum`. `text` replaces the percentage beside the bar (5 / 18 课)."""
    done, whole = float(value or 0), float(maximum or 1)
    share = min(max(done / whole, 0), 1)
    said = text or (gettext("还没开始") if share == 0 else gettext("已完成") if share == 1 else words.percent(share))
    name = html(label or gettext("进度"))
    return SafeString(
        f'<div class="progress"><progress value="{share:.4f}" max="1" aria-label="{name}"></progress>'
        f'<span class="number">{html(said)}</span></div>'
    )
