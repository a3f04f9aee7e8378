"""What teachers write, read as chips and words. The curriculum is a small value of its own."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.query import MAX_TEXT
from search.understanding.chips import MAX_CHIPS, Understood, understand
from search.understanding.lexicon import build
from search.understanding.rows import Alias, CurriculumRows, EditionRow, GradeRow, StageRow, SubjectRow

PRIMARY = "一二三四五六"
ROWS = CurriculumRows(
    stages=(
        StageRow("pre", "学前", "preschool"),
        StageRow("p", "小学", "primary"),
        StageRow("p5", "小学（五•四学制）", "primary-54"),
        StageRow("j", "初中", "junior"),
        StageRow("j5", "初中（五•四学制）", "junior-54"),
        StageRow("s", "高中", "senior"),
        StageRow("v", "中职", "vocational"),
    ),
    grades=(
        *(GradeRow(f"p{n}", f"{sign}年级", "p") for n, sign in enumerate(PRIMARY, 1)),
        GradeRow("p34", "3至4年级", "p"),
        GradeRow("p5-3", "三年级", "p5"),
        GradeRow("j5-6", "六年级", "j5"),
        *(GradeRow(f"j{n}", f"{sign}年级", "j") for n, sign in zip((7, 8, 9), "七八九", strict=True)),
        GradeRow("j5-7", "七年级", "j5"),
        GradeRow("s", "高中", "s"),
        *(GradeRow(f"s{n}", f"高{sign}", "s") for n, sign in zip((10, 11, 12), "一二三", strict=True)),
        GradeRow("v3", "三年级", "v"),
        GradeRow("big", "大班", "pre"),
    ),
    subjects=tuple(
        SubjectRow(name, name)
        for name in (
            "语文",
            "数学",
            "英语",
            "物理",
            "化学",
            "生物学",
            "科学",
            "历史",
            "地理",
            "地理图册",
            "音乐",
            "道德与法治",
            "思想政治",
            "信息技术",
            "社会",
            "学前教育",
        )
    ),
    editions=(
        EditionRow("人教", "人教版"),
        EditionRow("A", "人教版（A版）（主编：章建跃&李增沪）"),
        EditionRow("统编", "统编版"),
        EditionRow("北师大", "北师大版"),
        EditionRow("外研", "外研社版"),
        EditionRow("青岛", "青岛版"),
        EditionRow("教科", "教科版"),
    ),
    taught=frozenset({("语文", "统编"), ("数学", "人教")}),
    libraries=(("ku", "课件库"),),
    kinds=(("micro_course", "微课程"), ("case_study", "应用案例"), ("research_outcome", "应用研究成果")),
    types=(
        *(("teaching_design", "教学设计"), ("courseware", "课件"), ("assessment", "试题试卷"), ("exercise", "练习")),
        *(("courseware", "Courseware"), ("exercise", "Exercise")),
        *(("paper", "研究论文"), ("project", "课题研究")),
    ),
    sectors=(("basic", "基础教育"), ("vocational", "职业教育")),
    tiers=(("province", "省级"), ("county", "县级")),
    topics=("第八单元 分数的初步认识", "第十章 浮力", "数学广角——找次品", "1.1 集合的概念"),
    tags=("等高线",),
    volumes=("上册", "下册", "必修1", "必修2", "选择性必修1", "必修上册"),
    year=2026,
)
LEXICON = build(ROWS, aliases=[Alias("小四门", "subject", "历史")])

UPPER = ("上册", "全一册", "必修上册", "选择性必修上册")
LOWER = ("下册", "全一册", "必修下册", "选择性必修下册")
THIRD = ("p3", "p34", "p5-3")


def read(text: str, **more: Any) -> tuple[dict[str, tuple[str, ...]], str]:
    found = understand(text, LEXICON, **more)
    return found.filters, " ".join(found.rest.split())


@pytest.mark.parametrize("text", ["三年级", "3年级", "３年级", "小三", "三年級", "小学三年级"])
def test_every_spelling_of_a_grade_is_that_grade(text: str) -> None:
    assert read(text)[0]["grade"] == THIRD


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("初一", ("j7", "j5-7")),
        ("七年级", ("j7", "j5-7")),
        ("初中一年级", ("j7", "j5-7")),
        ("初2", ("j8",)),
        ("8年级", ("j8",)),
        ("初三", ("j9",)),
        ("高一", ("s", "s10")),
        ("高1", ("s", "s10")),
        ("高中一年级", ("s", "s10")),
        ("高三", ("s", "s12")),
        ("六年级", ("p6", "j5-6")),
        ("五四学制六年级", ("j5-6",)),
        ("五四学制 初一", ("j5-6",)),
        ("中职三年级", ("v3",)),
        ("五六年级", ("p5", "p6", "j5-6")),
        ("3至4年级", ("p3", "p4", "p34", "p5-3")),
        ("三、四年级", ("p3", "p4", "p34", "p5-3")),
        ("低年级", ("p1", "p2")),
        ("大班", ("big",)),
        ("一二三年级", ("p1", "p2", "p3", "p34", "p5-3")),
        ("四、五、六年级", ("p4", "p5", "p6", "p34", "j5-6")),
        ("四至六年级", ("p4", "p5", "p6", "p34", "j5-6")),
        ("1-3年级", ("p1", "p2", "p3", "p34", "p5-3")),
        ("1—3年级", ("p1", "p2", "p3", "p34", "p5-3")),
        ("七~九年级", ("j7", "j8", "j9", "j5-7")),
        ("初一到初三", ("j7", "j8", "j9", "j5-7")),
        ("三年级到五年级", ("p3", "p4", "p5", "p34", "p5-3")),
        ("小五到初一", ("p5", "p6", "j7", "j5-6", "j5-7")),
        ("高中一至三年级", ("s", "s10", "s11", "s12")),
        ("11年级", ("s", "s11")),
        ("十二年级", ("s", "s12")),
        ("12年级", ("p1", "p2", "s", "s12")),  # one and two, or the twelfth: nobody can tell
        ("初二月考", ("j8",)),
        ("如何提高三年级学生的习作水平", ("p3", "p34", "p5-3")),
        ("期初三年级数学", ("p3", "p34", "p5-3")),
        ("五年级 15.4 电流", ("p5",)),
        ("五•四六年级", ("j5-6",)),
        ("（五·四）六年级", ("j5-6",)),
        ("六年级（五·四）", ("j5-6",)),
        ("青岛版五·四六年级", ("j5-6",)),
        ("5·4 六年级", ("j5-6",)),
    ],
)
def test_grades_are_read_as_teachers_say_them(text: str, grade: tuple[str, ...]) -> None:
    assert set(read(text)[0]["grade"]) == set(grade)


@pytest.mark.parametrize(
    ("text", "grade", "volume"),
    [
        ("三上", THIRD, UPPER),
        ("三(上)", THIRD, UPPER),
        ("三（上）", THIRD, UPPER),
        ("3上", THIRD, UPPER),
        ("三下", THIRD, LOWER),
        ("三年级上册", THIRD, UPPER),
        ("三年级（上）", THIRD, UPPER),
        ("三年级下学期", THIRD, LOWER),
        ("三年级第二学期", THIRD, LOWER),
        ("小三上", THIRD, UPPER),
        ("八下", ("j8",), LOWER),
        ("初二上", ("j8",), UPPER),
        ("高一上学期", ("s", "s10"), (*UPPER, "必修1", "选择性必修1")),
    ],
)
def test_grade_and_volume_in_one_word(text: str, grade: tuple[str, ...], volume: tuple[str, ...]) -> None:
    assert read(text) == ({"grade": grade, "volume": volume}, "")


@pytest.mark.parametrize(
    ("text", "volume"),
    [
        ("必修一", ("必修1", "必修上册")),
        ("必修1", ("必修1", "必修上册")),
        ("必修第一册", ("必修1", "必修上册")),
        ("选必一", ("选择性必修1", "选择性必修上册")),
        ("选择性必修第三册", ("选择性必修3",)),
        ("选修3", ("选择性必修3",)),
        ("必修上册", ("必修上册",)),
        ("下册", LOWER),
        ("第一学期", UPPER),
        ("全一册", ("全一册",)),
        ("必修", ("必修", "必修1", "必修2", "必修上册")),
    ],
)
def test_volumes_are_read(text: str, volume: tuple[str, ...]) -> None:
    assert read(text)[0] == {"volume": volume}


@pytest.mark.parametrize(
    ("text", "filters", "rest"),
    [
        ("期末试卷", {"type": ("assessment",)}, "期末"),
        ("五年级期末试卷", {"grade": ("p5",), "type": ("assessment",)}, "期末"),
        ("期末考试", {}, "期末考试"),
        ("高空作业 练习", {"type": ("exercise",)}, "高空作业"),
        ("三上数学分数", {"grade": THIRD, "volume": UPPER, "subject": ("数学",)}, "分数"),
        ("初二物理 浮力 教案", {"grade": ("j8",), "subject": ("物理",), "type": ("teaching_design",)}, "浮力"),
        ("3年级数学教案", {"grade": THIRD, "subject": ("数学",), "type": ("teaching_design",)}, ""),
        ("高一化学实验", {"grade": ("s", "s10"), "subject": ("化学",)}, "实验"),
        ("人教版 浮力", {"edition": ("人教", "A", "统编")}, "浮力"),
        ("人教A版集合", {"edition": ("A",)}, "集合"),
        ("部编语文", {"edition": ("统编",), "subject": ("语文",)}, ""),
        ("部编版数学", {"edition": ("人教", "A"), "subject": ("数学",)}, ""),
        ("北师大数学", {"edition": ("北师大",), "subject": ("数学",)}, ""),
        ("外研版英语", {"edition": ("外研",), "subject": ("英语",)}, ""),
        ("青岛的地理", {"subject": ("地理", "地理图册")}, "青岛的"),
        ("理综", {"subject": ("物理", "化学", "生物学")}, ""),
        ("文综 浮力", {"subject": ("思想政治", "道德与法治", "历史", "地理")}, "浮力"),
        ("语数外", {"subject": ("语文", "数学", "英语")}, ""),
        ("高中政治", {"stage": ("s",), "subject": ("思想政治", "道德与法治")}, ""),
        ("浮力PPT", {"type": ("courseware",)}, "浮力"),
        ("浮力单元测试卷", {"type": ("assessment",)}, "浮力"),
        ("物理课件", {"subject": ("物理",), "type": ("courseware",)}, ""),
        ("小学数学课", {"stage": ("p", "p5"), "subject": ("数学",)}, ""),
        ("课件库 浮力", {"library": ("ku",)}, "浮力"),
        ("小四门 浮力", {"subject": ("历史",)}, "浮力"),
        ("五四学制", {"stage": ("p5", "j5")}, ""),
        ("请问有没有关于浮力的教案", {"type": ("teaching_design",)}, "浮力的"),
        ("三年级，数学", {"grade": THIRD, "subject": ("数学",)}, ""),
        ("初二物理（人教版）", {"grade": ("j8",), "subject": ("物理",), "edition": ("人教", "A", "统编")}, ""),
        ("五年级-数学-试卷", {"grade": ("p5",), "subject": ("数学",), "type": ("assessment",)}, ""),
        ("三年级数学的课件！", {"grade": THIRD, "subject": ("数学",), "type": ("courseware",)}, ""),
        ("语文和数学", {"subject": ("语文", "数学")}, ""),
        ("三年级数学：分数", {"grade": THIRD, "subject": ("数学",)}, ":分数"),
        ("三上期末试卷", {"grade": THIRD, "volume": UPPER, "type": ("assessment",)}, "期末"),
        ("三上格律诗", {"grade": THIRD, "volume": UPPER}, "格律诗"),
        ("三年级上课件", {"grade": THIRD, "volume": UPPER, "type": ("courseware",)}, ""),
        ("三年级上学路上", {"grade": THIRD}, "上学路上"),
        ("五年级上网安全", {"grade": ("p5",)}, "上网安全"),
        ("六年级下棋", {"grade": ("p6", "j5-6")}, "下棋"),
        ("高一上海卷", {"grade": ("s", "s10")}, "上海卷"),
        ("初三（上）月考", {"grade": ("j9",), "volume": UPPER}, "月考"),
        ("5.4 平移", {}, "5.4 平移"),
        ("三年级 2025.4 期中", {"grade": THIRD}, "2025.4 期中"),
        ("语文教科书", {"subject": ("语文",)}, ""),
        ("第2课时", {}, '"第2课时"'),
        (
            "最新人教版三年级数学教案",
            {"grade": THIRD, "edition": ("人教", "A", "统编"), "subject": ("数学",), "type": ("teaching_design",)},
            "",
        ),
        ("新高一衔接", {"grade": ("s", "s10")}, "新 衔接"),
        ("小升初一", {"grade": ("j7", "j5-7")}, "小升"),
        ("八年级上下册", {"grade": ("j8",), "volume": (*UPPER, "下册", "必修下册", "选择性必修下册")}, ""),
        ("三上下册", {"grade": THIRD, "volume": (*UPPER, "下册", "必修下册", "选择性必修下册")}, ""),
        ("第三单元测试", {"type": ("assessment",)}, '"第三单元"'),
        ("三单元测试", {"type": ("assessment",)}, '"三单元"'),
        ("每一单元的练习", {"type": ("exercise",)}, "每一单元的"),
        ("一二单元", {}, "一二单元"),
        ("三或四年级", {"grade": ("p3", "p4", "p34", "p5-3")}, ""),
        ("四上三单元作文", {"grade": ("p4", "p34"), "volume": UPPER}, '"三单元" 作文'),
        ("三年级 上 数学", {"grade": THIRD, "volume": UPPER, "subject": ("数学",)}, ""),
        ("三年级 上学", {"grade": THIRD}, "上学"),
        ("3 年级 数学", {"grade": THIRD, "subject": ("数学",)}, ""),
        ("新人教版五年级", {"grade": ("p5",), "edition": ("人教", "A", "统编")}, ""),
        ("五年级英语unit3", {"grade": ("p5",), "subject": ("英语",)}, '"unit3"'),
        ("大班上", {"grade": ("big",)}, ""),
        ("大班下学期 数学", {"grade": ("big",), "subject": ("数学",)}, ""),
        ("大班上课", {"grade": ("big",)}, "上课"),
        ("英文写作", {"subject": ("英语",)}, "写作"),
        ("English writing", {"subject": ("英语",)}, "writing"),
        ("english", {"subject": ("英语",)}, ""),
        ("作业设计 英语", {"type": ("exercise",), "subject": ("英语",)}, ""),
        ("数学分层作业设计", {"type": ("exercise",), "subject": ("数学",)}, ""),
        ("一师一优课 分数", {}, "分数"),
        ("省级", {"badge": ("province",)}, ""),
        ("区级优秀教案", {"badge": ("county",), "type": ("teaching_design",)}, ""),
        ("省级课题", {}, "省级课题"),
        ("职业教育 浮力", {"sector": ("vocational",)}, "浮力"),
        ("研究论文", {"type": ("paper",)}, ""),
        ("课题研究 数学", {"type": ("project",), "subject": ("数学",)}, ""),
        ("学前教育", {"stage": ("pre",)}, ""),
        ("学前教育专业", {"subject": ("学前教育",)}, ""),
        ("2026", {"year": ("2026",)}, ""),
        ("2019年的论文", {"year": ("2019",), "kind": ("research_outcome",)}, ""),
        ("去年的课件", {"year": ("2025",), "type": ("courseware",)}, ""),
        ("2024年三年级数学", {"year": ("2024",), "grade": THIRD, "subject": ("数学",)}, ""),
        ("论文写作", {}, "论文写作"),
        ("作业设计研究", {}, "作业设计研究"),
        ("练习设计", {"type": ("exercise",)}, ""),
        ("案例研究 论文", {"kind": ("research_outcome",)}, "案例研究"),
        ("信息技术与学科融合 案例", {"kind": ("case_study",)}, "信息技术与学科融合"),
        ("grade 3 math", {"grade": THIRD, "subject": ("数学",)}, ""),
        ("g3 数学", {"grade": THIRD, "subject": ("数学",)}, ""),
        ("三年级 math exercise", {"grade": THIRD, "subject": ("数学",), "type": ("exercise",)}, ""),
        ("Courseware about 浮力", {"type": ("courseware",)}, "about 浮力"),
        ("primary school english", {"stage": ("p", "p5"), "subject": ("英语",)}, ""),
        ("数学好难", {"subject": ("数学",)}, "好难"),
        ("李老师", {}, "李"),
        ("沈老师 数学", {"subject": ("数学",)}, "沈"),
        ("女老师", {}, "女老师"),
        ("学前班", {"stage": ("pre",)}, ""),
        ("职业高中 职教", {"stage": ("v",)}, ""),
        ("PEP", {"edition": ("人教", "A", "统编"), "subject": ("英语",)}, ""),
        ("新目标 八年级", {"edition": ("人教", "A", "统编"), "subject": ("英语",), "grade": ("j8",)}, ""),
        ("PEP 数学", {"edition": ("人教", "A", "统编"), "subject": ("数学",)}, ""),
    ],
)
def test_facets_are_taken_out_of_the_words(text: str, filters: dict[str, tuple[str, ...]], rest: str) -> None:
    assert read(text) == (filters, rest)


@pytest.mark.parametrize(
    "text",
    [
        "化学方程式",
        "数学家",
        "历史学家",
        "科学家的故事",
        "文科学生",
        "自然科学",
        "数学建模",
        "生物圈",
        "音乐会",
        "社会主义",
        "一上午",
        "三下乡",
        "高一点",
        "小一号",
        "找次品",
        "有余数的除法",
        "要求",
        "身高一米",
        "更高一层",
        "四下无人",
        "五·四运动",
        "5.4运动",
        "选修课",
        "必修课程",
        "选修3-1",
        "unit1.2",
        "speak english",
        "english around the world",
        "do exercise every day",
        "mathew",
        "grade 3.5",
        "开学第一课",
        "现在完成时",
        "去年的树",
        "2025年中考",
        "2022年版课程标准",
    ],
)
def test_words_that_only_look_like_the_curriculum_stay_words(text: str) -> None:
    assert read(text) == ({}, text)


def test_quoted_text_is_never_read() -> None:
    assert read("“初二物理” 浮力") == ({}, "“初二物理” 浮力")


def test_a_chip_taken_away_is_words_again() -> None:
    assert read("初二物理 浮力", plain=["物理"]) == ({"grade": ("j8",)}, "物理 浮力")
    assert read("三上分数", plain=["三上"]) == ({}, "三上分数")
    assert read("五四学制六年级", plain=["五四学制"])[0] == {"grade": ("p6", "j5-6")}


@pytest.mark.parametrize(
    "text", ["高一年级", "初中二年级", "选择性必修一", "三年级上册", "五六年级", "单元测试卷", "小一到小三"]
)
def test_a_chip_taken_away_leaves_no_other_in_it(text: str) -> None:
    assert [chip.text for chip in understand(text, LEXICON).chips if chip.text != text] == []
    assert read(text, plain=[text]) == ({}, text)
    assert read(f"{text} 浮力 教案", plain=[text])[0] == {"type": ("teaching_design",)}


def test_numbered_units_are_asked_in_both_numerals() -> None:
    found = understand("第3课 观潮 第十二单元 三单元 unit3 Lesson 12", LEXICON)
    assert found.others == {
        "第3课": ("第三课",),
        "第十二单元": ("第12单元", "unit 12", "unit12"),
        "三单元": ("第3单元", "第三单元", "unit 3", "unit3"),
        "unit3": ("unit 3", "第3单元", "第三单元"),
        "lesson 12": ("lesson12",),
    }
    assert '"第3课"' in found.rest


def test_a_unit_of_an_english_book_is_asked_as_it_is_said_and_as_it_is_printed() -> None:
    found = understand("五年级英语第四单元 Unit Three", LEXICON)
    assert found.others == {
        "第四单元": ("第4单元", "unit 4", "unit4"),
        "unit three": ("unit 3", "unit3", "第3单元", "第三单元"),
    }
    assert found.beside_units.strip() == ""
    assert understand("unit oneself", LEXICON).others == {}


def test_pep_taken_away_takes_its_subject_with_it() -> None:
    assert [chip.text for chip in understand("PEP", LEXICON).chips] == ["pep", "pep"]
    assert read("PEP", plain=["pep"]) == ({}, "pep")


def test_only_noise_is_what_was_meant() -> None:
    assert read("资料") == ({}, "资料")
    assert read("最新的资源") == ({}, "最新的资源")
    assert understand("最新的资源", LEXICON).noise
    assert not understand("最新的浮力", LEXICON).noise
    assert read("教学视频") == ({"kind": ("micro_course",)}, "")


def test_who_judged_a_work_is_not_read_by_its_sound() -> None:
    assert "省级" in LEXICON.entries
    assert "省级" not in dict(LEXICON.heard)


def test_words_hold_the_chips_texts() -> None:
    found = understand("请问初二物理 浮力", LEXICON)
    assert found.words.split() == ["初二", "物理", "浮力"]
    assert [chip.text for chip in found.chips] == ["初二", "物理"]


BAD = st.one_of(
    st.text(max_size=300),
    st.text(alphabet=st.characters(codec=None), max_size=100),
    st.text(alphabet='三初高小年级上下册第学期必修选一1、（）"“”\x00\ud800*:^()+的', max_size=300),
    st.text(alphabet="\u202e\u200f\ufeff\u0591אبא😀🏽", max_size=200),
)


@given(text=BAD, plain=st.lists(st.text(max_size=20), max_size=3))
@settings(max_examples=200)
@example(text='"' * 10_000, plain=[])
@example(text="年级" * 5_000, plain=[])
@example(text="三年级上" * 3_000, plain=["三年级上"])
@example(text="(a+)+$" * 2_000, plain=[])
@example(text="\x00\ud800*:*", plain=["\ud800"])
@example(text="第" * 200, plain=[])
def test_whatever_is_typed_is_understood_somehow(text: str, plain: list[str]) -> None:
    found = understand(text, LEXICON, plain=plain)
    assert isinstance(found, Understood)
    assert len(found.text) <= MAX_TEXT
    assert len(found.chips) <= MAX_CHIPS
    assert all(chip.values for chip in found.chips)
