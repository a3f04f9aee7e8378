"""Compile the translations, or check them. Needs polib, not GNU gettext.

python bin/support/messages.py           writes every .mo that is older than its .po
python bin/support/messages.py --check   says what is wrong with a catalogue, and ends with 1
"""

import re
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogues() -> list[Path]:
    return sorted([*ROOT.glob("locale/*/LC_MESSAGES/*.po"), *ROOT.glob("locale_wagtail/*/LC_MESSAGES/*.po")])


def compile_all() -> int:
    """Every .mo is as new as its .po; returns how many were written."""
    written = 0
    for source in catalogues():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(source).save_as_mofile(target)
            written += 1
    return written


def problems(source: Path) -> list[str]:
    """What a reader of this catalogue would stumble over: unfinished entries, lost placeholders."""
    found = []
    for entry in polib.pofile(source, check_for_duplicates=True):
        if entry.obsolete:
            continue
        where = f"{source.relative_to(ROOT)}:{entry.linenum}"
        if entry.fuzzy:
            found.append(f"{where} fuzzy: {entry.msgid!r}")
        answers = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if not all(answers):
            found.append(f"{where} not translated: {entry.msgid!r}")
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        for answer in answers:
            if answer and not set(PLACEHOLDER.findall(answer)) <= wanted:
                found.append(f"{where} placeholder that the text does not have: {answer!r}")
    return found


def check() -> int:
    found = [problem for source in catalogues() for problem in problems(source)]
    for problem in found:
        print(problem)
    print(f"{len(catalogues())} catalogues, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(check())
    print(f"{compile_all()} catalogues compiled")
