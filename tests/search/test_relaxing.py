"""What is given up of a question, and in which order; and what of it names something."""

from search.engines.base import Page
from search.query import Query
from search.understanding.asking import answer
from search.understanding.chips import understand
from search.understanding.lexicon import build
from search.understanding.naming import names_in
from search.understanding.relaxing import fewer
from search.understanding.rows import CurriculumRows
from search.understanding.steps import MAX_ASKED, Asked, Way
from tests.search.judged.corpus import lexicon


def read(typed: str) -> tuple[list[tuple[str, str]], str]:
    understood = understand(typed, lexicon())
    return [(chip.facet, chip.text) for chip in understood.chips], understood.rest.strip()


def test_what_a_subject_has_is_asked_of_the_subject() -> None:
    """化学实验 may be a heading of the curriculum; what teachers want of it is 化学."""
    assert read("高一化学实验") == ([("grade", "高一"), ("subject", "化学")], "实验")
    assert read("八年级物理实验") == ([("grade", "八年级"), ("subject", "物理")], "实验")
    assert read("数学活动") == ([], "数学活动")


def test_parts_of_names_are_no_conditions() -> None:
    for name in ("项目化学习", "学军中学", "语文出版社", "美术学院", "微课堂"):
        assert read(name) == ([], name), name
    assert read("写作 小学") == ([("stage", "小学")], "写作")
    assert read("三年级小学")[0] == [("grade", "三年级"), ("stage", "小学")]


def given_up(typed: str, own: tuple[str, ...] = ()) -> list[list[tuple[str, tuple[str, ...]]]]:
    chips = understand(typed, lexicon(), own=own).chips
    return [[(chip.facet, chip.values) for chip in some] for some in fewer(chips, lexicon())]


def lexicon_stage(code: str) -> str:
    return next(id_ for id_, known in lexicon().stages.items() if known == code)


def test_a_grade_becomes_its_stage_before_the_subject_stands_alone() -> None:
    steps = given_up("六年级语文课件")
    assert [facet for facet, _values in steps[0]] == ["grade", "subject"]
    facets = [tuple(facet for facet, _values in step) for step in steps[1:]]
    assert facets == [("stage", "subject"), ("subject",)]
    assert "小学" in steps[1][0][1]


def test_when_and_where_are_given_up_before_the_kind() -> None:
    assert [[facet for facet, _values in step] for step in given_up("2019年的论文")] == [["kind"]]
    steps = given_up("2019年 数学 论文")
    assert [{facet for facet, _values in step} for step in steps] == [{"subject", "kind"}, {"subject"}]
    assert given_up("2019年") == []
    assert given_up("我们学校的论文", own=("7",))[0] == given_up("论文2019年")[0]


def subject(name: str) -> str:
    (id_,) = lexicon().entries[name].values
    return id_


def test_junior_physics_stands_in_science_where_that_is_taught() -> None:
    """初二物理 浮力 of Zhejiang is a lesson of 科学; of senior school it is none."""
    assert given_up("初二物理")[0][1] == ("subject", (subject("物理"), subject("科学")))
    assert given_up("初二物理")[-1] == [("subject", (subject("物理"),))]  # alone it would be that of primary school
    sciences = tuple(map(subject, ("科学", "物理", "化学", "生物学")))
    assert given_up("初中科学")[0][1] == ("subject", sciences)
    for typed in ("高一物理", "三年级科学", "物理"):
        assert all(len(values) == 1 for some in given_up(typed) for facet, values in some if facet == "subject"), typed


def test_a_volume_of_senior_school_leaves_its_stage() -> None:
    senior = lexicon_stage("senior")
    for typed in ("必修一 物理", "选必三 物理"):
        steps = given_up(typed)
        assert ("stage", (senior,)) in steps[0], typed
        assert [facet for facet, _values in steps[-1]] == ["subject"], typed
    assert all("stage" not in dict(step) for step in given_up("上册 物理"))


def test_kindergarten_gives_up_the_subject_first() -> None:
    steps = given_up("中班户外体育游戏")
    assert all(facet != "subject" for step in steps[1:] for facet, _values in step)
    assert steps[1][0][0] == "grade"


def test_kindergarten_is_not_given_up_for_words_that_name_nothing() -> None:
    asked: list[Query] = []

    def only_without_words(query: Query) -> Page:
        asked.append(query)
        return Page(total=7) if not query.text else Page()

    def without_conditions(typed: str) -> list[tuple[str, ...]]:
        asked.clear()
        answer(only_without_words, typed, lexicon(), Asked())
        return [query.words for query in asked if not query.filters and query.per_page > 1]  # 1: what is offered

    assert without_conditions("户外活动 幼儿园") == [("户外活动", "幼儿园")]
    assert without_conditions("幼儿园中班语言活动") == [("幼儿园", "中班", "语言", "活动")]
    assert ("浮力",) in without_conditions("幼儿园 浮力")  # which is taught, if elsewhere


def test_five_four_schools_become_ordinary_ones_of_the_same_years() -> None:
    steps = given_up("五四学制 六年级 科学")
    ordinary = dict(steps[1])
    assert "小学" in ordinary["stage"]
    assert any(value.startswith("小学/六年级") for value in ordinary["grade"])


def test_conditions_that_say_little_are_given_up_at_once() -> None:
    assert given_up("课件") == []
    assert given_up("数学课件") == [[("subject", ("数学",))]]


def test_the_last_question_is_for_the_conditions() -> None:
    """However many names and conditions a question holds: who typed conditions is shown what there is under them."""

    def only_without_words(query: Query) -> Page:
        return Page(total=7) if not query.text else Page()

    for typed in (
        "三年级数学教案 时分秒动画导入 鸡兔同笼",
        "五四学制三年级数学教案 时分秒 鸡兔同笼的由来",
        "三年级数学教案 时分秒 怎么讲故事 abc",
    ):
        found = answer(only_without_words, typed, lexicon(), Asked())
        assert (found.way, found.page.total) == (Way.FACETS, 7), typed
        assert found.asked <= MAX_ASKED


def test_what_is_taken_away_is_not_cut_out_of_other_words() -> None:
    assert understand("三年级 数学 数学文化", lexicon(), plain=["数学"]).left == "数学文化"
    assert understand("三年级 数学文化", lexicon(), plain=["数学"]).left is None


def test_what_stands_in_any_title_is_no_topic() -> None:
    titles = build(CurriculumRows(titles=("基础：从零开始", "管理：一个故事")))
    assert [names_in(typed, titles) for typed in ("计算机应用基础", "学校管理")] == [(), ()]
    english = build(CurriculumRows(topics=("Make a plan", "Goldilocks and the bears"), titles=("My first day",)))
    assert [names_in(typed, english) for typed in ("lesson plan", "first prize")] == [(), ()]
    assert names_in("goldilocks bowls", english) == ("goldilocks",)


def test_names_are_topics_wherever_they_stand_but_behind_another_noun() -> None:
    def names(typed: str) -> tuple[str, ...]:
        return names_in(understand(typed, lexicon()).rest, lexicon())

    assert names("浮力说课稿怎么写") == ("浮力",)
    assert names("想听听别人怎么讲鸡兔同笼") == ("鸡兔同笼",)
    assert names("圆的面积和圆柱圆锥")[0] == "圆的面积"
    assert names("区块链共识算法") == ()
    assert names("滑板双翘入门") == ()
    assert names("人物形象分析") == names("期末复习") == ()
    assert names("goldilock") == ()
    assert names("第一印象") == ()
    assert names("asking the way") == ("asking the way",)
    assert names("picture book 教学") == ("picture book",)
    assert names("the") == ()
