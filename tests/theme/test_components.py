"""What the components make of what they are given."""

import datetime as dt
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone
from django.utils.safestring import mark_safe

from theme import pieces, samples

pytestmark = pytest.mark.urls("tests.theme.urls")

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Balance(HTMLParser):
    """Every element that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Closed by itself."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def draw(source: str, address: str = "/", **context: Any) -> str:
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    html = Template("{% load theme %}" + source).render(Context({"request": request, **context}))
    balance = Balance()
    balance.feed(html)
    assert balance.open == []
    return html.strip()


# --- the path -------------------------------------------------------------------------------------------------------


def test_the_path_says_step_state_and_what_is_left() -> None:
    due = timezone.localdate() + dt.timedelta(days=4)
    five = samples.steps("done", "done", "current", "todo", "todo", expert_review={"who": "3 位专家", "due": due})
    html = draw("{% path steps %}", steps=five)
    assert "第 3 步 / 5" in html
    assert html.count("剩 4 天") == 2  # the line, and the five steps
    assert html.count('aria-current="step"') == 1
    assert "overdue" not in html


def test_only_the_current_step_can_be_overdue() -> None:
    gone = timezone.localdate() - dt.timedelta(days=2)
    late = samples.steps("done", "current", "todo", "todo", "todo", draft={"due": gone}, school_review={"due": gone})
    found = pieces.path(late)
    assert [step.pressing for step in found.steps] == ["", "overdue", "", "", ""]


def test_a_path_walked_to_its_end_stands_on_its_last_step() -> None:
    found = pieces.path(samples.steps(*["done"] * 5))
    assert (found.number, found.current and str(found.current.label)) == (5, "共享")


# --- the card, the seal, the lines ----------------------------------------------------------------------------------


def test_the_card_escapes_what_people_wrote() -> None:
    evil = "<script>alert(1)</script>"
    html = draw("{% card work %}", work={**samples.cards()[0], "title": evil, "author": evil, "excerpt": evil})
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 4  # title, its tooltip, author, why


def test_hits_are_cards_with_what_tells_why_and_nothing_that_people_wrote_is_markup() -> None:
    evil = "<script>alert(1)</script>"
    found = [{"card": {**samples.cards()[0], "title": evil}, "why": '/why?q="a"&b'}, {"card": samples.cards()[1]}]
    html = draw("{% hits found why %}", found=found, why="<为什么>")

    assert "<script>" not in html
    assert html.count('class="hit"') == 2
    assert html.count('class="hit-why"') == 1
    assert '<a class="hit-why" href="/why?q=&quot;a&quot;&amp;b" rel="nofollow">&lt;为什么&gt;' in html
    assert draw("{% card work %}", work=samples.cards()[1]) in html


def test_the_card_takes_objects_as_well_as_dicts() -> None:
    given = samples.cards()[0]
    assert draw("{% card work %}", work=SimpleNamespace(**given)) == draw("{% card work %}", work=given)


def test_the_card_carries_things_to_do() -> None:
    html = draw(
        '{% card_with work %}<button type="button">{{ deed }}</button>{% endcard_with %}',
        work=samples.cards()[0],
        deed="<选用>",
    )
    assert '<div class="card-actions"><button type="button">&lt;选用&gt;</button></div>' in html


def test_a_small_work_needs_nothing_but_its_title() -> None:
    html = draw("{% card work %}", work={"title": "分数", "url": "/w", "kind": "resource"})
    assert "选用" not in html
    assert "seal" not in html


@pytest.mark.parametrize("kind", ["micro_course", "MicroCourse", "micro-course", "microcourse"])
def test_kinds_go_by_several_names(kind: str) -> None:
    assert pieces.look(pieces.KINDS, kind).css == "kind--micro-course"


def test_the_seal_names_tier_date_and_rubric() -> None:
    html = draw("{% seal it %}", it=samples.SEAL)
    assert "省级专家评审通过" in html
    assert "2026年11月18日" in html
    assert "依《微课程评审标准（2026 版）》" in html
    assert draw("{% seal it %}", it=None) == ""
    assert pieces.tier_key(4) == "school"


def test_each_part_of_the_curriculum_line_searches_for_all_before_it() -> None:
    parts = pieces.curriculum(samples.CURRICULUM)
    assert parts[0].url == "/search-search/?stage=primary"
    assert parts[2].url == "/search-search/?stage=primary&subject=math&grade=3a"


def test_a_statement_line_is_exact_and_signed() -> None:
    line = {"amount": -5, "reason": "冲正", "at": timezone.now(), "balance": 12846}
    html = draw("{% statement_line line %}", line=line)
    assert "−5" in html
    assert "余 12,846" in html


# --- lists ----------------------------------------------------------------------------------------------------------


def test_pages_keep_the_question() -> None:
    page = Paginator(range(100), 10).page(2)
    html = draw("{% pagination page %}", "/?q=分数&page=2&stage=primary", page=page)
    assert 'href="?q=%E5%88%86%E6%95%B0&amp;stage=primary&amp;page=3"' in html
    assert 'href="?q=%E5%88%86%E6%95%B0&amp;stage=primary"' in html  # the first page has no number
    assert html.count('aria-current="page"') == 1
    assert draw("{% pagination page %}", page=Paginator(range(3), 10).page(1)) == ""


def test_facets_switch_on_and_off_and_begin_at_the_first_page() -> None:
    facet = {
        "name": "stage",
        "label": "学段",
        "options": [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}],
    }
    html = draw('{% facet_group facet hx_target="#r" %}', "/?stage=a&page=3", facet=facet)
    assert 'href="?"' in html  # 甲 is chosen: its link lets it go
    assert 'href="?stage=a&amp;stage=b"' in html
    assert html.count('aria-current="true"') == 1
    assert html.count('hx-target="#r"') == 1  # said by the group, for all its links
    assert "hx-" not in draw("{% facet_group facet %}", facet=facet)
    html = draw("{% facet_group facet %}", "/?stage=a", facet={**facet, "single": True})
    assert 'href="?stage=b"' in html


def test_choices_are_escaped_once_wherever_their_words_stand() -> None:
    raw, once = """<b>"&'""", "&lt;b&gt;&quot;&amp;&#x27;"
    option = {"value": raw, "label": raw, "count": 1}
    branch = {"label": raw, "count": 1, "url": f"?a={raw}", "inside": [{"label": raw, "url": f"?a={raw}"}]}
    facet = draw(
        "{% facet_group facet hx_target=raw %}", "/?q=%3Cb%3E", facet={"name": raw, "options": [option]}, raw=raw
    )
    tree = draw("{% facet_tree tree %}", tree={"label": "课程", "branches": [branch]})
    assert f"<span>{once}</span>" in facet
    assert f'hx-target="{once}"' in facet
    assert tree.count(f"<span>{once}</span>") == tree.count(f'href="?a={once}"') == 2
    for html in (facet, tree):
        assert "<b>" not in html
        assert "&amp;lt;" not in html
    marked = {"name": "a", "options": [{"value": "1", "label": mark_safe("<mark>甲</mark>")}]}
    assert "<span><mark>甲</mark></span>" in draw("{% facet_group facet %}", facet=marked)


def test_a_long_facet_hides_its_tail_unless_something_there_is_chosen() -> None:
    facet = {"name": "s", "label": "学科", "options": [{"value": str(n), "label": f"{n}"} for n in range(12)]}
    assert '<details class="facet-more">' in draw("{% facet_group facet %}", facet=facet)
    assert '<details class="facet-more" open>' in draw("{% facet_group facet %}", "/?s=11", facet=facet)


def test_a_query_without_one_of_its_words() -> None:
    assert draw('{% query_without "s" "1" %}', "/?s=1&s=2&page=4") == "?s=2"
    assert draw('{% query_without "s" %}', "/?s=1&s=2") == "?"


# --- forms, dialogs, the frame --------------------------------------------------------------------------------------


class Lesson(forms.Form):
    title = forms.CharField(label="题目", help_text="不超过 80 字")
    note = forms.CharField(label="备注", required=False)


def test_a_field_is_tied_to_its_help_and_its_errors() -> None:
    html = draw("{% form_field form.title %}{% form_field form.note %}", form=Lesson({}))
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.count("选填") == 1


def test_a_field_without_its_help_refers_to_none() -> None:
    assert "helptext" not in draw("{% form_field form.title show_help=False %}", form=Lesson())


def test_whole_forms_look_the_same() -> None:
    assert '<div class="field">' in draw("{{ form }}", form=Lesson())


def test_the_errors_lead_to_their_fields() -> None:
    assert 'href="#id_title"' in draw("{% form_errors form %}", form=Lesson({}))
    assert draw("{% form_errors form %}", form=Lesson()) == ""


def test_the_frame_shows_only_rooms_that_exist() -> None:
    html = draw("{% nav %}", "/learning-courses/")
    assert "课程" in html
    assert "空间" not in html
    assert html.count('aria-current="page"') == 1


def test_a_visitor_is_offered_to_sign_in_and_comes_back() -> None:
    assert 'href="/accounts/login/?next=/works/%3Fq%3D1"' in draw("{% account_menu %}", "/works/?q=1")


def test_progress_is_cut_not_rounded() -> None:
    assert "99%" in draw("{% progress 0.999 %}")
    assert "已完成" in draw("{% progress 18 18 %}")
    assert "还没开始" in draw("{% progress 0 18 %}")
