"""The steps: which one answers, that it says so, and that an engine is asked a bounded number of times."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.base import Engine, Page
from search.query import Query
from search.understanding.asking import FEW, Answer, answer, begun
from search.understanding.lexicon import build
from search.understanding.naming import names_in
from search.understanding.rows import Alias, CurriculumRows, SubjectRow
from search.understanding.steps import MAX_ASKED, Asked, Way
from tests.search.conftest import index, work

ROWS = CurriculumRows(
    subjects=(SubjectRow("物理", "物理"), SubjectRow("数学", "数学")),
    types=(("teaching_design", "教学设计"), ("courseware", "课件"), ("assessment", "试卷")),
    topics=("浮力", "分数的初步认识"),
)
LEXICON = build(ROWS, synonyms=[("pH值", "酸碱度")])


def put(engine: Engine, text: str, *, plain: Sequence[str] = (), **chosen: list[str]) -> Answer:
    return answer(engine.search, text, LEXICON, Asked(chosen=chosen, tokens=("public",)), plain=plain)


@pytest.fixture
def lesson(engine: Engine) -> Engine:
    index(
        engine,
        work("design", "浮力", facets={"subject": ["物理"], "type": ["teaching_design"]}),
        work("slides", "浮力的应用", facets={"subject": ["物理"], "type": ["courseware"]}),
        work("story", "物理学家与浮力", facets={"subject": ["语文"]}),
        work("ph", "土壤的酸碱度", facets={"subject": ["化学"]}),
        work("ship", "轮船为什么不沉"),
    )
    return engine


def test_exact_comes_first_and_looser_hits_follow_apart(lesson: Engine) -> None:
    found = put(lesson, "物理浮力教案")
    assert (found.way, [hit.id for hit in found.page.hits], found.page.total) == (Way.EXACT, ["design"], 1)
    assert [hit.id for hit in found.more] == ["slides"]  # and not the story of another subject
    assert found.more_way is Way.LOOSE


def test_chips_become_words_when_nothing_has_the_facet(lesson: Engine) -> None:
    index(lesson, work("title", "浮力课件欣赏"))
    assert put(lesson, "浮力课件欣赏", plain=["课件"]).page.hits[0].id == "title"
    assert put(lesson, "浮力课件").page.hits[0].id == "slides"
    found = put(lesson, "欣赏 课件")
    assert (found.way, found.page.hits[0].id) == (Way.PLAIN, "title")


def test_what_people_only_say_around_it_finds_everything(lesson: Engine) -> None:
    for typed in ("最新的资源", "公开课"):
        found = put(lesson, typed)
        assert (found.way, found.page.total) == (Way.FACETS, 5), typed
    index(lesson, work("open", "一节公开课"))
    assert (put(lesson, "公开课").page.hits[0].id, put(lesson, "?").way) == ("open", Way.NOTHING)


def test_chip_taken_away_takes_no_other_with_it(lesson: Engine) -> None:
    found = put(lesson, "物理浮力教案", plain=["教案"])  # no work of the subject has the word
    assert (found.way, {hit.id for hit in found.page.hits}) == (Way.MOST, {"design", "slides"})
    assert found.query.filters == {"subject": ("物理",)}

    found = put(lesson, "物理教案", plain=["教案"])
    assert (found.way, {hit.id for hit in found.page.hits}) == (Way.FACETS, {"design", "slides"})


def test_a_chip_taken_away_no_longer_filters(lesson: Engine) -> None:
    assert {hit.id for hit in put(lesson, "物理浮力", plain=["物理"]).page.hits} == {"story"}


def test_what_was_chosen_by_hand_goes_before_what_was_read(lesson: Engine) -> None:
    assert [hit.id for hit in put(lesson, "物理浮力", subject=["语文"]).page.hits] == ["story"]


@pytest.mark.parametrize("typed", ["浮利", "fuli", "福力"])
def test_same_sound_answers_and_says_so(lesson: Engine, typed: str) -> None:
    found = put(lesson, typed)
    assert (found.way, found.sounds_like) == (Way.SOUND, "浮力")
    assert found.page.total == 3


def test_of_letters_the_likeliest_is_loosened_before_the_next_is_asked(lesson: Engine) -> None:
    """That no 浮力 is a paper makes nobody want 福利."""
    lexicon = build(replace(ROWS, topics=(*ROWS.topics, "浮力的应用", "福利")))
    index(lesson, work("welfare", "福利", facets={"type": ["assessment"]}))
    for typed in ("fuli shijuan", "试卷 fuli"):
        found = answer(lesson.search, typed, lexicon, Asked(tokens=("public",)))
        assert (found.way, found.page.total, found.query.words, found.query.filters) == (Way.LOOSE, 3, ("浮力",), {})
        assert set(found.sounds_like.split()) == {"浮力", "试卷"}, typed
    assert answer(lesson.search, "fuli", lexicon, Asked(tokens=("public",))).way is Way.SOUND


def test_letters_that_stand_somewhere_are_read_as_nothing_else(lesson: Engine) -> None:
    index(lesson, work("radio", "fuli fm"))
    found = put(lesson, "数学 试卷 fuli")
    assert (found.way, [hit.id for hit in found.page.hits], found.sounds_like) == (Way.LOOSE, ["radio"], "")


def test_repair_keeps_the_chips(lesson: Engine) -> None:
    found = put(lesson, "物理浮利教案")
    assert (found.way, found.sounds_like) == (Way.SOUND, "物理 浮力 教案")
    assert [hit.id for hit in found.page.hits] == ["design"]


def test_a_chip_taken_away_stays_away_beside_a_repair(lesson: Engine) -> None:
    index(lesson, work("plain", "物理 浮力"))
    found = put(lesson, "物理浮利", plain=["物理"])
    assert (found.way, found.sounds_like, found.understood.chips) == (Way.SOUND, "物理浮力", ())
    assert "plain" in {hit.id for hit in found.page.hits}


def test_nothing_is_repaired_to_what_finds_nothing(lesson: Engine) -> None:
    assert put(lesson, "分树的初步认识").way is Way.NOTHING
    assert put(lesson, "分树的初步认识").sounds_like == ""


def test_synonyms_find_and_are_marked(lesson: Engine) -> None:
    found = put(lesson, "pH值")
    assert [hit.id for hit in found.page.hits] == ["ph"]
    assert found.marks == ("ph值", "酸碱度")


def test_most_of_the_words_is_a_step(lesson: Engine) -> None:
    index(lesson, work("port", "轮船停在码头"))
    found = put(lesson, "轮船 为什么 码头 海里")
    assert (found.way, [hit.id for hit in found.page.hits]) == (Way.MOST, ["port"])
    assert found.marks == ("轮船", "码头", "海里")


def test_words_that_say_nothing_are_not_most_of_them(lesson: Engine) -> None:
    index(lesson, work("why", "为什么孩子教学"))
    assert put(lesson, "为什么 孩子 拱桥").way is Way.NOTHING
    found = put(lesson, "轮船 为什么 孩子")
    assert (found.way, [hit.id for hit in found.page.hits], found.query.parts) == (Way.MOST, ["ship"], ("轮船",))


def test_scattered_characters_are_no_answer(lesson: Engine) -> None:
    index(lesson, work("tea", "鸡、兔、龙各自同乐"))
    assert put(lesson, "鸡兔同龙").way is Way.NOTHING
    assert put(lesson, "兔乐").way is Way.NOTHING


def test_a_character_that_touches_a_word_is_found_beside_it_alone(lesson: Engine) -> None:
    index(
        lesson, work("sheet", "学习任务单"), work("single", "一个单人任务"), work("balance", "平衡"), work("car", "车")
    )
    assert [hit.id for hit in put(lesson, "任务单").page.hits] == ["sheet"]
    found = put(lesson, "平衡车")
    assert (found.way, found.offers) == (Way.NOTHING, {"平衡": 1})


def test_one_of_several_pieces_is_a_step(lesson: Engine) -> None:
    index(lesson, work("boat", "龙舟竞渡"), work("drum", "鼓点齐鸣"))
    found = put(lesson, "竞渡 齐鸣 阿房宫赋")
    assert (found.way, {hit.id for hit in found.page.hits}) == (Way.ANY, {"boat", "drum"})


def test_a_blank_in_place_of_noise_takes_nothing_apart(lesson: Engine) -> None:
    """轴对称怎么画 is one thing: who asks it wants nothing in which 画 stands."""
    index(lesson, work("paint", "画一画"))
    found = put(lesson, "轮船怎么画")
    assert (found.way, found.offers) == (Way.NOTHING, {"轮船": 1})
    assert put(lesson, "轮船 画").way is Way.ANY  # two things typed


def test_one_of_several_pieces_is_asked_with_all_conditions_first(lesson: Engine) -> None:
    index(
        lesson,
        work("boat", "龙舟竞渡", facets={"subject": ["数学"], "type": ["courseware"]}),
        work("drum", "鼓点齐鸣", facets={"subject": ["数学"]}),
    )
    found = put(lesson, "数学课件 竞渡 齐鸣")
    assert (found.way, [hit.id for hit in found.page.hits]) == (Way.ANY, ["boat"])


def test_what_is_named_is_a_step(lesson: Engine) -> None:
    """浮力 is a topic of the curriculum; what stands around it stands in no work."""
    for typed in ("浮力 阿房宫赋", "浮力说课视频脚本", "想听听别人怎么讲浮力"):
        found = put(lesson, typed)
        assert (found.way, found.page.total, found.query.words) == (Way.TOPIC, 3, ("浮力",)), typed
    assert put(lesson, "区块链浮力").way is Way.NOTHING  # behind another noun it is a part of that


def test_what_is_named_follows_a_short_answer_where_nothing_but_words_was_typed(lesson: Engine) -> None:
    lexicon = build(replace(ROWS, titles=("影子去哪儿了",)))
    index(lesson, work("course", "测量活动：影子的长短"), work("shadow", "影子去哪儿了"))
    found = answer(lesson.search, "活动影子", lexicon, Asked(tokens=("public",)))
    assert (found.way, [hit.id for hit in found.page.hits]) == (Way.EXACT, ["course"])
    assert ([hit.id for hit in found.more], found.more_way) == (["shadow"], Way.TOPIC)
    assert names_in("活动影子", lexicon) == names_in("影子活动", lexicon) == ("影子",)


def test_articles_find_nothing_by_themselves(lesson: Engine) -> None:
    index(lesson, work("bears", "The three bears"))
    assert put(lesson, "asking the way").way is Way.NOTHING
    assert put(lesson, "bear the way").page.hits[0].id == "bears"


def test_what_is_named_is_asked_without_a_word_that_only_titles_have(lesson: Engine) -> None:
    lexicon = build(replace(ROWS, titles=("三角函数评讲",)))
    found = answer(lesson.search, "浮力评讲", lexicon, Asked(tokens=("public",)))
    assert (found.way, found.query.words, found.page.total) == (Way.TOPIC, ("浮力",), 3)


def test_the_facets_alone_are_the_last_step(lesson: Engine) -> None:
    found = put(lesson, "物理课件 阿房宫赋")
    assert (found.way, [hit.id for hit in found.page.hits]) == (Way.FACETS, ["slides"])
    assert put(lesson, "阿房宫赋").way is Way.NOTHING


@pytest.mark.parametrize("typed", ["期末教案", "物理期末教案"])
def test_when_it_is_used_says_less_than_what_it_is(lesson: Engine, typed: str) -> None:
    """Whoever wants a teaching design for 期末 wants a teaching design before anything in which 期末 stands."""
    index(lesson, work("story2", "期末与期中的故事", facets={"subject": ["语文"]}))
    found = put(lesson, typed)
    assert (found.way, [hit.id for hit in found.page.hits]) == (Way.FACETS, ["design"])
    assert put(lesson, "期末课件 故事").page.hits[0].id == "story2"


@pytest.mark.parametrize(
    "typed", ["给我来一个物理课件", "孩子要上物理了课件怎么办", "期末考试 物理课件 答案", "今年的物理课件"]
)
def test_words_that_say_nothing_go_before_any_condition(lesson: Engine, typed: str) -> None:
    index(lesson, work("talk", "来，孩子要上学了，今年期末考试怎么办：答案", facets={"subject": ["物理"]}))
    found = put(lesson, typed)
    assert (found.way, [hit.id for hit in found.page.hits]) == (Way.FACETS, ["slides"])


def test_conditions_are_given_up_beside_words_that_say_nothing(lesson: Engine) -> None:
    """The type is given up, and not the subject for the one work in which 来 stands."""
    index(lesson, work("talk", "来来来", facets={"subject": ["物理"]}))
    found = put(lesson, "给我来一份物理试卷")
    assert (found.way, found.page.total, found.query.filters) == (Way.FACETS, 3, {"subject": ("物理",)})


def test_other_works_under_the_conditions_follow_words_that_say_nothing(lesson: Engine) -> None:
    index(lesson, work("talk", "怎么办", facets={"subject": ["物理"]}))
    found = put(lesson, "物理怎么办")
    assert (found.way, [hit.id for hit in found.page.hits]) == (Way.EXACT, ["talk"])
    assert ({hit.id for hit in found.more}, found.more_way) == ({"design", "slides"}, Way.FACETS)


def test_a_subject_is_not_given_up_for_words_that_name_nothing(lesson: Engine) -> None:
    index(lesson, work("box", "磁铁游戏箱里的色彩", facets={"subject": ["科学"]}))
    for typed in ("物理游戏", "物理 色彩", "物理 游戏 色彩"):
        found = put(lesson, typed)
        assert (found.way, {hit.id for hit in found.page.hits}) == (Way.FACETS, {"design", "slides"}), typed
    assert put(lesson, "游戏 色彩").page.hits[0].id == "box"
    index(lesson, work("sums", "口算", facets={"subject": ["数学"]}))
    found = put(lesson, "数学 浮力")  # which is taught, if elsewhere
    assert (found.way, found.page.total) == (Way.LOOSE, 3)


def test_what_was_meant_is_offered_in_the_order_in_which_it_was_typed(lesson: Engine) -> None:
    assert put(lesson, "浮利 物理").sounds_like == "浮力 物理"
    assert put(lesson, "物理 浮利").sounds_like == "物理 浮力"


def test_a_numbered_unit_of_another_subject_is_no_answer(lesson: Engine) -> None:
    index(lesson, work("story2", "第一单元 第一次坐船", facets={"subject": ["语文"]}))
    for typed in ("物理第一单元", "物理 第一课 期末", "第1单元 物理教案"):
        found = put(lesson, typed)
        assert (found.way, "story2" in {hit.id for hit in found.page.hits}) == (Way.FACETS, False), typed
    assert put(lesson, "第1单元").page.hits[0].id == "story2"


def test_conditions_alone_are_given_up_before_they_are_words(lesson: Engine) -> None:
    index(
        lesson,
        work("sums", "口算", facets={"subject": ["数学"]}),
        work("fountain", "喷泉里的数学：课件", facets={"subject": ["物理"]}),
    )
    found = put(lesson, "数学课件")
    assert (found.way, [hit.id for hit in found.page.hits]) == (Way.FACETS, ["sums"])
    assert ([hit.id for hit in found.more], found.more_way) == (["fountain"], Way.PLAIN)


def test_a_condition_alone_becomes_words_where_nothing_has_it(lesson: Engine) -> None:
    index(lesson, work("fountain", "喷泉里的数学"))
    found = put(lesson, "数学")
    assert (found.way, [hit.id for hit in found.page.hits]) == (Way.PLAIN, ["fountain"])


def test_when_it_is_used_is_asked_alone_where_nothing_else_is_there(lesson: Engine) -> None:
    index(lesson, work("story2", "期末的故事", facets={"subject": ["语文"]}))
    found = put(lesson, "期末试卷")
    assert (found.way, [hit.id for hit in found.page.hits]) == (Way.LOOSE, ["story2"])


def test_nothing_typed_browses(lesson: Engine) -> None:
    assert put(lesson, " \x00 ").way is Way.BROWSE
    assert put(lesson, "").page.total == 5


@pytest.mark.parametrize(
    "typed", ["", "物理浮力教案", "浮利", "欣赏 课件", "浮力 阿房宫赋", "物理课件 阿房宫赋", "阿房宫赋", "物理浮力"]
)
def test_hits_and_counts_asked_apart_are_those_asked_together(lesson: Engine, typed: str) -> None:
    wanted = Asked({"type": ["courseware"]}, lambda filters: ("subject", "type", *filters), ("public",), beside="type")
    together = answer(lesson.search, typed, LEXICON, wanted)
    apart = begun(lesson.search, typed, LEXICON, wanted, elsewhere=True)()

    def told(of: Answer) -> tuple[object, ...]:
        shown = [(hit.id, hit.score) for hit in (*of.page.hits, *of.more)]
        counted = {name: of.facets[name] for name in of.query.facets if name != "type" or not typed}
        return of.query.asks, of.query.filters, of.way, of.page.total, shown, of.more_way, of.marks, counted, of.beside

    assert told(apart) == told(together)
    assert set(together.query.facets) - set(apart.query.facets) <= {"type"}  # heard with the hits


def test_answer_says_that_the_standby_gave_some_of_it(lesson: Engine) -> None:
    def away(query: Query) -> Page:
        return replace(lesson.search(query), from_standby=True)

    def away_for_counts(query: Query) -> Page:
        return lesson.search(query) if query.per_page else away(query)

    wanted = Asked(facets=("subject",), tokens=("public",))
    for search, elsewhere, text, said in (
        (lesson.search, True, "浮力", False),
        (away, True, "浮力", True),
        (away, False, "浮力", True),
        (away_for_counts, True, "浮力", True),
        (away, True, "阿房宫赋", True),
        (away, False, "阿房宫赋", True),
    ):
        assert begun(search, text, LEXICON, wanted, elsewhere=elsewhere)().from_standby is said, (text, said)


def test_asked_apart_only_what_answers_is_counted_and_once(lesson: Engine) -> None:
    asked: list[Query] = []

    def noted(query: Query) -> Page:
        asked.append(query)
        return lesson.search(query)

    wanted = Asked(facets=("subject", "type"), tokens=("public",))
    found = begun(noted, "浮力 物理 欣赏", LEXICON, wanted, elsewhere=True)()
    assert (found.way, found.facets, found.facets) == (Way.TOPIC, found.facets, found.facets)
    assert len(asked) > 2
    behind = begun(noted, "浮力", LEXICON, replace(wanted, page=9), elsewhere=True)()
    assert (behind.page.total, behind.page.hits, asked[-1].page) == (3, [], 9)  # and nobody has counted
    asked = asked[:-1]
    assert [(query.per_page, query.facets) for query in asked[:-1]] == [(20, ())] * (len(asked) - 1)
    assert (asked[-1].per_page, asked[-1].facets) == (0, ("subject", "type"))
    assert asked[-1].asks == found.query.asks


def test_permission_holds_in_every_step(engine: Engine) -> None:
    index(engine, work("secret", "浮力", acl=("u7",), facets={"subject": ["物理"]}))
    for typed in ("浮力", "浮利", "fuli", "物理 浮力", "物理 课件 天书", "浮力 天书"):
        found = put(engine, typed)
        assert (found.page.total, found.more, found.sounds_like, found.way) == (0, (), "", Way.NOTHING), typed


@given(st.text(max_size=80))
def test_an_engine_is_asked_few_times_whatever_is_typed(text: str) -> None:
    asked: list[Query] = []

    def nothing(query: Query) -> Page:
        asked.append(query)
        return Page(step=query.asks[0].step) if query.asks else Page()

    answer(nothing, text, LEXICON, Asked(tokens=("public",)))
    assert 0 <= len(asked) <= MAX_ASKED
    assert all(len(query.asks) <= 1 for query in asked)


def test_enough_hits_need_one_question(engine: Engine) -> None:
    index(engine, *(work(str(n), f"浮力 {n}") for n in range(FEW)))
    assert put(engine, "浮力").asked == 1


def test_aliases_of_editors_are_chips(engine: Engine) -> None:
    index(engine, work("1", "力", facets={"subject": ["物理"]}), work("2", "力", facets={"subject": ["数学"]}))
    lexicon = build(ROWS, aliases=[Alias("格物", "subject", "物理")])
    found = answer(engine.search, "格物 力", lexicon, Asked(tokens=("public",)))
    assert [hit.id for hit in found.page.hits] == ["1"]
