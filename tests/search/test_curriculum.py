"""The curriculum tree: what is counted, what is offered under what, and what a click leaves behind."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from search.curriculum import LEVELS, Node, Row, Rows, counted, switched, tree

ROWS = Rows(
    stages=(Row("p", "小学"), Row("j", "初中"), Row("v", "中职")),
    grades=(Row("3", "三年级", "p"), Row("4", "四年级", "p"), Row("8", "八年级", "j")),
    editions={"r": "人教版", "b": "北师大版"},
    chapters=(Row("u1", "第一单元"), Row("s1", "第一节", "u1"), Row("d1", "一课时", "s1"), Row("u2", "第二单元")),
)
COUNTS: dict[str, dict[str, int]] = {
    "stage": {"p": 9, "j": 4},
    "grade": {"3": 5, "4": 4, "8": 4},
    "volume": {"上册": 3, "下册": 2},
    "edition": {"r": 2, "b": 1},
    "chapter": {"u1": 2, "s1": 2, "d1": 1},
}


def drawn(nodes: list[Node], depth: int = 0) -> list[str]:
    return [
        line
        for node in nodes
        for line in (
            f"{'  ' * depth}{'*' if node.chosen else ''}{node.label} {node.count}",
            *drawn(node.inside, depth + 1),
        )
    ]


def shown(one_book: bool = False, **filters: list[str]) -> list[str]:
    levels = counted(filters, ROWS, one_book=one_book)
    counts = {level: COUNTS[level] for level in levels}
    rows = ROWS if one_book else Rows(ROWS.stages, ROWS.grades, ROWS.editions)
    return drawn(tree(filters, counts, filters, rows))


def test_first_only_stages_are_counted_and_offered() -> None:
    assert counted({}, ROWS, one_book=False) == ("stage",)
    assert shown() == ["小学 9", "初中 4"]


def test_children_stand_under_the_chosen_parent() -> None:
    assert shown(stage=["p"]) == ["*小学 9", "  三年级 5", "  四年级 4", "初中 4"]
    assert shown(stage=["p"], grade=["3"]) == [
        "*小学 9", "  *三年级 5", "    上册 3", "    下册 2", "  四年级 4", "初中 4",
    ]  # fmt: skip
    assert shown(stage=["p"], grade=["3"], volume=["上册"])[1:6] == [
        "  *三年级 5", "    *上册 3", "      人教版 2", "      北师大版 1", "    下册 2",
    ]  # fmt: skip


def test_one_book_that_is_left_shows_its_units_and_sections() -> None:
    asked = {"stage": ["p"], "grade": ["3"], "volume": ["上册"], "edition": ["r"]}
    assert "chapter" not in counted(asked, ROWS, one_book=False)
    assert shown(one_book=True, **asked)[3:7] == [
        "      *人教版 2", "        第一单元 2", "          第一节 2", "      北师大版 1",
    ]  # fmt: skip
    assert "            *一课时 1" in shown(one_book=True, **asked, chapter=["d1"])


def test_a_grade_read_out_of_the_words_opens_its_stage() -> None:
    nodes = tree({"grade": ["8"]}, COUNTS, {}, Rows(ROWS.stages, ROWS.grades, ROWS.editions))
    assert drawn(nodes) == ["小学 9", "初中 4", "  八年级 4", "    上册 3", "    下册 2"]


def test_a_stage_without_grades_goes_on_with_volumes() -> None:
    assert counted({"stage": ["v"]}, ROWS, one_book=False) == ("stage", "grade", "volume", "edition")
    nodes = tree({"stage": ["v"]}, {"stage": {"v": 2}, "edition": {"r": 2}}, {"stage": ["v"]}, ROWS)
    assert drawn(nodes)[:2] == ["*中职 2", "  人教版 2"]


def test_an_edition_alone_is_shown_as_chosen() -> None:
    assert "*人教版 2" in shown(edition=["r"])


def test_giving_a_parent_back_takes_along_what_stands_under_it() -> None:
    asked = {"stage": ["p"], "grade": ["3"], "volume": ["上册"], "edition": ["r"], "chapter": ["s1"]}
    assert not any(switched(asked, "stage", "p", ROWS).values())
    assert switched(asked, "grade", "3", ROWS) == {
        "stage": ["p"],
        "grade": [],
        "volume": [],
        "edition": [],
        "chapter": [],
    }
    assert switched(asked, "volume", "上册", ROWS)["edition"] == []
    assert switched(asked, "edition", "r", ROWS)["volume"] == ["上册"]
    assert switched(asked, "chapter", "s1", ROWS) == {**asked, "chapter": []}


def test_of_several_parents_one_goes_alone() -> None:
    asked = {"stage": ["p", "j"], "grade": ["3", "8"], "volume": ["上册"], "chapter": ["s1"]}
    assert switched(asked, "stage", "j", ROWS) == {
        "stage": ["p"], "grade": ["3"], "volume": ["上册"], "edition": [], "chapter": [],
    }  # fmt: skip
    assert switched(asked, "grade", "3", ROWS)["volume"] == ["上册"]


def test_taking_a_grade_leaves_no_stage_that_could_find_nothing() -> None:
    assert switched({"stage": ["p", "j"]}, "grade", "3", ROWS)["stage"] == ["p"]
    assert switched({}, "grade", "3", ROWS)["stage"] == []
    assert switched({"grade": ["3"]}, "grade", "4", ROWS)["grade"] == ["3", "4"]


def test_a_section_takes_the_place_of_its_unit_and_the_other_way_round() -> None:
    assert switched({"chapter": ["u1"]}, "chapter", "s1", ROWS)["chapter"] == ["s1"]
    assert switched({"chapter": ["d1", "u2"]}, "chapter", "u1", ROWS)["chapter"] == ["u2", "u1"]


values = st.lists(st.sampled_from(["p", "j", "3", "8", "上册", "r", "u1", "s1", "?"]), max_size=4, unique=True)


@given(st.fixed_dictionaries(dict.fromkeys(LEVELS, values)), st.sampled_from(LEVELS))
def test_whatever_is_in_an_address_makes_a_tree_whose_links_change_something(asked: dict[str, Any], level: str) -> None:
    nodes = tree(asked, COUNTS, asked, ROWS)
    todo = list(nodes)
    while todo:
        node = todo.pop()
        assert node.asked != asked
        assert (node.value in node.asked[node.level]) != node.chosen
        todo += node.inside
