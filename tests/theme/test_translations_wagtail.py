"""Nothing an editor meets in the admin stays English: our catalogues answer what Wagtail's leave open."""

import importlib.util
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import polib
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "locale_wagtail"
DOMAINS = ("django", "djangojs")
SAME_IN_CHINESE = {"Wagtail API v3"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*\}")
TAG = re.compile(r"<[^>]+>")


def load_missing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("locale_wagtail_missing", FOLDER / "missing.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answers(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.fixture(params=DOMAINS)
def catalogue(request: pytest.FixtureRequest) -> polib.POFile:
    path = FOLDER / "zh_Hans" / "LC_MESSAGES" / f"{request.param}.po"
    return polib.pofile(path, check_for_duplicates=True)


@pytest.mark.parametrize("domain", DOMAINS)
def test_nothing_is_missing(domain: str) -> None:
    missing = load_missing()
    assert missing.wanted(domain), "no catalogue was found to compare with"
    assert [entry.msgid for entry in missing.missing(domain)] == [], "run: python locale_wagtail/missing.py --update"


def test_every_entry_has_an_answer_of_its_own(catalogue: polib.POFile) -> None:
    empty = [entry.msgid for entry in catalogue if not entry.translated()]
    english = [
        entry.msgid for entry in catalogue if entry.msgid in answers(entry) and entry.msgid not in SAME_IN_CHINESE
    ]
    assert (empty, english) == ([], [])


@pytest.mark.parametrize("pattern", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_what_code_fills_in_is_unchanged(catalogue: polib.POFile, pattern: re.Pattern[str]) -> None:
    """One Chinese form stands for singular and plural, so it has to hold what the plural holds."""
    wrong = [
        answer
        for entry in catalogue
        for answer in answers(entry)
        if Counter(pattern.findall(answer)) != Counter(pattern.findall(entry.msgid_plural or entry.msgid))
    ]
    assert wrong == []


def test_plurals_have_one_form(catalogue: polib.POFile) -> None:
    assert catalogue.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert [entry.msgid for entry in catalogue if entry.msgid_plural and set(entry.msgstr_plural) != {0}] == []
