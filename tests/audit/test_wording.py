"""Everything that is recorded is told in plain words, in both languages: the rooms' code is held against the tables."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from cms.audit.models import Entry
from cms.audit.wording import SENTENCES, told
from workflows.review import history
from workflows.review.table import ROWS

ROOT = Path(__file__).resolve().parents[2]
VERB = re.compile(r"[a-z]+:[a-z_]+")
WRITERS = {"record", "trace", "_trace", "_note", "record_each"}
OF_WORKS = ("submission:", "share:", "adoption:", "work:")

COMPOSED = {
    "workflows/review/actions/moving.py": [f"submission:{name}" for name in ROWS],
    "workflows/review/actions/ruling.py": [
        f"{noun}:{deed}" for noun in ("policy", "rubric") for deed in ("add", "change", "remove")
    ],
    "workflows/experts/actions.py": [f"expert:{deed}" for deed in ("add", "change", "leave")],
}
"""Where a verb is put together from parts: what can come of it."""

FACTS = {
    "scope": "Zhejiang", "space": "Space", "person": "Lin", "title": "Fractions", "experts": ["Gu", "Lin"], "round": 2,
    "verdict": "pass", "total": 91, "submission": "s", "name": "sync", "role": "teacher", "organisation": "330106",
    "count": 3, "new": 1, "changed": 2, "unchanged": 0, "left_out": 0, "interest": "maths", "whom": "Lin",
    "kind": "resource", "audience": "teachers", "topics": "push", "profile": "maths", "of_version": 2,
    "guardian": "linwq", "changes": {"fields": ["name"]},
}  # fmt: skip


def calls() -> Iterator[tuple[str, ast.expr]]:
    """(file, verb) of every place that writes the log."""
    for wing in ("cms", "workflows", "search"):
        for path in sorted((ROOT / wing).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITERS:
                    yield from ((str(path.relative_to(ROOT)), argument) for argument in node.args[:2])


def verbs() -> set[str]:
    found = {
        part.value
        for _path, argument in calls()
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and VERB.fullmatch(part.value)
    }
    return found.union(*COMPOSED.values())


def test_verbs_put_together_from_parts_are_known() -> None:
    composed = {path for path, argument in calls() if isinstance(argument, ast.JoinedStr)}
    assert composed <= set(COMPOSED)


def test_tables_hold_what_is_recorded_and_nothing_else() -> None:
    recorded = verbs()
    of_works = {verb for verb in recorded if verb.startswith(OF_WORKS)}
    assert set(history.SENTENCES) == of_works
    assert set(SENTENCES) == recorded - of_works


def sentence(verb: str, from_state: str = "draft") -> str:
    entry = Entry(verb=verb, data=FACTS, from_state=from_state, to_state="", version=2)
    if verb in SENTENCES:
        return told(entry)
    reader = history.Reader(public_only=False, named_in=frozenset({"s"}), masks={}, closed=frozenset())
    return history.line(entry, reader).text


@pytest.mark.parametrize("verb", sorted(verbs()))
def test_every_verb_is_told_in_chinese_and_in_english(verb: str) -> None:
    for state in ("school_review", "trial", "expert_review"):
        with translation.override("zh-hans"):
            chinese = sentence(verb, state)
        with translation.override("en"):
            english = sentence(verb, state)
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert verb not in chinese
        assert english
        assert not re.search(r"[\u4e00-\u9fff]", english), english
        assert verb not in english
        assert "%(" not in chinese + english
        assert "—" not in chinese


def test_unknown_verb_and_missing_facts_are_told_all_the_same() -> None:
    assert "(moon:land)" in told(Entry(verb="moon:land", data={})).replace("（", "(").replace("）", ")")
    assert "—" in told(Entry(verb="token:issue", data={}))
