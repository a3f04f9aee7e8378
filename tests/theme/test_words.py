"""Dates, spans, numbers and sizes, as they are said."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from theme import words

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        (dt.date(2026, 11, 21), "", "2026年11月21日"),
        (dt.datetime(2026, 11, 20, 18, 5, tzinfo=dt.UTC), "", "2026年11月21日"),  # already the next day in Hangzhou
        (dt.datetime(2026, 11, 20, 18, 5, tzinfo=dt.UTC), "time", "2026年11月21日 02:05"),
        ("2026-09-01", "month", "2026年9月"),
        ("2026-09-01T08:00:00+08:00", "", "2026年9月1日"),
        (dt.date(1999, 1, 2), "short", "1999年1月2日"),
        (None, "", ""),
        ("soon", "", ""),
    ],
)
def test_date(value: Any, form: str, said: str) -> None:
    assert words.zh_date(value, form) == said


def test_this_year_may_go_without_its_year() -> None:
    today = dt.datetime.now(tz=SHANGHAI)
    assert words.zh_date(today, "short") == f"{today.month}月{today.day}日"


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (dt.timedelta(seconds=59), "刚刚"),
        (dt.timedelta(seconds=60), "1 分钟前"),
        (dt.timedelta(minutes=59), "59 分钟前"),
        (dt.timedelta(hours=3), "3 小时前"),
        (dt.timedelta(hours=9, minutes=31), "昨天"),  # by the calendar, not by 24 hours
        (dt.timedelta(days=2), "前天"),
        (dt.timedelta(days=7), "7 天前"),
    ],
)
def test_since(gone: dt.timedelta, said: str) -> None:
    assert words.since(NOW - gone, NOW) == said


def test_since_becomes_a_date_after_a_week_and_for_what_lies_ahead() -> None:
    assert words.since(NOW - dt.timedelta(days=8), NOW).endswith("11月13日")
    assert words.since(NOW + dt.timedelta(minutes=5), NOW).endswith("11月21日")


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (NOW + dt.timedelta(days=4), ("剩 4 天", "")),
        (NOW + dt.timedelta(days=1), ("明天到期", "soon")),
        (NOW + dt.timedelta(hours=1), ("今天到期", "soon")),
        (NOW.date(), ("今天到期", "soon")),  # a bare date lasts to its end
        (NOW - dt.timedelta(hours=1), ("已逾期", "overdue")),
        (NOW - dt.timedelta(days=2), ("逾期 2 天", "overdue")),
        (None, ("", "")),
    ],
)
def test_remaining(due: Any, said: tuple[str, str]) -> None:
    assert words.remaining(due, NOW) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"), (9_999, "9,999"), (10_000, "1 万"), (12_864, "1.2 万"), (19_999, "1.9 万"),
        (99_999_999, "9,999.9 万"),
        (100_000_000, "1 亿"), (-12_864, "-1.2 万"), ("", ""), (None, ""),
    ],
)  # fmt: skip
def test_big_number_never_says_more_than_there_is(value: Any, said: str) -> None:
    assert words.big_number(value) == said


@pytest.mark.parametrize(
    ("value", "said"), [(9_999, "9,999"), (12_864, "12.8K"), (999_999, "999.9K"), (-3_400_000, "-3.4M")]
)
def test_big_number_counts_in_thousands_for_an_english_reader(value: int, said: str) -> None:
    with override("en"):
        assert words.big_number(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0 B"), (1023, "1023 B"), (84_210, "82 KB"), (6_820_113, "6.5 MB"), (524_288_000, "500 MB"),
     (1_288_490_188, "1.2 GB"), (None, "")],
)  # fmt: skip
def test_size(value: Any, said: str) -> None:
    assert words.filesize_zh(value) == said


@pytest.mark.parametrize(
    ("value", "said", "heard"),
    [(0, "0:00", "0 秒"), (48, "0:48", "48 秒"), (492, "8:12", "8 分 12 秒"), (3725, "1:02:05", "1 小时 2 分 5 秒"),
     (dt.timedelta(minutes=8), "8:00", "8 分"), (None, "", ""), (-1, "", "")],
)  # fmt: skip
def test_duration(value: Any, said: str, heard: str) -> None:
    assert (words.duration(value), words.duration_words(value)) == (said, heard)
