"""Cards, seals and curriculum lines: every part is there, escaped once, in the language of the page."""

import datetime as dt
from typing import Any

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import override

from theme import samples
from theme.cards import card, curriculum_line, hits, seal
from theme.inline import badge_state, html, icon, progress

pytestmark = pytest.mark.urls("tests.theme.urls")

WORK: dict[str, Any] = {
    "title": "分数",
    "url": "/works/1/",
    "kind": "resource",
    "author": "李老师",
    "school": "求知小学",
}
RAW, ONCE = """<b>"&'""", "&lt;b&gt;&quot;&amp;&#x27;"
PARTS = {  # a field, what it is given, what it shows
    "cover": ("/files/1/", '<img src="/files/1/" alt="" loading="lazy" width="320" height="180">'),
    "slip": ("数学", '<div class="card-cover slip" aria-hidden="true"><span>数学</span></div>'),
    "kind": ("micro_course", '<article class="card kind--micro-course">'),
    "kind_label": ("教学设计", '#file-earmark-text"/></svg><span>教学设计</span></span></div>'),
    "curriculum": ([{"label": "小学", "url": "/a"}], '<li><a href="/a">小学</a></li></ul>'),
    "author": ("王老师", '<p class="card-by"><span class="name">王老师</span><span class="name">求知小学</span></p>'),
    "author_url": ("/people/1/", '<a class="name" href="/people/1/">李老师</a>'),
    "school": ("新校", '<span class="name">新校</span>'),
    "school_url": ("/schools/1/", '<a class="name" href="/schools/1/">求知小学</a>'),
    "seal": ({"tier": "city"}, '<span class="seal seal--small seal--city"><span class="seal-stamp"'),
    "adoptions": (12864, '<span class="adopted">选用 <span class="keep" title="12,864">1.2 万</span> 次</span>'),
    "progress": (0.5, '<progress value="0.5000" max="1" aria-label="分数"></progress><span class="number">50%</span>'),
    "state": ("returned", '<span class="badge state--returned">'),
    "path": ([{"key": "draft", "state": "current"}], '<ol class="path-steps"'),
    "due": ("2020-01-01", '<span class="keep overdue">逾期'),
    "why": ("同一章节", '<p class="card-why">同一章节</p>'),
    "excerpt": (mark_safe("第 <mark>2</mark> 题"), '<p class="card-excerpt">第 <mark>2</mark> 题</p>'),
    "marked": (mark_safe("<mark>分</mark>数"), 'title="分数"><mark>分</mark>数</a></h3>'),
    "at": ("2024-05-06", '<time datetime="2024-05-06T'),
}


@pytest.mark.parametrize("field", PARTS)
def test_a_card_shows_what_it_is_given_and_nothing_of_what_it_is_not(field: str) -> None:
    given, shown = PARTS[field]

    assert shown in card({**WORK, field: given})
    assert shown not in card(WORK)


@pytest.mark.parametrize(
    ("subject", "kind", "words"),
    [
        ("数学", "教学资源", "数学"),
        ("语文·书法练习指导", "教学资源", "教学资源"),
        ("", "应用研究成果", "成果"),
        ("Mathematics", "Resources", "Mathematics"),
        ("Physical education", "Micro-course", "course"),
    ],
)
def test_title_slip_holds_no_cut_word(subject: str, kind: str, words: str) -> None:
    drawn = card({**WORK, "kind_label": kind, "curriculum": [{"label": "小学"}, {"label": subject}] if subject else []})

    assert f">{words}</span></div>" in drawn


def test_labels_stand_beside_what_they_name() -> None:
    moved = card({**WORK, "at": "2024-05-06", "at_label": "退回于"})
    learnt = card({**WORK, "progress": 0.5, "progress_label": "9 / 18 课", "state": "draft", "state_label": "写作中"})

    assert '<span class="keep">退回于 <time' in moved
    assert '<span class="number">9 / 18 课</span>' in learnt
    assert "<span>写作中</span></span></div>" in learnt


@pytest.mark.parametrize(
    "field",
    [
        "title",
        "url",
        "kind_label",
        "cover",
        "slip",
        "author",
        "author_url",
        "school",
        "school_url",
        "why",
        "excerpt",
        "marked",
    ],
)
def test_every_text_of_a_card_is_escaped_once(field: str) -> None:
    addresses = {"author_url": "/people/1/", "school_url": "/schools/1/"}
    for drawn in (card({**WORK, field: RAW}), card({**WORK, **addresses, field: RAW})):
        assert ONCE in drawn
        assert RAW not in drawn
        assert "&amp;lt;" not in drawn


def test_the_rarer_texts_are_escaped_once_too() -> None:
    at = {"at": "2024-05-06", "at_label": RAW}
    drawn = [
        card({**WORK, **at, "state": "draft", "state_label": RAW, "progress": 0.5, "progress_label": RAW}, 2, RAW),
        curriculum_line([{"label": RAW, "url": RAW}, {"label": RAW, "name": RAW, "value": RAW}]),
        seal({"tier": RAW, "title": RAW, "organisation": RAW, "rubric": RAW, "version": RAW, "url": RAW}),
        seal({"tier": RAW, "short": RAW}, "small"),
        hits([{"card": {"title": RAW}, "why": RAW}], RAW),
        badge_state(RAW, RAW),
        progress(1, label=RAW, text=RAW),
    ]

    assert [found.count(ONCE) for found in drawn] == [4, 3, 6, 2, 5, 1, 2]
    for found in drawn:
        assert "<b>" not in found
        assert "&amp;lt;" not in found


def test_marked_and_bare_text_are_never_taken_for_each_other() -> None:
    text = "<mark>分数</mark>"
    safe = mark_safe(text)  # noqa: S308  as search marks what it found

    def drawings(said: str) -> list[str]:
        parts = [{"label": said, "url": "/a"}]
        return [
            card({**WORK, "excerpt": said}),
            card({**WORK, "curriculum": parts}),
            card({**WORK, "curriculum": [{"label": "小学"}, *parts]}),  # its second part is on the slip
            curriculum_line(parts),
            seal({"tier": "city", "short": said}, "small"),
            icon("search", said),
        ]

    for said in (safe, text, safe):
        assert [text in drawn for drawn in drawings(said)] == [said is safe] * 6


def test_html_is_escaped_unless_it_says_that_it_is() -> None:
    class Drawn:
        def __html__(self) -> str:
            return "<i>甲</i>"

    assert [html(each) for each in (RAW, mark_safe("<i>"), Drawn(), 5)] == [ONCE, "<i>", "<i>甲</i>", "5"]


def test_each_language_has_its_own_drawing() -> None:
    work = {**WORK, "curriculum": samples.CURRICULUM, "seal": samples.SEAL, "adoptions": 12}
    chinese = card(work), seal(samples.SEAL), curriculum_line(samples.CURRICULUM)
    with override("en"):
        english = card(work), seal(samples.SEAL), curriculum_line(samples.CURRICULUM)

    for mine, other in (("省级评审", "Province review"), ("选用 ", "Adoptions: "), ("课程位置", "Place in the")):
        assert (mine in chinese[0], other in chinese[0]) == (True, False)
        assert (mine in english[0], other in english[0]) == (False, True)
    assert "2026年11月18日" not in english[0]
    assert all(mine != other for mine, other in zip(chinese, english, strict=True))
    assert (card(work), seal(samples.SEAL), curriculum_line(samples.CURRICULUM)) == chinese


def test_the_day_of_a_seal_is_that_of_the_readers_time_zone() -> None:
    late = {"tier": "city", "at": dt.datetime(2026, 11, 18, 20, 30, tzinfo=dt.UTC)}
    days = []
    for zone in ("Asia/Shanghai", "America/New_York", "Asia/Shanghai"):
        with timezone.override(zone):
            days.append([f"2026年11月{day}日" in seal(late, "small") for day in (18, 19)])

    assert days == [[False, True], [True, False], [False, True]]


def test_a_line_leads_where_the_search_of_this_site_is() -> None:
    here = curriculum_line(samples.CURRICULUM)
    with override_settings(ROOT_URLCONF="theme.urls"):
        there = curriculum_line(samples.CURRICULUM)

    assert 'href="/search-search/?stage=primary&amp;subject=math"' in here
    assert 'href="/search/?stage=primary&amp;subject=math"' in there


def test_a_part_that_comes_twice_asks_for_its_last_value() -> None:
    line = curriculum_line([{"label": each, "name": "chapter", "value": each} for each in ("1", "2")])
    assert 'href="/search-search/?chapter=2">2' in line


def test_a_card_in_a_template_has_the_heading_it_is_told() -> None:
    drawn = Template("{% load theme %}{% card work heading=2 %}").render(Context({"work": WORK}))

    assert drawn == card(WORK, 2)
    assert '<h2 class="card-title">' in drawn


@pytest.mark.parametrize("tier", ["nation", "province", "city", "county", "school"])
def test_a_seal_is_carved_in_two_lines(tier: str) -> None:
    stamp = {"nation": "国", "province": "省", "city": "市", "county": "县", "school": "校"}[tier]
    deed = "审核" if tier == "school" else "审定"

    assert f"<span>{stamp}级\n{deed}</span>" in seal({"tier": tier})
    assert f'aria-hidden="true"><span>{stamp}</span>' in seal({"tier": tier}, "small")


def test_a_large_seal_leaves_no_sign_between_what_is_not_there() -> None:
    dated, ruled = seal({"tier": "city", "at": "2026-11-18"}), seal({"tier": "city", "rubric": "标准"})

    assert " · " not in dated + ruled
    assert '<span class="detail">依《标准》</span>' in ruled
    assert "依《" not in dated
    assert " · " in seal(samples.SEAL)
    assert seal(samples.SEAL).startswith('<a href="#history"')
