"""The chain as a picture (mermaid) and a table, made from `workflows.review.table`. Pure."""

from collections.abc import Sequence

from workflows.review.enums import State
from workflows.review.table import TABLE, Row

BEGIN = "<!-- drawn by manage.py draw_workflow: begin -->"
END = "<!-- drawn by manage.py draw_workflow: end -->"


def drawn(rows: Sequence[Row] = TABLE) -> str:
    """Everything between the marks of workflows/README.md."""
    return f"{BEGIN}\n{diagram(rows)}\n\n{listing(rows)}\n{END}"


def diagram(rows: Sequence[Row] = TABLE) -> str:
    """A state diagram; states in which nothing leads on lead to the end."""
    used = [state for state in State if any(state in (*row.sources, row.target) for row in rows)]
    lines = ["```mermaid", "stateDiagram-v2", "    direction TB"]
    lines += [f'    state "{state.label}" as {state.value}' for state in used]
    lines.append(f"    [*] --> {State.DRAFT.value}")
    lines += [
        f"    {source.value} --> {row.target.value}: {row.name}（{row.meaning}）"
        for row in rows
        for source in row.sources
    ]
    ends = [state for state in used if not any(state in row.sources for row in rows)]
    lines += [f"    {state.value} --> [*]" for state in ends]
    return "\n".join([*lines, "```"])


def listing(rows: Sequence[Row] = TABLE) -> str:
    """The table, a line a transition."""
    lines = ["| 步骤 | 从 | 到 | 谁 | 含义 |", "|---|---|---|---|---|"]
    for row in rows:
        sources = "、".join(str(source.label) for source in row.sources)
        lines.append(f"| `{row.name}` | {sources} | {row.target.label} | {row.who} | {row.meaning} |")
    return "\n".join(lines)


def put_into(text: str, rows: Sequence[Row] = TABLE) -> str:
    """The document with what stands between the marks replaced. Raises ValueError when it has no marks."""
    if BEGIN not in text or END not in text:
        raise ValueError("no marks to draw between")
    before, rest = text.split(BEGIN, 1)
    return before + drawn(rows) + rest.split(END, 1)[1]
