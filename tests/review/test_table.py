"""Table, picture, and code are one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django_fsm import TransitionNotAllowed

from workflows.review.enums import State
from workflows.review.errors import StateWrittenByHand
from workflows.review.models import Submission
from workflows.review.picture import drawn
from workflows.review.rules import POLICY
from workflows.review.table import ROWS, TABLE

ROOT = Path(__file__).resolve().parents[2]


def transitions() -> dict[str, tuple[set[str], str]]:
    """name -> (sources, target), as django-fsm sees the model's methods."""
    found: dict[str, tuple[set[str], str]] = {}
    for name in dir(Submission):
        method = getattr(Submission, name, None)
        meta = getattr(method, "_django_fsm", None)
        if meta is not None:
            for source, transition in meta.transitions.items():
                sources, _target = found.setdefault(name, (set(), transition.target))
                sources.add(source)
    return found


def test_every_row_is_a_method_and_every_method_a_row() -> None:
    assert transitions() == {row.name: ({s.value for s in row.sources}, row.target.value) for row in TABLE}
    assert len(ROWS) == len(TABLE)


def test_readme_shows_the_table() -> None:
    assert drawn() in (ROOT / "workflows" / "README.md").read_text()
    call_command("draw_workflow", check=True)


def test_every_state_can_be_reached_and_left_or_is_an_end() -> None:
    reached = {State.DRAFT} | {row.target for row in TABLE}
    assert reached == set(State)
    ends = {state for state in State if not any(state in row.sources for row in TABLE)}
    assert ends == {State.WITHDRAWN, State.REJECTED, State.SUPERSEDED, State.RETIRED}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_step_is_refused_from_every_other_state(row: object) -> None:
    for state in State:
        submission = Submission.__new__(Submission)
        Submission.__init__(submission)
        submission.__dict__["state"] = state.value
        step = getattr(submission, row.name)  # type: ignore[attr-defined]
        if state in row.sources:  # type: ignore[attr-defined]
            step()
            assert submission.state == row.target  # type: ignore[attr-defined]
        else:
            with pytest.raises(TransitionNotAllowed):
                step()


def test_rules_speak_of_states_in_which_the_step_is_possible() -> None:
    steps = {
        "withdraw": ["withdraw"],
        "submit": ["submit"],
        "decide": ["begin_trial", "pass_to_experts", "return_to_author", "reject"],
        "end_trial": ["pass_to_experts", "return_to_author"],
        "review": ["publish", "reject", "return_to_author"],
        "send_back": ["return_to_author"],
        "share": ["share"],
        "retire": ["retire"],
    }
    for action, names in steps.items():
        for states in POLICY[action]:
            assert all(set(states) <= set(ROWS[name].sources) for name in names)


# --- nobody writes a state by hand ----------------------------------------------------------------------------------


def sources() -> Iterator[Path]:
    for wing in ("cms", "workflows", "search", "fixtures", "benchmarks"):
        for path in (ROOT / wing).rglob("*.py"):
            if "migrations" not in path.parts and path.name != "errors.py":  # an error says in which state it found it
                yield path


def writes_state(tree: ast.AST) -> Iterator[int]:
    """Lines on which something named `submission` gets a state, or a queryset of submissions is updated with one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr == "state":
                    yield node.lineno
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "update" and any(keyword.arg == "state" for keyword in node.keywords):
                owner = ast.unparse(node.func)
                if "objects" in owner or "submission" in owner.lower():
                    yield node.lineno
            if name == "setattr" and len(node.args) > 1 and getattr(node.args[1], "value", "") == "state":
                yield node.lineno


def test_no_code_writes_a_state_by_hand() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}" for path in sources() for line in writes_state(ast.parse(path.read_text()))
    ]
    assert found == []


def test_no_sql_writes_a_state() -> None:
    pattern = re.compile(r"UPDATE\s+.{0,20}review_submission", re.IGNORECASE)
    assert [str(path) for path in sources() if pattern.search(path.read_text())] == []


def test_search_for_hand_written_states_finds_them() -> None:
    code = 'submission.state = "x"\nSubmission.objects.filter(pk=1).update(state="x")\nsetattr(s, "state", 1)'
    assert sorted(writes_state(ast.parse(code))) == [1, 2, 3]


@pytest.mark.django_db
def test_state_written_by_hand_is_refused() -> None:
    with pytest.raises(StateWrittenByHand):
        Submission.objects.update(state=State.PUBLISHED)
    with pytest.raises(StateWrittenByHand):
        Submission.objects.bulk_update([], ["state"])
    with pytest.raises(StateWrittenByHand):
        Submission.objects.bulk_create([Submission()])
    with pytest.raises(StateWrittenByHand):
        Submission(state=State.PUBLISHED).save()
    with pytest.raises(AttributeError):
        Submission().state = State.PUBLISHED
