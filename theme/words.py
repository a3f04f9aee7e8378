"""How dates, spans of time, numbers and sizes are said on a page. Pure: no request, no database."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language, gettext, pgettext

DAY = dt.timedelta(days=1)


def moment(value: Any) -> dt.datetime | None:
    """A date, a moment or its ISO text, as a moment in the site's time zone; None for anything else."""
    if isinstance(value, str):
        value = parse_datetime(value) if len(value) > len("2026-11-21") else parse_date(value)
    if isinstance(value, dt.datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else timezone.make_aware(value)
    if isinstance(value, dt.date):
        return timezone.make_aware(dt.datetime.combine(value, dt.time()))
    return None


def zh_date(value: Any, form: str = "") -> str:
    """2026年11月21日; `form` "time" adds 14:05, "short" drops this year's year, "month" stops at the month."""
    at = moment(value)
    if at is None:
        return ""
    if form == "month":
        pattern = gettext("Y年n月")
    elif form == "short" and at.year == timezone.localtime().year:
        pattern = gettext("n月j日")
    else:
        pattern = gettext("Y年n月j日")
    if form == "time":
        pattern += " H:i"
    return formats.date_format(at, pattern)


def since(value: Any, now: dt.datetime | None = None) -> str:
    """How long ago, in words, up to a week; then the date. What lies ahead is said as a date too."""
    at = moment(value)
    if at is None:
        return ""
    here = timezone.localtime(now) if now else timezone.localtime()
    seconds = (here - at).total_seconds()
    days = (here.date() - at.date()).days
    if seconds < 0 or days > 7:
        return zh_date(at, "short")
    if seconds < 60:
        return gettext("刚刚")
    if seconds < 3600:
        return gettext("%(n)s 分钟前") % {"n": int(seconds // 60)}
    if days == 0:
        return gettext("%(n)s 小时前") % {"n": int(seconds // 3600)}
    if days == 1:
        return gettext("昨天")
    if days == 2:
        return gettext("前天")
    return gettext("%(n)s 天前") % {"n": days}


def remaining(due: Any, now: dt.datetime | None = None) -> tuple[str, str]:
    """What is left until `due`, and how it presses: "" (time enough), "soon" (today, tomorrow), "overdue"."""
    at = moment(due)
    if at is None:
        return "", ""
    here = timezone.localtime(now) if now else timezone.localtime()
    days = (at.date() - here.date()).days
    if days < 0:
        return gettext("逾期 %(n)s 天") % {"n": -days}, "overdue"
    if days == 0:
        # a bare date (midnight) is due until the end of that day
        if at < here and at.time() != dt.time():
            return gettext("已逾期"), "overdue"
        return gettext("今天到期"), "soon"
    if days == 1:
        return gettext("明天到期"), "soon"
    return gettext("剩 %(n)s 天") % {"n": days}, ""


def exact(value: Any) -> str:
    """12,345"""
    try:
        return f"{Decimal(str(value)):,}"
    except (InvalidOperation, ValueError):
        return str(value)


UNITS = {
    "zh": ((100_000_000, "%(n)s 亿"), (10_000, "%(n)s 万")),
    "en": ((1_000_000, "%(n)sM"), (1_000, "%(n)sK")),
}
"""How a language counts what is large: no translation of a word, since 万 is not a thousand."""


def big_number(value: Any) -> str:
    """9,999, then 1.2 万, then 3.4 亿 (12.8K, 340M): cut, never rounded up, so that nothing looks more than it is."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        return ""
    if abs(number) < 10_000:
        return exact(number)
    for unit, word in UNITS["en" if (get_language() or "").startswith("en") else "zh"]:
        if abs(number) >= unit:
            tenths = abs(number) * 10 // unit
            text = f"{tenths // 10:,}" + (f".{tenths % 10}" if tenths % 10 else "")
            return ("-" if number < 0 else "") + word % {"n": text}
    return exact(number)


def filesize_zh(value: Any) -> str:
    """820 B, 12 KB, 3.4 MB: 1024 to the step, one decimal from MB on."""
    try:
        size = float(value)
    except (TypeError, ValueError):
        return ""
    if size < 1024:
        return f"{int(size)} B"
    for unit in ("KB", "MB", "GB", "TB"):
        size /= 1024
        if size < 1024 or unit == "TB":
            break
    return f"{size:.0f} {unit}" if unit == "KB" or size >= 100 else f"{size:.1f} {unit}"


def percent(value: Any) -> str:
    """0.375 as 37%: cut, so that only what is finished says 100%."""
    try:
        return f"{int(float(value) * 100)}%"
    except (TypeError, ValueError):
        return ""


def seconds_of(value: Any) -> int | None:
    if isinstance(value, dt.timedelta):
        return int(value.total_seconds())
    try:
        return int(float(value))
    except (TypeError, ValueError):
        return None


def duration(value: Any) -> str:
    """Seconds or a timedelta as 8:05 or 1:02:05."""
    seconds = seconds_of(value)
    if seconds is None or seconds < 0:
        return ""
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def duration_words(value: Any) -> str:
    """The same for the ear: 8 分 5 秒."""
    seconds = seconds_of(value)
    if seconds is None or seconds < 0:
        return ""
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = (
        (hours, gettext("%(n)s 小时")),
        (minutes, pgettext("duration", "%(n)s 分")),
        (seconds, gettext("%(n)s 秒")),
    )
    return " ".join(word % {"n": n} for n, word in parts if n) or gettext("%(n)s 秒") % {"n": 0}
