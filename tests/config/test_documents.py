"""What the documents say can be read, and done as it is said."""

import csv
import re
import subprocess
from pathlib import Path
from pkgutil import resolve_name

import pytest
from django.core.management import get_commands

from fixtures.opening.listing import HEADINGS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path.relative_to(ROOT)
    for pattern in ("*.md", "*/*.md", "*/*/README.md", "compose.yaml")
    for path in ROOT.glob(pattern)
    if not path.relative_to(ROOT).parts[0].startswith(".")
)
COLUMN = re.compile(r"(?<!\\)\|")


def tables(text: str) -> list[list[str]]:
    """The lines that stand together and begin with a bar."""
    blocks = re.split(r"\n(?!\|)", text)
    return [rows for rows in ([line for line in block.split("\n") if line.startswith("|")] for block in blocks) if rows]


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_row_stands_in_a_table_of_its_width(document: Path) -> None:
    """Behind an empty line it would be shown as a line of bars."""
    for rows in tables((ROOT / document).read_text(encoding="utf-8")):
        assert len(rows) > 2, rows
        assert re.fullmatch(r"\|( *:?-+:? *\|)+", rows[1]), rows[:2]
        assert {len(COLUMN.findall(row)) for row in rows} == {len(COLUMN.findall(rows[0]))}, rows[0]


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_whoever_starts_elasticsearch_with_docker_waits_until_it_answers(document: Path) -> None:
    """A second start of the demo is there in seconds, long before a node is."""
    told = re.findall(r"docker compose up[^`\n]*", (ROOT / document).read_text(encoding="utf-8"))
    assert all(command.startswith("docker compose up -d --wait") for command in told), told


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_command_that_is_named_is_there(document: Path) -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", (ROOT / document).read_text(encoding="utf-8")))
    assert named <= set(get_commands())


def test_every_name_in_the_path_of_data_is_there() -> None:
    """A room's name stands without its wing: `spaces.delivering.deliver`."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    _before, _heading, path = text.partition("## The path of data")
    (rows, *_later) = tables(path)
    named = [name for row in rows for name in re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", row)]
    assert "search.push.settling" in named
    assert [name for name in named if not any(is_there(wing + name) for wing in ("", "cms.", "workflows."))] == []


def is_there(name: str) -> bool:
    """A module, or what stands in one."""
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def test_list_of_organisations_is_described_with_the_columns_that_are_read() -> None:
    headings = ",".join(names[0] for names in HEADINGS.values())
    assert f"`{headings}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_docker_can_tell_when_elasticsearch_answers() -> None:
    assert "healthcheck:" in (ROOT / "compose.yaml").read_text(encoding="utf-8")


def test_every_requirement_that_is_cited_is_explained() -> None:
    """By its number: S1, S69 to S77, S21–S23."""
    cited: set[int] = set()
    for wing in ("cms", "workflows", "search", "theme", "fixtures", "tests"):
        for path in (ROOT / wing).rglob("*"):
            if path.suffix in (".py", ".toml", ".html"):
                text = re.sub(r"noqa:.*", "", path.read_text(encoding="utf-8"))
                for first, last in re.findall(r"\bS(\d+)\b(?:(?: to |–)S(\d+)\b)?", text):
                    cited |= set(range(int(first), int(last or first) + 1))
    explained = re.findall(r"^\| S(\d+) \|", (ROOT / "docs/requirements.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(cited) > 20
    assert sorted(cited) == [int(number) for number in explained]


def test_lists_of_the_curriculum_have_as_many_rows_as_is_said() -> None:
    folder = ROOT / "fixtures" / "taxonomy"
    said = re.findall(
        r"^\| (\S*chapters.*?|\S+\.csv) \| ([\d,]+) \|", (folder / "README.md").read_text("utf-8"), re.MULTILINE
    )
    for names, number in said:
        whole = re.sub(r"(?<= )-", "chapters-", names).split(", ")
        rows = 0
        for name in whole:
            with (folder / name).open(encoding="utf-8", newline="") as file:
                rows += sum(1 for _row in csv.DictReader(file))
        assert rows == int(number.replace(",", "")), names
    assert len(said) > 8


def test_help_of_the_tests_names_what_can_be_set() -> None:
    told = subprocess.run([ROOT / "bin/test", "--help"], capture_output=True, text=True, check=True).stdout
    assert all(name in told for name in ("--quick", "REQUIRE_SERVICES", "TEST_PROCESSES", "SCREENSHOTS"))
    assert "set -uo" not in told


def test_pictures_of_the_documents_are_shown() -> None:
    shown = set(re.findall(r"\]\((docs/[\w.-]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {str(path.relative_to(ROOT)) for path in (ROOT / "docs").iterdir()} <= shown
